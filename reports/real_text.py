"""The chapter on real text: which figures, tables and sentences it has; all are empty where no text was read."""

from __future__ import annotations

from collections.abc import Sequence

from reports.figures import attribution as attribution_figures
from reports.figures import length as length_figures
from reports.figures.figure import Figure
from reports.inputs import Inputs
from reports.sentences import attribution, characters, disagreement, distance
from reports.tabulate import Tabulation
from reports.tabulate import text as text_tables
from reports.variants import CHARTS, charts

SENTENCES, WHOLE, CHARACTERS = "reviews", "reviews-long", "shakespeare"


def figures(inputs: Inputs) -> dict[str, Sequence[Figure | None]]:
    """Return the chapter's figures by section."""
    found: dict[str, list[Figure | None]] = {
        "text_distance": [],
        "text_characters": [],
        "text_matters_words": [],
        "text_matters_characters": [],
    }
    if SENTENCES in inputs.tasks:
        found["text_distance"] = [
            length_figures.accuracy_by_cell(inputs, SENTENCES),
            *(
                length_figures.accuracy_by_variant(inputs, SENTENCES, cell, chart)
                for chart in CHARTS
                for cell in charts(inputs, chart)
            ),
        ]
        found["text_matters_words"] = [attribution_figures.of_words(inputs, SENTENCES)]
    if CHARACTERS in inputs.tasks:
        longest = inputs.longest(CHARACTERS)
        found["text_characters"] = [length_figures.score_by_cell(inputs, CHARACTERS)]
        found["text_matters_characters"] = [attribution_figures.of_characters(inputs, CHARACTERS, longest)]
    return dict(found)


def tables(inputs: Inputs) -> dict[str, Sequence[Tabulation | None]]:
    """Return the chapter's tables by section."""
    read = SENTENCES in inputs.tasks
    return {
        "text_distance": [text_tables.accuracies(inputs, SENTENCES)] if read else [],
        "text_matters": [text_tables.on_sentence(inputs, SENTENCES)] if read else [],
    }


def in_short(inputs: Inputs) -> str:
    """Return what the summary says of real text; empty where no sentences were read."""
    return distance.in_short(inputs, SENTENCES) if SENTENCES in inputs.tasks else ""


def sentences(inputs: Inputs) -> dict[str, list[str]]:
    """Return the chapter's findings by their place; a part without any is left out of the text."""
    found: dict[str, list[str]] = {
        name: []
        for name in ("text_distance", "text_least", "text_limit", "text_whole", "text_characters", "text_evidence")
    }
    if SENTENCES in inputs.tasks:
        found["text_distance"] = [
            distance.nearest(inputs, SENTENCES),
            distance.against_classical(inputs, SENTENCES, inputs.lengths(SENTENCES)[0]),
            distance.falls_back(inputs, SENTENCES),
            disagreement.seeds_disagree(inputs, SENTENCES),
            distance.training_at_chance(inputs, SENTENCES),
        ]
        found["text_least"] = [distance.least(inputs, SENTENCES)]
        found["text_limit"] = [distance.limit(inputs, SENTENCES)]
        found["text_evidence"] = [attribution.on_evidence(inputs, SENTENCES)]
    if WHOLE in inputs.tasks:
        found["text_whole"] = [
            distance.longer_reviews(inputs, WHOLE),
            distance.against_classical(inputs, WHOLE, inputs.longest(WHOLE)),
        ]
    if CHARACTERS in inputs.tasks:
        found["text_characters"] = [
            characters.bits(inputs, CHARACTERS),
            characters.read_in_training(inputs, CHARACTERS),
        ]
    return found
