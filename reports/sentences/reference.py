"""Whether what the library measures is what is known: the reference cases."""

from __future__ import annotations

from reports.inputs import Inputs
from reports.numbers import counted, listed, significant
from rnn.reference.case import OWN


def own(inputs: Inputs) -> str:
    """Say how many expected values are nobody else's; empty where there is none."""
    n = int(inputs.reference.source.str.contains(OWN).sum())
    if not n:
        return ""
    are = "is neither: it was" if n == 1 else "are none of these: they were"
    return (
        f"{n} of the {counted(len(inputs.reference), 'value')} {are} computed for this study beforehand, by "
        "simulations of its own, and named as such."
    )


def agreement(inputs: Inputs) -> str:
    """Say how many reference values are met, and name those that are not."""
    rows = inputs.reference
    if rows.empty:
        return "This experiment has no reference cases."
    cases = counted(rows.case.nunique(), "case")
    failed = rows[~rows.ok.astype(bool)]
    if failed.empty:
        met = "is the one value" if len(rows) == 1 else f"are all {len(rows)} values"
        return f"Met within {'its' if len(rows) == 1 else 'their'} tolerance {met} of {cases}."
    named = [
        f"{row.case} ({row.statement}: {significant(row.measured, 4)} in place of {significant(row.expected, 4)})"
        for row in failed.itertuples()
    ]
    return (
        f"Met within their tolerance are {len(rows) - len(failed)} of {counted(len(rows), 'value')} of {cases}. Not "
        f"met: {listed(named)}."
    )
