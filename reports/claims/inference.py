"""Tests of a quantity against a margin: an estimate with its interval, and how sure the side is on which it lies.

Each takes the observations, the margin and a random stream, which only intervals use that are resampled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from reports.statistics import spread

Array = NDArray[Any]
LEVEL = 0.95
RESAMPLES = 9999
NULL = {"mcnemar": 0.5, "logrank": 0.5}  # tests that know one margin only


@dataclass(frozen=True)
class Finding:
    """What a test says.

    Attributes
    ----------
    n, decisive
        Observations, and those among them that speak for one side.
    low, high
        Ends of a 95 % interval for the quantity.
    above, below
        One-sided p: how probable so much evidence for that side is where the quantity is at the margin or beyond it.
    least
        The least two-sided p that so many decisive observations can give.
    """

    n: int
    decisive: int
    estimate: float
    low: float
    high: float
    above: float
    below: float
    least: float

    @property
    def p(self) -> float:
        """Two-sided, since either side may be found."""
        return min(1.0, 2 * min(self.above, self.below))


def wilcoxon(x: Array, margin: float, rng: np.random.Generator) -> Finding:
    """Signed-rank test of the differences from the margin; the median, with a bootstrap interval."""
    d = x[x != margin] - margin
    above = below = 1.0
    if len(d):
        above, below = (float(stats.wilcoxon(d, alternative=side).pvalue) for side in ("greater", "less"))
    low, high = _resampled((x,), np.median, rng)
    return Finding(len(x), len(d), float(np.median(x)), low, high, above, below, _least(0.5, len(d)))


def sign(x: Array, margin: float, rng: np.random.Generator) -> Finding:
    """Exact sign test; the median, with the interval of order statistics that belongs to it."""
    d = x[x != margin] - margin
    above, below = _tails(int((d > 0).sum()), len(d), 0.5)
    found = spread(x.tolist())
    assert found is not None
    return Finding(len(x), len(d), found.median, found.low, found.high, above, below, _least(0.5, len(d)))


def binomial(x: Array, margin: float, rng: np.random.Generator) -> Finding:
    """Exact binomial test of a share, from observations 0 and 1; the exact (Clopper-Pearson) interval."""
    n, k = len(x), int(x.sum())
    low, high = stats.binomtest(k, n).proportion_ci(LEVEL, "exact")
    return Finding(n, n, k / n, float(low), float(high), *_tails(k, n, margin), _least(margin, n))


def mcnemar(x: Array, margin: float, rng: np.random.Generator) -> Finding:
    """Exact test of pairs: 1 where the first alone has a property, -1 the second alone, 0 both or none.

    The share of the first among the pairs that differ, with its exact interval.
    """
    d = x[x != 0]
    if not len(d):
        return Finding(len(x), 0, 0.5, 0.0, 1.0, 1.0, 1.0, 1.0)
    found = binomial((d > 0).astype(int), margin, rng)
    return Finding(**{**found.__dict__, "n": len(x)})


def logrank(x: Array, margin: float, rng: np.random.Generator) -> Finding:
    """Log-rank test of two groups' times (2, n), infinite where the event did not come and the time is censored.

    The probability that a time of the first group comes before one of the second, ties counted half, with a bootstrap
    interval.
    """
    first, second = x
    events = np.isfinite(x)
    above = below = 1.0
    if len(np.unique(x)) > 1:  # all at one check leave no one at risk after it, and the test undefined
        # the same for any end of the observation after the last event
        times = np.where(events, x, x[events].max() + 1)
        censored = [stats.CensoredData.right_censored(t, ~e) for t, e in zip(times, events, strict=True)]
        above, below = (float(stats.logrank(*censored, alternative=side).pvalue) for side in ("greater", "less"))
    low, high = _resampled((first, second), _before, rng)
    # a group in which every event comes, and one in which none does
    n = len(first)
    apart = [stats.CensoredData(uncensored=np.arange(n) + 1.0), stats.CensoredData(right=np.full(n, n + 1.0))]
    least = min(1.0, 2 * float(stats.logrank(*apart, alternative="greater").pvalue))
    decisive = int(x.size) if events.any() else 0
    return Finding(
        int(x.size), decisive, float(_before(first, second)), low, high, above, below, least if decisive else 1.0
    )


def _before(first: Array, second: Array, axis: int = -1) -> Array:
    a, b = first[..., :, None], second[..., None, :]
    return np.asarray((np.where(a < b, 1.0, 0.0) + np.where(a == b, 0.5, 0.0)).mean(axis=(-2, -1)))


def _resampled(
    samples: tuple[Array, ...], statistic: Callable[..., Any], rng: np.random.Generator
) -> tuple[float, float]:
    if len(samples[0]) == 1:
        value = float(statistic(*samples))
        return value, value
    found = stats.bootstrap(
        samples,
        statistic,
        n_resamples=RESAMPLES,
        batch=RESAMPLES // 9,
        confidence_level=LEVEL,
        method="percentile",
        rng=rng,
    ).confidence_interval
    return float(found.low), float(found.high)


def _tails(k: int, n: int, p: float) -> tuple[float, float]:
    if n == 0:
        return 1.0, 1.0
    above, below = (float(stats.binomtest(k, n, p, alternative=side).pvalue) for side in ("greater", "less"))
    return above, below


def _least(p: float, n: int) -> float:
    return float(min(1.0, 2 * min(p, 1 - p) ** n))


TESTS: dict[str, Callable[[Array, float, np.random.Generator], Finding]] = {
    test.__name__: test for test in (wilcoxon, sign, binomial, mcnemar, logrank)
}
TEST_NAMES = {
    "wilcoxon": "Wilcoxon signed-rank test",
    "sign": "exact sign test",
    "binomial": "exact binomial test",
    "mcnemar": "exact McNemar test",
    "logrank": "log-rank test",
}
