"""From which steps the weight gradient comes, and how much of it cancels."""

from __future__ import annotations

from reports.factors import half_from
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, PHASE_NAMES
from reports.numbers import listed, significant, whole
from reports.sentences.words import on_task, the, when
from reports.summaries import rate


def half(inputs: Inputs, task: str) -> str:
    """Say how many last steps give half of the weight gradient's parts, in each cell and phase."""
    parts = []
    for phase in PHASE_NAMES:
        found = {}
        for cell in inputs.cells:
            s = half_from(inputs, Setting(task, cell, DEFAULT, inputs.longest(task)), phase)
            if s is not None:
                found[cell] = s.median
        if found:
            steps = listed(
                [
                    f"the last {whole(n)} in {the(cell)}" if n > 1 else f"the very last in {the(cell)}"
                    for cell, n in found.items()
                ]
            )
            parts.append(f"{when(phase)} {steps}")
    return f"Of {inputs.longest(task)} steps, half comes from {'; '.join(parts)}." if parts else ""


def cancellation(inputs: Inputs, task: str) -> str:
    """Say what the shares come to without their signs."""
    parts = []
    for phase in PHASE_NAMES:
        found = {}
        for cell in inputs.cells:
            s = rate(inputs, Setting(task, cell, DEFAULT, inputs.longest(task)), phase, "cancellation")
            if s is not None:
                found[cell] = s.median
        if found:
            sums = listed([f"{significant(value)} in {the(cell)}" for cell, value in found.items()])
            parts.append(f"{when(phase)}, {sums}")
    if not parts:
        return ""
    return (
        f"On {on_task(task, inputs.longest(task))} the sum of the absolute shares is, {'; '.join(parts)}; 1 means that "
        "nothing cancels."
    )
