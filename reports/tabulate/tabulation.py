"""What a printed table is, and the words that several share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.inputs import Inputs
from reports.names import at_length
from reports.numbers import significant, with_interval
from reports.statistics import Spread

NOTHING = "–"


@dataclass(frozen=True)
class Tabulation:
    """A table as it is printed.

    Attributes
    ----------
    n_labels
        How many columns, from the left, hold words; the others hold numbers.
    emphasised
        (row, column) of the cells that are set in bold.
    headings
        (row, words): what stands across the table before that row.
    """

    name: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    provenance: str
    n_labels: int = 1
    emphasised: tuple[tuple[int, int], ...] = ()
    headings: tuple[tuple[int, str], ...] = ()


def task_at(task: str, length: int) -> str:
    """Return a task and its length as a row begins with them."""
    return f"{task}, {at_length(task, length)}"


def median_of(s: Spread) -> str:
    """Return a median with its interval, where there is one."""
    return significant(s.median) if s.n == 1 else with_interval(s.median, s.low, s.high)


def and_interval(inputs: Inputs, draws: bool = False) -> str:
    """Return what stands with a median over seeds, or over them and the weight draws before training."""
    n = max(len(inputs.seeds), len(inputs.draws) if draws else 0)
    return " with its interval" if n > 1 else " (one seed: no interval)"


def frozen(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return rows that cannot change any more."""
    return tuple(tuple(row) for row in rows)
