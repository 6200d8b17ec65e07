"""The chapter on the cliff: which figures, tables and sentences it has. It needs no results."""

from __future__ import annotations

from collections.abc import Sequence

from reports.figures import cliff as cliff_figures
from reports.figures.figure import Figure
from reports.sentences import cliff
from reports.tabulate import Tabulation
from reports.tabulate import cliff as cliff_tables


def figures() -> dict[str, Sequence[Figure]]:
    """Return the chapter's figures by section."""
    return {"cliff_cut": [cliff_figures.cut()], "cliff_map": [cliff_figures.surface_map()]}


def tables() -> dict[str, Sequence[Tabulation]]:
    """Return the chapter's tables by section."""
    return {"cliff_thresholds": [cliff_tables.thresholds()]}


def sentences() -> dict[str, list[str]]:
    """Return the chapter's findings by their place."""
    return {
        "cliff_where": [cliff.jump(), cliff.why()],
        "cliff_ends": [cliff.ends()],
        "cliff_paths": [cliff.thrown(), cliff.held()],
        "cliff_starts": [cliff.thin(), cliff.starts(), cliff.threshold()],
    }
