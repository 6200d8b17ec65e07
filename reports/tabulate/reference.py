"""The table of the reference cases."""

from __future__ import annotations

import math
import re

from reports.inputs import Inputs
from reports.numbers import significant
from reports.sentences.words import origin
from reports.tabulate.tabulation import Tabulation, frozen
from rnn.reference import TITLES

DIGITS = 7


def cases(inputs: Inputs) -> Tabulation | None:
    """Tabulate every case with what is known and what was measured; None where there is none."""
    rows = inputs.reference
    if rows.empty:
        return None
    rows = rows.iloc[sorted(range(len(rows)), key=lambda i: _natural(f"{rows.case.iloc[i]} {rows.statement.iloc[i]}"))]
    first = [i for i, case in enumerate(rows.case) if i == 0 or case != rows.case.iloc[i - 1]]
    return Tabulation(
        name="reference-cases",
        caption="Reference cases: values that are published or follow exactly, or were computed for this study where "
        "the source says so; what the library of this report measures for them; and the difference that is allowed.",
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
        headings=tuple((i, _heading(rows.case.iloc[i])) for i in first),
    )


def _heading(case: str) -> str:
    return f"{case}: {TITLES[case]}" if case in TITLES else case


def _value(value: float) -> str:
    """Return a number with many digits, but none behind those of a whole number."""
    whole = math.isfinite(value) and value == round(value) and abs(value) < 1e6
    return significant(value, max(1, len(str(abs(round(value)))))) if whole else significant(value, DIGITS)


def _natural(text: str) -> list[tuple[float, str]]:
    """Return what sorts A2 before A10, and a delay of 200 before one of 1000."""
    parts = re.split(r"(\d+(?:\.\d+)?)", text)
    return [(float(part), "") if i % 2 else (-1.0, part) for i, part in enumerate(parts)]
