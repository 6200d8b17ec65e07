"""From tables to verdicts: every claim that an experiment can decide, corrected for their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.claims.claim import Claim
from reports.claims.evidence import Evidence, LackingError
from reports.claims.inference import TESTS, Finding
from reports.claims.statistics import STATISTICS
from reports.numbers import counted
from rnn.streams import stream

ALPHA = 0.05
SUPPORTED, REFUTED, INCONCLUSIVE = "supported", "refuted", "inconclusive"


def finding(claim: Claim, evidence: Evidence) -> Finding:
    """Test one claim.

    Raises
    ------
    LackingError
        The experiment has not what the claim needs; the message says what.
    """
    observed = STATISTICS[claim.statistic](evidence.of(claim.needs))
    if not observed.size:
        raise LackingError(f"there is no {claim.unit} with the values that it needs")
    return TESTS[claim.test](observed, claim.margin, stream("claims", claim.id))


def decide(claims: Sequence[Claim], evidence: Evidence) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return a row for each claim that could be computed, and for the others by their id what they lack."""
    found: dict[str, Finding] = {}
    lacking: dict[str, str] = {}
    for claim in claims:
        try:
            found[claim.id] = finding(claim, evidence)
        except LackingError as error:
            lacking[claim.id] = str(error)
    ps = {name: one.p for name, one in found.items()}
    corrected = holm(ps)
    rows = []
    for claim in (claim for claim in claims if claim.id in found):
        one = found[claim.id]
        least = holm(ps | {claim.id: one.least})[claim.id]
        verdict, reason = judge(claim, one, corrected[claim.id], least)
        rows.append(
            {
                "id": claim.id,
                "statement": claim.statement,
                "popular": claim.popular,
                "quantity": claim.quantity,
                "side": claim.side,
                "margin": claim.margin,
                "test": claim.test,
                "unit": claim.unit,
                "n": one.n,
                "estimate": one.estimate,
                "ci_low": one.low,
                "ci_high": one.high,
                "p": one.p,
                "p_corrected": corrected[claim.id],
                "verdict": verdict,
                "reason": reason,
            }
        )
    return rows, lacking


def judge(claim: Claim, found: Finding, corrected: float, least: float) -> tuple[str, str]:
    """Return the verdict and why it is that.

    Parameters
    ----------
    corrected
        The two-sided p after correction: since a verdict may fall on either side, it is no less than the one-sided p
        of the side on which it falls.
    least
        The least that it could have been with so many observations.
    """
    if least >= ALPHA:
        of_these = f", of which {found.decisive} speak for either side," if found.decisive < found.n else ""
        return INCONCLUSIVE, f"{counted(found.n, 'observation')}{of_these} cannot decide"
    if corrected >= ALPHA:
        return INCONCLUSIVE, f"the corrected p is not below {ALPHA:g}"
    side = "above" if found.above < found.below else "below"
    if not (found.low > claim.margin if side == "above" else found.high < claim.margin):
        return INCONCLUSIVE, "the interval holds the margin"
    verdict = SUPPORTED if side == claim.side else REFUTED
    return verdict, f"the quantity is {side} the margin"


def holm(ps: dict[str, float]) -> dict[str, float]:
    """Return p corrected for the number of tests by Holm's step-down method."""
    corrected: dict[str, float] = {}
    most = 0.0
    for rank, name in enumerate(sorted(ps, key=lambda name: (ps[name], name))):
        most = max(most, min(1.0, (len(ps) - rank) * ps[name]))
        corrected[name] = most
    return corrected
