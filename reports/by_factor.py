"""The chapter on the formula's factors: which figures, tables and sentences it has."""

from __future__ import annotations

from collections.abc import Sequence

from reports.figures import contribution as contribution_figures
from reports.figures import horizon as horizon_figures
from reports.figures import jacobian as jacobian_figures
from reports.figures import spectrum as spectrum_figures
from reports.figures import transient as transient_figures
from reports.figures.figure import Figure
from reports.inputs import Inputs
from reports.names import PHASE_NAMES
from reports.sentences import contribution, factors, gates, horizon, reference, spectrum
from reports.tabulate import Tabulation
from reports.tabulate import factors as factor_tables
from reports.tabulate import horizon as horizon_tables
from reports.tabulate import reference as reference_tables


def figures(inputs: Inputs) -> dict[str, Sequence[Figure | None]]:
    """Return the chapter's figures by section."""
    task = _example(inputs)
    return {
        "linear": [jacobian_figures.linear(inputs, task)],
        "stretch": [jacobian_figures.stretch(inputs, task), transient_figures.of_linear(inputs, task)],
        "spectrum": [spectrum_figures.by_cell(inputs, task)],
        "contributions": [contribution_figures.by_cell(inputs, task)],
        "horizon_steps": [horizon_figures.over_training(inputs)],
    }


def tables(inputs: Inputs) -> dict[str, Sequence[Tabulation | None]]:
    """Return the chapter's tables by section, and that of the reference cases."""
    task = _example(inputs)
    return {
        "two_factors": [factor_tables.two_factors(inputs, task)],
        "gate_paths": [factor_tables.gate_paths(inputs, task)],
        "horizon_sensitivity": [horizon_tables.sensitivity(inputs, task)],
        "reference": [reference_tables.cases(inputs)],
    }


def sentences(inputs: Inputs) -> dict[str, list[str]]:
    """Return the chapter's findings by their place; a part without any is left out of the text."""
    task = _example(inputs)
    return {
        "two_factors": [*factors.phases(inputs, task), factors.exact(inputs)],
        "beside_exponent": [factors.beside_exponent(inputs, task, phase) for phase in PHASE_NAMES],
        "not_the_gradient": factors.not_the_gradient(inputs, task),
        "spectrum": [spectrum.means(inputs, task), spectrum.exact(inputs)],
        "contributions": [contribution.cancellation(inputs, task)],
        "gate_paths": gates.phases(inputs, task),
        "horizon_sensitivity": [horizon.crossings(inputs, task), horizon.order(inputs, task)],
        "reference": [reference.own(inputs), reference.agreement(inputs)],
    }


def _example(inputs: Inputs) -> str:
    return inputs.example(inputs.tasks)
