"""What trained networks write when they read their own output: one seed of each cell, as texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT


@dataclass(frozen=True)
class Example:
    """A test sequence with its target and what networks write for it.

    Attributes
    ----------
    source
        The symbols that are read before anything is written; empty where what is read is no text.
    outputs
        By cell.
    """

    sentence: int
    source: str
    target: str
    outputs: dict[str, str]


def median_seed(inputs: Inputs, setting: Setting) -> int:
    """Return the seed whose test score is the median, the lower of two middle ones, the first of equal ones."""
    runs = inputs.runs_of(setting).sort_values(["value", "seed"])
    return int(runs.seed.iloc[(len(runs) - 1) // 2])


def shown_seeds(inputs: Inputs, task: str) -> dict[str, int]:
    """Return the median seed of each cell's default at a task's greatest length, of cells that wrote anything."""
    settings = {cell: Setting(task, cell, DEFAULT, inputs.longest(task)) for cell in inputs.cells}
    return {
        cell: median_seed(inputs, setting)
        for cell, setting in settings.items()
        if len(inputs.decoded_of(setting)) and len(inputs.runs_of(setting))
    }


def examples(inputs: Inputs, task: str) -> list[Example]:
    """Return what the median seeds write for the stored test sequences, in the order of the test set."""
    targets: dict[int, str] = {}
    sources: dict[int, str] = {}
    outputs: dict[int, dict[str, str]] = {}
    for cell, seed in shown_seeds(inputs, task).items():
        setting = Setting(task, cell, DEFAULT, inputs.longest(task))
        rows, read = inputs.decoded_of(setting), inputs.attribution_of(setting)
        read = read[read.seed == seed]
        for sentence, of_sentence in rows[rows.seed == seed].sort_values("position").groupby("sentence"):
            target = of_sentence.target.dropna()
            targets[sentence] = _joined(target)
            sources.setdefault(sentence, source(read[read.sentence == sentence], len(target)))
            outputs.setdefault(sentence, {})[cell] = _joined(of_sentence.output.dropna())
    return [Example(n, sources[n], targets[n], outputs[n]) for n in sorted(targets)]


def source(read: pd.DataFrame, n_target: int) -> str:
    """Return what a network reads before it writes.

    Parameters
    ----------
    read
        The sequence's rows of ``attribution``: what is read first, the sign that it has ended, then the target's
        symbols, each after the step that asks for it.
    """
    tokens = list(read.sort_values("position").token)
    return _joined(tokens[: max(0, len(tokens) - 1 - n_target)])


def _joined(names: Sequence[str]) -> str:
    """Return names of symbols as one text: letters without a space, words with one."""
    return ("" if all(len(name) == 1 for name in names) else " ").join(names)
