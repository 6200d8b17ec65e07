"""Made-up doses: runs of a cell's default copied under the name of a variant, with what a dose came to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.reports.synthetic import Synthetic

GAINS = ("gain-0-5", "gain-0-9", "default", "gain-1-2", "gain-1-5")
BIASES = ("bias-minus-2", "bias-0", "default", "bias-2", "bias-4")


def give(made: Synthetic, task: str, length: int, cell: str, variants: Sequence[str], **columns: Sequence[Any]) -> None:
    """Add the variants that a cell has not yet on one task and length, and set columns of all, in their order.

    Parameters
    ----------
    columns
        By name of a column of ``runs``, or of ``rates`` before training, one value a variant.
    """
    where = {"task": task, "cell": cell, "length": length}
    for variant in variants:
        if not made.rows("runs", **where, variant=variant):
            _copy(made, where, variant)
    for name, values in columns.items():
        for variant, value in zip(variants, values, strict=True):
            if name in made.columns["runs"]:
                made.put("runs", name, value, **where, variant=variant)
            else:
                made.put("rates", name, value, **where, variant=variant, phase="init")


def _copy(made: Synthetic, where: dict[str, Any], variant: str) -> None:
    for table, columns in made.columns.items():
        if "variant" not in columns:
            continue
        for i in made.rows(table, **where, variant="default"):
            for name, column in columns.items():
                value = column[i]
                if name == "variant":
                    value = variant
                elif name == "key":
                    value = value.replace("/default/", f"/{variant}/")
                column.append(value)
