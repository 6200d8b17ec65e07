"""The chapter on the causal test: which figures, tables and sentences it has; all empty where no doses were given."""

from __future__ import annotations

from collections.abc import Sequence

from reports import dose_response
from reports.dose_response import BIAS, GAIN
from reports.figures import dose as dose_figures
from reports.figures.figure import Figure
from reports.inputs import Inputs
from reports.sentences import dose
from reports.tabulate import Tabulation
from reports.tabulate import dose as dose_tables


def figures(inputs: Inputs) -> dict[str, Sequence[Figure | None]]:
    """Return the chapter's figures by section."""
    return {
        "dose_horizons": [dose_figures.horizon_set(inputs, knob) for knob in (GAIN, BIAS)],
        "dose_response": [dose_figures.response(inputs)],
    }


def tables(inputs: Inputs) -> dict[str, Sequence[Tabulation | None]]:
    """Return the chapter's tables by section."""
    return {
        "dose_levels": [dose_tables.levels(inputs, cell) for cell in dose_response.cells(inputs)],
        "dose_correlations": [dose_tables.correlations(inputs)],
    }


def sentences(inputs: Inputs) -> dict[str, list[str]]:
    """Return the chapter's findings by their place."""
    cells = dose_response.cells(inputs)
    return {
        "dose_horizons": [dose.horizon_set(inputs, cell) for cell in cells],
        "dose_besides": [dose.set_besides(inputs)],
        "dose_summary": [dose.summary(inputs)],
        "dose_response": [dose.response(inputs, cell) for cell in cells],
        "dose_required": [dose.at_required_lag(inputs, cell) for cell in cells],
        "dose_lengthened": [dose.lengthened(inputs)],
        "dose_verdicts": [dose.verdicts(inputs)],
    }
