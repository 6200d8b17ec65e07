"""What several seeds say together: a median, and an interval for it that assumes nothing about the distribution."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

LEVEL = 0.95


@dataclass(frozen=True)
class Spread:
    """The median over n seeds with the interval of two order statistics.

    Attributes
    ----------
    coverage
        Probability that the interval covers the true median; None with one seed, which has no interval (low and high
        are then the median).
    """

    n: int
    median: float
    low: float
    high: float
    coverage: float | None


def spread(values: Iterable[float]) -> Spread | None:
    """Return the median and its interval; None without values.

    The interval from the k-th smallest to the k-th largest of n independent values covers the median with probability
    1 - 2 P(Binomial(n, 1/2) < k), whatever their distribution (Conover 1999, section 3.2). The narrowest with at least
    95 % is taken; below six seeds none reaches that, and the whole range is given with the probability it has. Infinite
    values are allowed and rank as such.
    """
    ordered = sorted(values)
    n = len(ordered)
    if n == 0:
        return None
    lower, upper = ordered[(n - 1) // 2], ordered[n // 2]
    # An infinite value has no mean with another; the lower of the two middle ones claims less.
    median = lower if math.isinf(lower) or math.isinf(upper) else (lower + upper) / 2
    if n == 1:
        return Spread(1, median, median, median, None)
    k = rank(n)
    return Spread(n, median, ordered[k - 1], ordered[n - k], coverage(n, k))


def rank(n: int) -> int:
    """Return k of the narrowest interval with at least 95 %, or 1 where none has."""
    k = 1
    while 2 * (k + 1) <= n and coverage(n, k + 1) >= LEVEL:
        k += 1
    return k


def coverage(n: int, k: int) -> float:
    """Return the probability that the interval from the k-th smallest to the k-th largest of n covers the median."""
    return 1 - 2 * sum(math.comb(n, i) for i in range(k)) / 2**n
