"""Remedies for a made-up study: at first each is its cell's default under another name, so that nothing differs."""

from __future__ import annotations

from collections.abc import Sequence

from tests.reports.synthetic import Synthetic, study

CELLS = (("rnn", "default"), ("lstm", "default"), ("gru", "default"))
LENGTHS = {"adding": [20, 40], "order": [20, 50], "reviews": [10, 50]}
REMEDIES = (
    ("rnn", "clip-0"),
    ("rnn", "clip-0-1"),
    ("rnn", "orthogonal"),
    ("lstm", "bias-0"),
    ("lstm", "no-forget"),
    ("lstm", "truncated-20"),
    ("gru", "reset-before"),
)


def with_remedies(seeds: int = 8) -> Synthetic:
    """Return a study of three tasks with every remedy of ``REMEDIES`` at all lengths."""
    made = study(LENGTHS, seeds=seeds, models=CELLS)
    for cell, variant in REMEDIES:
        add(made, cell, variant)
    return made


def add(made: Synthetic, cell: str, variant: str, tasks: Sequence[str] = tuple(LENGTHS)) -> None:
    """Add a variant to a cell, in all tables, with what was measured of the cell's default."""
    for name in ("runs", "curves", "tuning", "gradients", "rates", "horizons", "spectra"):
        columns = made.columns[name]
        for task in tasks:
            for i in made.rows(name, task=task, cell=cell, variant="default"):
                row = {column: values[i] for column, values in columns.items()} | {"variant": variant}
                if "key" in row:
                    row["key"] = row["key"].replace("/default/", f"/{variant}/")
                for column, values in columns.items():
                    values.append(row[column])
