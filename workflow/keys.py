"""Names of stacks and runs: the one formatter and parser of keys, and where each result lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SEPARATOR = "/"
TUNING_SEEDS_START = 1000  # above every study seed, so that no rate is chosen on a seed that is reported


@dataclass(frozen=True, order=True)
class Stack:
    """All seeds of one (task, cell, variant, length): what one training job holds."""

    task: str
    cell: str
    variant: str
    length: int

    def __str__(self) -> str:
        return SEPARATOR.join((self.task, self.cell, self.variant, str(self.length)))

    @classmethod
    def parse(cls, text: str) -> Stack:
        """Read what ``str`` wrote; ValueError if it is anything else."""
        *names, length = text.split(SEPARATOR)
        if len(names) != 3 or not all(names):
            raise ValueError(f"{text!r} is not <task>/<cell>/<variant>/<length>.")
        return cls(*names, _whole(length, text))


@dataclass(frozen=True, order=True)
class Key:
    """One trained run; tables are sorted by it, lengths and seeds as numbers."""

    task: str
    cell: str
    variant: str
    length: int
    seed: int

    def __str__(self) -> str:
        return f"{self.stack}{SEPARATOR}{self.seed}"

    @property
    def stack(self) -> Stack:
        """The stack that the run belongs to."""
        return Stack(self.task, self.cell, self.variant, self.length)

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read what ``str`` wrote; ValueError if it is anything else."""
        stack, _, seed = text.rpartition(SEPARATOR)
        parent = Stack.parse(stack)
        return cls(parent.task, parent.cell, parent.variant, parent.length, _whole(seed, text))


def data_file(results: Path, task: str, length: int) -> Path:
    """Where prepared data lie."""
    return results / "data" / task / f"{length}.npz"


def tuning_file(results: Path, stack: Stack) -> Path:
    """Where a chosen learning rate and the scores of the grid lie."""
    return results / "tuning" / stack.task / stack.cell / stack.variant / f"{stack.length}.json"


def job_file(results: Path, stack: Stack) -> Path:
    """Where a stack's results lie."""
    return results / "jobs" / stack.task / stack.cell / stack.variant / f"{stack.length}.npz"


def initial_file(results: Path, stack: Stack) -> Path:
    """Where the measurements of a stack's untrained networks lie."""
    return results / "initial" / stack.task / stack.cell / stack.variant / f"{stack.length}.npz"


def facts_file(results: Path, table: str) -> Path:
    """Where it lies what a table was measured by that no task's jobs measure."""
    return results / f"{table}.json"


def _whole(digits: str, text: str) -> int:
    # int() also takes "+1", " 1" and "1_0": not one canonical form
    if not digits.isdecimal() or str(int(digits)) != digits:
        raise ValueError(f"{digits!r} in {text!r} is not a whole number.")
    return int(digits)
