"""What a printed table is, and the words that several share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.inputs import Inputs
from reports.names import DEFAULT, at_length, cell_name, variant_name
from reports.numbers import significant, with_interval
from reports.sentences.words import capital
from reports.statistics import Spread

NOTHING = "–"
SIMPLE = "Simple predictors"  # heading of their rows below those of cells


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


def by_cell(models: Sequence[tuple[str, str]]) -> tuple[list[str], tuple[tuple[int, str], ...]]:
    """Return what models are called as rows of a table, and the headings that part cells; none over defaults alone."""
    if all(variant == DEFAULT for _, variant in models):
        return [cell_name(cell) for cell, _ in models], ()
    first = {cell: i for i, (cell, _) in reversed(list(enumerate(models)))}
    headings = tuple((i, capital(cell_name(cell))) for cell, i in sorted(first.items(), key=lambda item: item[1]))
    return [variant_name(*model) for model in models], headings


def frozen(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return rows that cannot change any more."""
    return tuple(tuple(row) for row in rows)
