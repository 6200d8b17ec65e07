"""What the scripts measured as tables that a person reads."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from benchmarks.comparison import CLAIM as TRAINING

CELLS = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}
SYMBOLS = {"hidden": "H", "steps": "T", "seeds": "S", "inputs": "D", "batch": "B"}
SIZE = ["cell", *SYMBOLS, "at"]


def number(value: Any, digits: int = 3) -> str:
    """Return three significant digits, nothing for a missing value."""
    if pd.isna(value):
        return ""
    return f"{value:.{digits}g}" if abs(value) < 1000 else f"{value:.0f}"


def size_of(row: Any) -> str:
    """Return the sizes of a row, without its cell, and where it stands (a loss, or a job of the pipeline)."""
    sizes = [f"{symbol} {int(getattr(row, name))}" for name, symbol in SYMBOLS.items() if pd.notna(getattr(row, name))]
    return ", ".join(sizes + ([] if row.at in ("", "last") else [row.at]))


def spread(row: Any) -> str:
    """Return a value with its extremes over the rounds."""
    low, high = number(row.low), number(row.high)
    return number(row.value) + (f" ({low}–{high})" if low else "")


def markdown(header: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    """Return a table."""
    header = list(header)
    rows = [header, ["---"] * len(header), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def training_table(rows: pd.DataFrame) -> str:
    """Return milliseconds of ours and ratios of all engines, one line a setting."""
    rows = rows[rows.claim == TRAINING]
    engines = [name for name in dict.fromkeys(rows.engine) if name not in ("ours", "torch.nn")]
    header = ["cell", "setting", "ours, ms", "ours", "target", *engines, "ours / best peer"]
    lines = []
    for _, of in rows.groupby(SIZE, sort=False):
        found = {(row.quantity, row.engine): row for row in of.itertuples()}
        first, ours = next(of.itertuples()), found["times torch.nn", "ours"]
        target = "" if pd.isna(ours.target) else f"{number(ours.target)} {ours.verdict}"
        peers = [spread(found["times torch.nn", name]) for name in engines]
        best, ms = found["times the best peer", "ours"], number(found["CPU time", "ours"].value)
        lines.append([CELLS[first.cell], size_of(first), ms, spread(ours), target, *peers, spread(best)])
    return markdown(header, lines)


def plain_table(rows: pd.DataFrame) -> str:
    """Return one line a number."""
    lines = [
        [
            " ".join(filter(None, (CELLS.get(row.cell, row.cell), size_of(row), row.engine))),
            row.quantity,
            f"{spread(row)} {row.unit}".strip(),
            "" if pd.isna(row.target) else f"{'at most ' if row.at_most else ''}{number(row.target)}: {row.verdict}",
        ]
        for row in rows.itertuples()
    ]
    return markdown(["", "quantity", "value", "target"], lines)


def short_table(rows: pd.DataFrame) -> str:
    """Return what the README quotes: one line a cell."""

    def pick(quantity: str, form: str, **size: Any) -> str:
        found = rows[(rows.quantity == quantity) & (rows.engine.isin(("", "ours")))]
        for name, value in size.items():
            found = found[found[name] == value]
        return format(found.value.min(), form) if len(found) else "–"  # the least where several are meant

    base = {"hidden": 64, "seeds": 5, "inputs": 2, "batch": 32}
    lines = []
    for cell, name in CELLS.items():
        ratios = [pick("times torch.nn", ".1f", cell=cell, steps=steps, **base) for steps in (50, 200, 1000)]
        large = pick("times torch.nn", ".1f", cell=cell, hidden=128, batch=64)
        least = pick("times the best peer", ".1f", cell=cell)
        share = pick("share of the limit", ".0%", cell=cell)
        lines.append([name, *ratios, large, least, share, pick("peak / minimum", ".1f", cell=cell)])
    header = ["", "T = 50", "T = 200", "T = 1000", "H = 128, T = 100", "least, best peer", "least share", "memory"]
    return markdown(header, lines)
