"""The tables of claims: those that were decided, and those that an experiment has not the data for."""

from __future__ import annotations

from reports.claims import INCONCLUSIVE
from reports.inputs import Inputs
from reports.names import INIT
from reports.numbers import significant
from reports.sentences.claims import SIGNS, estimate, left_out, margin, needed
from reports.sentences.words import origin
from reports.tabulate.tabulation import Tabulation, frozen


def verdicts(inputs: Inputs) -> Tabulation | None:
    """Tabulate each claim with its verdict, popular statements last; None where no claim could be decided."""
    rows = sorted(inputs.claims, key=lambda row: row["popular"])
    if not rows:
        return None
    first = {popular: i for i, popular in reversed(list(enumerate(row["popular"] for row in rows)))}
    headings = {False: "Claims of this study", True: "Popular statements"}
    return Tabulation(
        name="claims-verdicts",
        caption="Claims, with the estimate of the quantity that decides each (interval of 95 %), where it lies if the "
        "claim is true, the number of observations, and p corrected for the number of claims.",
        header=("claim", "true if", "estimate", "n", "corrected p", "verdict"),
        rows=frozen(
            [
                [
                    row["statement"],
                    f"{SIGNS[row['side']]} {margin(row)}",
                    estimate(row),
                    f"{row['n']:,}",
                    significant(row["p_corrected"], 2),
                    row["verdict"],
                ]
                for row in rows
            ]
        ),
        provenance=_origin(inputs),
        headings=tuple((i, headings[popular]) for popular, i in sorted(first.items())),
        emphasised=tuple((i, 5) for i, row in enumerate(rows) if row["verdict"] != INCONCLUSIVE),
    )


def undecided(inputs: Inputs) -> Tabulation | None:
    """Tabulate the claims that were left out, with what they need; None where there is none."""
    absent = left_out(inputs)
    if not absent:
        return None
    return Tabulation(
        name="claims-left-out",
        caption="Claims that this experiment cannot decide, and what they need of one.",
        header=("claim", "needs", "one observation for each"),
        rows=frozen([[claim.statement, needed(claim), claim.unit] for claim in absent]),
        provenance=_origin(inputs),
        n_labels=3,
    )


def _origin(inputs: Inputs) -> str:
    return origin(inputs, "claims", len(inputs.runs), int((inputs.rates.phase == INIT).sum()))
