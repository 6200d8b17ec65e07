"""The chapter on phase diagrams: which figures, tables and sentences it has."""

from __future__ import annotations

from collections.abc import Sequence

from reports import diagram
from reports.figures import phase as phase_figures
from reports.figures.figure import Figure
from reports.inputs import Inputs
from reports.sentences import phase
from reports.tabulate import Tabulation
from reports.tabulate import phase as phase_tables


def figures(inputs: Inputs) -> dict[str, Sequence[Figure | None]]:
    """Return the chapter's figures by section."""
    return {
        "phase_map": [phase_figures.by_gain(inputs)],
        "phase_exponents": [phase_figures.exponents(inputs)],
        "phase_gates": [phase_figures.by_bias(inputs)],
    }


def tables(inputs: Inputs) -> dict[str, Sequence[Tabulation | None]]:
    """Return the chapter's tables by section."""
    return {"phase_theory": [phase_tables.theory(inputs)], "phase_onsets": [phase_tables.onsets(inputs)]}


def sentences(inputs: Inputs) -> dict[str, list[str]]:
    """Return the chapter's findings by their place."""
    largest = diagram.largest(inputs)
    return {
        "phase_map": [phase.furthest(inputs, largest)],
        "phase_boundary": [phase.boundary(inputs, largest), phase.bound(inputs, largest), phase.far(inputs)],
        "phase_noise": [phase.noise_moves(inputs)],
        "phase_theory": [phase.agreement(inputs)],
        "phase_gates": phase.gates(inputs),
    }
