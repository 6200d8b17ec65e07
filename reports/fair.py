"""The chapter on a fair comparison: which figures, tables and sentences it has."""

from __future__ import annotations

from collections.abc import Sequence

from reports.figures import survival as survival_figures
from reports.figures.figure import Figure
from reports.inputs import Inputs
from reports.sentences import fair
from reports.tabulate import Tabulation
from reports.tabulate import fair as fair_tables


def figures(inputs: Inputs) -> dict[str, Sequence[Figure | None]]:
    """Return the chapter's figures by section."""
    return {"survival": [survival_figures.curves(inputs)]}


def tables(inputs: Inputs) -> dict[str, Sequence[Tabulation | None]]:
    """Return the chapter's tables by section."""
    return {
        "matched": [fair_tables.matched(inputs)],
        "long_budget": [fair_tables.long_budget(inputs)],
        "survival": [fair_tables.times_to_solve(inputs), fair_tables.log_rank(inputs)],
    }


def sentences(inputs: Inputs) -> dict[str, list[str]]:
    """Return the chapter's findings by their place."""
    return {
        "fair_grid": [fair.grid(inputs)],
        "fair_sizes": [fair.sizes(inputs), fair.costs(inputs)],
        "fair_matched": fair.matched(inputs),
        "fair_long": fair.long_budget(inputs),
        "fair_checks": [fair.checks(inputs)],
        "fair_survival": fair.who_is_sooner(inputs),
    }
