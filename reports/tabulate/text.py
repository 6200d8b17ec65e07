"""The tables of the chapter on real text."""

from __future__ import annotations

from reports.chance import fall_back, mostly_above, n_above
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, axis, axis_title, cell_name
from reports.numbers import percent
from reports.sentences.attribution import even_share_on_sentence, shares_on_sentence
from reports.sentences.distance import fall_back_text
from reports.sentences.words import origin
from reports.summaries import baseline, score
from reports.tabulate.tabulation import NOTHING, SIMPLE, Tabulation, by_cell


def accuracies(inputs: Inputs, task: str) -> Tabulation:
    """Tabulate the accuracy of every model at every distance, and where it falls back to chance."""
    lengths = inputs.lengths(task)
    rows, emphasised = [], []
    models = inputs.models_on(task)
    labels, headings = by_cell(models)
    for i, (cell, variant) in enumerate(models):
        settings = [Setting(task, cell, variant, length) for length in lengths]
        everywhere = inputs.at_every_length(task, cell, variant)
        fallen = fall_back_text(task, fall_back(inputs, task, cell, variant), lengths[-1]) if everywhere else NOTHING
        rows.append((labels[i], *(_median_accuracy(inputs, setting) for setting in settings), fallen))
        emphasised += [(i, j) for j, setting in enumerate(settings, start=1) if mostly_above(inputs, setting)]
    if headings:
        headings = (*headings, (len(rows), SIMPLE))
    card = inputs.card(task)
    for name, errors in zip(
        (card["trivial"], card["classical"]),
        zip(*(baseline(inputs, task, n) for n in lengths), strict=True),
        strict=True,
    ):
        if name is not None:
            rows.append((name, *map(_accuracy, errors), NOTHING))
    return Tabulation(
        name=f"accuracies-{task}",
        caption=f"Test accuracy in per cent by the {axis_title(task)}: median over seeds and, in brackets, how many of "
        "the seeds are above chance; in bold where more than half of them are. The last column says from which "
        "distance on that is no longer so, of models that were trained at every one.",
        header=("model", *(f"{axis(task)} = {length}" for length in lengths), "falls back to chance at"),
        rows=tuple(rows),
        provenance=origin(inputs, "runs", int((inputs.runs.task == task).sum())),
        emphasised=tuple(emphasised),
        headings=headings,
    )


def on_sentence(inputs: Inputs, task: str) -> Tabulation | None:
    """Tabulate which share of the norms falls on the sentence, by cell and distance; None where nothing is stored."""
    found = {length: shares_on_sentence(inputs, task, length) for length in inputs.lengths(task) if length > 0}
    found = {length: shares for length, shares in found.items() if shares}
    if not found:
        return None
    groups = [(cell, above) for cell in inputs.cells for above in (True, False)]
    rows = [
        (
            cell_name(cell),
            "above chance" if above else "at chance",
            *(_share(of_k.get((cell, above))) for of_k in found.values()),
        )
        for cell, above in groups
        if any((cell, above) in of_k for of_k in found.values())
    ]
    even = [percent(even_share_on_sentence(inputs, task, length)) for length in found]
    settings = [Setting(task, cell, DEFAULT, length) for length in found for cell in inputs.cells]
    return Tabulation(
        name=f"on-sentence-{task}",
        caption="How much of the sum of all gradient norms falls on the words of the sentence and not on the filler "
        "behind it, by the number of filler words: median over the stored sentences, then over the seeds above chance, "
        "and over those at chance; in brackets how many seeds these are.",
        header=("cell", "seeds", *(f"{axis(task)} = {length}" for length in found)),
        rows=(*rows, ("if every word mattered the same", "", *even)),
        provenance=origin(inputs, "attribution", sum(len(inputs.runs_of(setting)) for setting in settings)),
        n_labels=2,
    )


def _median_accuracy(inputs: Inputs, setting: Setting) -> str:
    s = score(inputs, setting)
    return NOTHING if s is None else f"{_accuracy(s.value.median)} ({n_above(inputs, setting)}/{s.n})"


def _share(found: tuple[float, int] | None) -> str:
    return NOTHING if found is None else f"{percent(found[0])} ({found[1]})"


def _accuracy(error: float | None) -> str:
    return NOTHING if error is None else f"{100 * (1 - error):.1f}"
