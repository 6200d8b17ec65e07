"""Quantiles along samples against numpy's, lag by lag."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.gradients.quantiles import log_median, quantiles

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


@given(st.integers(1, 9), st.integers(1, 5), st.integers(0, 10**6))
def test_as_numpy_has_them_without_what_is_missing(samples, lags, seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(samples, lags))
    values[rng.uniform(size=values.shape) < 0.3] = np.nan
    found = quantiles(values, SHARES)
    for lag, column in enumerate(values.T):
        there = column[~np.isnan(column)]
        right = np.quantile(there, SHARES) if there.size else np.full(len(SHARES), np.nan)
        np.testing.assert_allclose(found[:, lag], right, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize(
    ("column", "median"),
    [
        ([-np.inf, 1.0], -np.inf),
        ([-np.inf, -np.inf, 1.0], -np.inf),
        ([-np.inf, 2.0, 3.0], 2.0),
        ([-np.inf, np.nan, np.nan], -np.inf),
        ([-np.inf, -np.inf], -np.inf),
        ([np.nan], np.nan),
    ],
)
def test_exact_zeros_are_minus_infinity(column, median):
    np.testing.assert_array_equal(quantiles(np.array(column)[:, None], (0.5,)), [[median]])


@given(st.integers(1, 9), st.integers(1, 5), st.integers(0, 10**6))
def test_the_logarithm_of_the_median_is_not_the_median_of_logarithms(samples, lags, seed):
    """As numpy has the median of the values themselves, zeros among them."""
    rng = np.random.default_rng(seed)
    values = rng.uniform(size=(samples, lags))
    values[rng.uniform(size=values.shape) < 0.3] = 0
    missing = rng.uniform(size=values.shape) < 0.2
    with np.errstate(divide="ignore"):
        found = log_median(np.where(missing, np.nan, np.log(values)))
        for lag in range(lags):
            there = values[~missing[:, lag], lag]
            right = np.log(np.median(there)) if there.size else np.nan
            np.testing.assert_allclose(found[lag], right, rtol=1e-12, atol=1e-14)
