"""Made-up verdicts, one of each kind; all other claims are left out."""

from __future__ import annotations

from typing import Any

from reports.claims import INCONCLUSIVE, REFUTED, SUPPORTED, load

FOUND: dict[str, dict[str, Any]] = {
    "slopes-shrink": {"n": 5, "estimate": -0.051, "ci_low": -0.06, "ci_high": -0.04, "p": 1e-9, "verdict": SUPPORTED},
    "lstm-solves-more": {"n": 3, "estimate": 1.0, "ci_low": 0.29, "ci_high": 1.0, "p": 0.25, "verdict": INCONCLUSIVE},
    "sigma-max-explodes": {"n": 5, "estimate": 0.0, "ci_low": 0.0, "ci_high": 0.52, "p": 2e-5, "verdict": REFUTED},
}
REASONS = {
    SUPPORTED: "the quantity is below the margin",
    REFUTED: "the quantity is below the margin",
    INCONCLUSIVE: "3 observations cannot decide",
}


def claims() -> list[dict[str, Any]]:
    """Return what claims.json holds."""
    return [
        {
            **claim.model_dump(exclude={"needs", "statistic"}),
            **FOUND[claim.id],
            "p_corrected": min(1.0, 3 * FOUND[claim.id]["p"]),
            "reason": REASONS[FOUND[claim.id]["verdict"]],
        }
        for claim in load()
        if claim.id in FOUND
    ]
