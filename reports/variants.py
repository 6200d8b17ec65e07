"""Which variants of a cell stand together in a chart or a table, and at which length of a task they are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.inputs import Inputs
from reports.names import DEFAULT, variant_group
from rnn.variants import VARIANTS

# The charts of the chapters on gradients and scores, by the groups that each holds. What changes only the training, the
# size or the gain has chapters of its own, and is in the tables here.
ACTIVATIONS, MATRICES, BIASES = "activations", "matrices", "biases"
CHARTS = {ACTIVATIONS: ("non-linearity",), MATRICES: ("recurrent matrix", "gates"), BIASES: ("gate bias",)}


@dataclass(frozen=True)
class Block:
    """Variants of one cell that were trained side by side on a task at a length, the default first where it was."""

    task: str
    length: int
    variants: tuple[str, ...]


def charted(inputs: Inputs, cell: str, chart: str) -> list[str]:
    """Return the variants of a chart, the default among them; none where the cell has only that.

    Gate biases stand in their order, so that a darker shade is a lower bias.
    """
    found = [v for v in inputs.variants(cell) if v == DEFAULT or variant_group(v) in CHARTS[chart]]
    return [] if found == [DEFAULT] else sorted(found, key=_bias)


def charts(inputs: Inputs, chart: str) -> list[str]:
    """Return the cells that have a chart."""
    return [cell for cell in inputs.cells if charted(inputs, cell, chart)]


def tasks_with(inputs: Inputs, cell: str, variants: Sequence[str]) -> list[str]:
    """Return the tasks on which one of some variants was trained, the default not counted."""
    return [task for task in inputs.tasks if any(inputs.trained_at(task, cell, v) for v in variants if v != DEFAULT)]


def compared_at(inputs: Inputs, task: str, cell: str, variants: Sequence[str]) -> int:
    """Return the length at which most of some variants were trained on a task, of several such the greatest."""
    counts = {
        length: sum(length in inputs.trained_at(task, cell, variant) for variant in variants)
        for length in inputs.lengths(task)
    }
    return max(counts, key=lambda length: (counts[length], length))


def blocks(inputs: Inputs, cell: str, variants: Sequence[str]) -> list[Block]:
    """Return where some variants of a cell can be compared: every one at the greatest length that it was trained at."""
    found = []
    for task in tasks_with(inputs, cell, variants):
        trained = {v: lengths for v in variants if (lengths := inputs.trained_at(task, cell, v))}
        others = [v for v in trained if v != DEFAULT]
        lengths = {compared_at(inputs, task, cell, others), *(trained[v][-1] for v in others)}
        found += [Block(task, n, tuple(v for v in trained if n in trained[v])) for n in sorted(lengths)]
    return found


def followed(inputs: Inputs, task: str, cell: str, variants: Sequence[str]) -> list[str]:
    """Return those of some variants that were trained at every length of a task; none where it has only one."""
    if len(inputs.lengths(task)) < 2:
        return []
    found = [variant for variant in variants if inputs.at_every_length(task, cell, variant)]
    return [] if found == [DEFAULT] else found


def _bias(variant: str) -> tuple[bool, float]:
    known = VARIANTS.get(variant, VARIANTS[DEFAULT])
    return known.chrono, known.gate_bias
