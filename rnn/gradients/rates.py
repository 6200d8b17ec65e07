"""How fast the gradient grows or fades, in nats a step: one number where curves by lag have many."""

import numpy as np
from numpy.typing import NDArray

from rnn.gradients.factors import Factors


def growth(log_norm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ln ||g_{t-1}|| / ||g_t||, (..., T) by lag: entry k is the step from lag k-1 to lag k, NaN at lag 0."""
    with np.errstate(invalid="ignore"):  # from zero to zero there is no growth
        steps = np.diff(log_norm, axis=-1)
    return np.concatenate((np.full((*log_norm.shape[:-1], 1), np.nan), steps), axis=-1)


def late_rate(by_lag: NDArray[np.float64], n: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean of growth over lags n/2 to n-1 and then over samples, (S,).

    The second half of the way back, so that what the readout and the last inputs do to the first steps weighs nothing.

    Parameters
    ----------
    by_lag
        (S, B, T): growth from lag k-1 to lag k.
    n
        (S, B): lengths of the sequences. A sample of one step, or whose growth is not finite on one of these lags, is
        left out; NaN where none is left.
    """
    lag = np.arange(by_lag.shape[-1])
    late = (2 * lag >= n[..., None]) & (lag < n[..., None]) & (lag > 0)
    count = np.count_nonzero(late, axis=-1)
    total = np.add.reduce(np.where(late, by_lag, 0), axis=-1)
    defined = (count > 0) & np.isfinite(total)
    of_sample = np.where(defined, total, 0) / np.maximum(count, 1)
    samples = np.count_nonzero(defined, axis=-1)
    mean = np.add.reduce(of_sample, axis=-1) / np.maximum(samples, 1)
    return np.where(samples > 0, mean, np.nan)


def factor_rates(factors: Factors, n: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Return the late rates of slopes and weights, whose sum is that of the gradient, and of both counterfactuals."""
    return {
        "rate_slopes": late_rate(factors.slopes, n),
        "rate_weights": late_rate(factors.weights, n),
        "polar_slopes": late_rate(factors.polar, n),
        "unit_slopes_weights": late_rate(factors.unit_slopes, n),
    }
