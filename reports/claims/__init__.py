"""Claims, fixed in claims.yaml before results exist, and their verdicts."""

from reports.claims.claim import Claim, load
from reports.claims.evidence import Evidence
from reports.claims.verdict import INCONCLUSIVE, REFUTED, SUPPORTED, decide

__all__ = ["INCONCLUSIVE", "REFUTED", "SUPPORTED", "Claim", "Evidence", "decide", "load"]
