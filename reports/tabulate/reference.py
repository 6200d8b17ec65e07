"""The table of the reference cases."""

from __future__ import annotations

import math
import re

from reports.inputs import Inputs
from reports.numbers import significant
from reports.sentences.words import origin
from reports.tabulate.tabulation import Tabulation, frozen

DIGITS = 7


def cases(inputs: Inputs) -> Tabulation | None:
    """Tabulate every case with what is known and what was measured; None where there is none."""
    rows = inputs.reference
    if rows.empty:
        return None
    rows = rows.iloc[sorted(range(len(rows)), key=lambda i: (_number(rows.case.iloc[i]), rows.statement.iloc[i]))]
    return Tabulation(
        name="reference-cases",
        caption="Reference cases: values that are published or follow exactly, what the library of this report "
        "measures for them, and the difference that is allowed.",
        header=("case", "statement [source]", "expected", "measured", "allowed", "met"),
        rows=frozen(
            [
                [
                    row.case,
                    f"{row.statement} [{row.source}]",
                    _value(row.expected),
                    _value(row.measured),
                    significant(row.tolerance, 2),
                    "yes" if row.ok else "no",
                ]
                for row in rows.itertuples()
            ]
        ),
        provenance=origin(inputs, "reference", 0),
        n_labels=2,
    )


def _value(value: float) -> str:
    """Return a number with many digits, but none behind those of a whole number."""
    whole = math.isfinite(value) and value == round(value) and abs(value) < 1e6
    return significant(value, max(1, len(str(abs(round(value)))))) if whole else significant(value, DIGITS)


def _number(case: str) -> tuple[int, str]:
    """Return what sorts A2 before A10."""
    found = re.search(r"\d+", case)
    return (int(found[0]) if found else 0), case
