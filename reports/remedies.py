"""The chapter on remedies: which figures, tables and sentences it has."""

from __future__ import annotations

from collections.abc import Sequence

from reports import ablations
from reports.figures import remedies as remedy_figures
from reports.figures import truncation
from reports.figures.figure import Figure
from reports.inputs import Inputs
from reports.sentences import remedies
from reports.tabulate import Tabulation
from reports.tabulate import remedies as remedy_tables


def figures(inputs: Inputs) -> dict[str, Sequence[Figure | None]]:
    """Return the chapter's figures by section."""
    return {
        "remedies_reach": [remedy_figures.reach(inputs)],
        "remedies_learned": [remedy_figures.learned(inputs)],
        "remedies_window": [truncation.by_required_lag(inputs)],
    }


def tables(inputs: Inputs) -> dict[str, Sequence[Tabulation | None]]:
    """Return the chapter's tables by section."""
    return {"remedies": [remedy_tables.beside_default(inputs, task) for task in ablations.tasks(inputs)]}


def sentences(inputs: Inputs) -> dict[str, list[str]]:
    """Return the chapter's findings by their place."""
    return {
        "remedies_trained": [remedies.trained(inputs)],
        "remedies_seen": [remedies.how_seen(inputs)],
        "remedies_clipping_default": [remedies.threshold(inputs), remedies.clipped(inputs)],
        "remedies_clipping_does": [remedies.divergence(inputs), remedies.clipping_reach(inputs)],
        "remedies_window": [remedies.window(inputs)],
        "remedies_reach": [remedies.reach_in_all(inputs)],
        "remedies_learned": [remedies.learned_in_all(inputs)],
        **{f"remedies_{group}": remedies.effects(inputs, group) for group in ablations.GROUPS},
    }
