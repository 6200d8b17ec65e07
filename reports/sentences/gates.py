"""How much of a gated cell's gradient the gates carry by themselves."""

from __future__ import annotations

import math

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, GATES, INIT, PHASE_NAMES, cell_name
from reports.numbers import listed
from reports.sentences.factors import nats
from reports.sentences.words import capital, on_task, the, when
from reports.summaries import rate
from rnn.variants import VARIANTS


def paths(inputs: Inputs, task: str, phase: str) -> str:
    """Say what the path through the gates alone loses a step, and whether the whole gradient loses less."""
    rates, effects = [], {}
    for cell in inputs.cells:
        setting = Setting(task, cell, DEFAULT, inputs.longest(task))
        gates, total = (rate(inputs, setting, phase, column) for column in ("rate_gate_path", "rate_total"))
        if gates is None or total is None:
            continue
        add = total.median > gates.median
        same = nats(total.median - gates.median) == "0"
        effects[cell] = "do not matter" if same else "add to it" if add else "take away from it"
        rates.append(f"{cell_name(cell)}, gates alone {nats(gates.median)}, whole gradient {nats(total.median)}")
    if not rates:
        return ""
    where = f"{capital(when(phase))}, on {on_task(task, inputs.longest(task))}, in nats a step"
    return f"{where}: {'; '.join(rates)}. {_others(effects)}"


def _others(effects: dict[str, str]) -> str:
    """Say what the paths that do not pass through gates alone do in each cell."""
    if len(set(effects.values())) > 1:
        return f"The other paths {listed([f'{effect} in {the(cell)}' for cell, effect in effects.items()])}."
    (effect,) = set(effects.values())
    return f"{'In both the' if len(effects) == 2 else 'The'} other paths {effect}."


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
