"""Means of growth over the second half of the way back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.gradients import growth, late_rate


def test_growth_is_the_step_from_the_lag_before():
    found = growth(np.array([3.0, 1.0, 1.5, -np.inf, -np.inf]))
    np.testing.assert_array_equal(found, [np.nan, -2.0, 0.5, -np.inf, np.nan])


@pytest.mark.parametrize(
    ("n", "lags"), [(1, []), (2, [1]), (3, [2]), (4, [2, 3]), (5, [3, 4]), (9, [5, 6, 7, 8]), (10, [5, 6, 7, 8, 9])]
)
def test_lags_from_half_of_the_length_on(n, lags):
    by_lag = np.concatenate(([np.nan], 2.0 ** np.arange(1, 12)))[None, None]
    found = late_rate(by_lag, np.array([[n]]))
    np.testing.assert_allclose(found, [np.mean(2.0 ** np.array(lags)) if lags else np.nan])


def test_samples_weigh_the_same_whatever_their_length():
    by_lag = np.full((1, 2, 9), 1.0)
    by_lag[0, 1] = 4.0
    assert late_rate(by_lag, np.array([[9, 2]])) == pytest.approx(2.5)


@pytest.mark.parametrize("bad", [np.nan, -np.inf])
def test_a_sample_that_is_zero_on_the_way_is_left_out(bad):
    by_lag = np.full((2, 2, 6), 1.0)
    by_lag[0, 1, 4] = bad
    by_lag[1, :, 4] = bad
    np.testing.assert_array_equal(late_rate(by_lag, np.full((2, 2), 6)), [1.0, np.nan])
    by_lag[0, 1, 4], by_lag[0, 1, 1] = 1.0, bad
    assert late_rate(by_lag, np.full((2, 2), 6))[0] == 1, "what comes before half of the length does not count"


@given(st.floats(-3, 3), st.integers(2, 40), st.integers(1, 4))
def test_a_constant_growth_is_its_own_mean(rate, steps, samples):
    log_norm = np.broadcast_to(rate * np.arange(steps), (1, samples, steps))
    assert late_rate(growth(log_norm), np.full((1, samples), steps))[0] == pytest.approx(rate, abs=1e-12)
