"""How much of a gated cell's gradient the gates carry by themselves."""

from __future__ import annotations

import math

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, GATES, INIT, PHASE_NAMES
from reports.numbers import listed
from reports.sentences.factors import nats
from reports.sentences.words import capital, on_task, the, when
from reports.summaries import rate
from rnn.variants import VARIANTS


def paths(inputs: Inputs, task: str, phase: str) -> str:
    """Say what the path through the gates alone loses a step, and whether the whole gradient loses less."""
    parts = []
    for cell in inputs.cells:
        setting = Setting(task, cell, DEFAULT, inputs.longest(task))
        gates, total = (rate(inputs, setting, phase, column) for column in ("rate_gate_path", "rate_total"))
        if gates is None or total is None:
            continue
        add = total.median > gates.median
        same = nats(total.median - gates.median) == "0"
        others = "do not matter" if same else "add to it" if add else "take away from it"
        parts.append(f"{nats(gates.median)} and {nats(total.median)} in {the(cell)}, where the other paths {others}")
    if not parts:
        return ""
    return (
        f"{capital(when(phase))}, on {on_task(task, inputs.longest(task))}, the path through the gates alone and the "
        f"whole gradient change by {listed(parts)} (nats a step)."
    )


def bias_alone(inputs: Inputs) -> str:
    """Say what a gate would pass at its initial bias alone; empty where no cell has such a gate."""
    cells = [cell for cell in inputs.cells if cell in GATES]
    if not cells:
        return ""
    bias = VARIANTS[DEFAULT].gate_bias
    passed = -math.log1p(math.exp(-bias))
    gates = listed([f"the {GATES[cell]} gate of {the(cell)}" for cell in cells])
    return (
        f"At its initial bias of {bias:g} alone, with no input, {gates} would change the path by {nats(passed)} nats a "
        "step."
    )


def phases(inputs: Inputs, task: str) -> list[str]:
    """Return what is said of the paths before and after training."""
    return [paths(inputs, task, INIT), bias_alone(inputs), *(paths(inputs, task, p) for p in PHASE_NAMES if p != INIT)]
