"""Quantiles and medians over samples at every lag at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def quantiles(values: NDArray[np.float64], shares: Sequence[float]) -> NDArray[np.float64]:
    """Return quantiles along the first axis of (B, T), NaN left out: (len(shares), T), NaN where nothing is left.

    Between two values they are interpolated linearly, Hyndman & Fan's (1996) type 7; next to a value of -inf they are
    -inf.
    """
    low, high, weight = _neighbours(values, shares)
    with np.errstate(invalid="ignore"):
        between = low + weight * (high - low)
    return np.where((weight == 0) | np.isneginf(low), low, between)


def log_median(log_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ln of the median along the first axis of (B, T) logarithms, NaN left out: (T,), NaN where nothing is left.

    Of an even number the median is the mean of the two in the middle, not of their logarithms: half of them may be
    zero.
    """
    low, high, weight = _neighbours(log_values, (0.5,))
    with np.errstate(invalid="ignore"):
        median = np.where(weight == 0, low, np.logaddexp(low, high) - np.log(2))
    return np.asarray(median[0])


def _neighbours(
    values: NDArray[np.float64], shares: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the values below and above each quantile, and how far it lies between them."""
    ordered = np.sort(values, axis=0)  # NaN last
    count = np.count_nonzero(~np.isnan(values), axis=0)
    place = np.asarray(shares)[:, None] * np.maximum(count - 1, 0)
    below = np.floor(place).astype(np.intp)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    return np.take_along_axis(ordered, below, axis=0), np.take_along_axis(ordered, above, axis=0), place - below
