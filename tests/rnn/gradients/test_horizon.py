"""The memory horizon: first crossing of 1 % by the median, censored at T."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.gradients import memory_horizon


def logs(*rows):
    """ln of relative norms, one row a sample."""
    with np.errstate(divide="ignore"):
        return np.log(np.array(rows, dtype=np.float64))


def test_first_lag_below_one_percent():
    assert memory_horizon(logs([1, 0.5, 0.02, 0.009, 0.001])) == (3, False)


def test_a_value_at_the_threshold_is_not_below():
    assert memory_horizon(logs([1, 0.01, 0.0099])) == (2, False)


def test_first_crossing_counts_not_the_last():
    assert memory_horizon(logs([1, 0.001, 0.5, 0.001])) == (1, False)


def test_the_median_is_that_of_the_ratios():
    """Half of the samples dead: the median is half of what the others have, not zero."""
    assert memory_horizon(logs([1, 0.8, 0.6], [1, 0, 0])) == (3, True)
    assert memory_horizon(logs([1, 0.001], [1, 0.03])) == (2, True), "their geometric mean is below 1 %"


def test_lags_that_no_sample_has_cross_nothing():
    with np.errstate(divide="ignore"):
        ratio = np.log(np.array([[1, 1e-4, 1e-4, np.nan, np.nan]] * 2))
    assert memory_horizon(ratio, crossing="last") == memory_horizon(ratio) == (1, False)


def test_last_crossing_is_from_where_it_stays_below():
    ratio = logs([1, 0.001, 0.5, 0.001, 0.001])
    assert memory_horizon(ratio) == (1, False)
    assert memory_horizon(ratio, crossing="last") == (3, False)
    assert memory_horizon(logs([1, 0.001, 0.5]), crossing="last") == (3, True)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"log_ratio": np.zeros((1, 2, 3))}, "of one seed"),
        ({"threshold": np.nan}, "between 0 and 1"),
        ({"threshold": 5}, "between 0 and 1"),
        ({"crossing": "lst"}, "one of first, last"),
    ],
)
def test_wrong_arguments_are_refused(changed, sentence):
    with pytest.raises(ValueError, match=sentence):
        memory_horizon(**({"log_ratio": np.zeros((2, 3))} | changed))


def test_censored_at_the_length():
    assert memory_horizon(logs([1, 0.5, 0.3])) == (3, True)
    assert memory_horizon(logs([1.0])) == (1, True)


def test_median_over_samples():
    rows = [1, 0.9, 0.9], [1, 0.5, 0.001], [1, 0.001, 0.001]
    assert memory_horizon(logs(*rows)) == (2, False)


def test_exact_zeros_count_as_zeros():
    """Two of three samples are dead at lag 1: their median is zero, whatever the third one does."""
    assert memory_horizon(logs([1, 0, 0], [1, 0, 0], [1, 50, 50])) == (1, False)
    assert memory_horizon(logs([1, 0, 0], [1, 2, 2], [1, 50, 50])) == (3, True)


def test_lags_that_a_sample_does_not_have_are_left_out():
    rows = logs([1, 0.5, 0.001], [1, 0.4, 0.001], [1, 0.001, 1])
    rows[2, 2] = np.nan
    assert memory_horizon(rows) == (2, False)


def test_no_gradient_at_lag_zero_has_no_horizon():
    assert memory_horizon(np.full((3, 4), np.nan)) == (None, None)


def test_one_sample_with_a_gradient_is_enough():
    rows = logs([1, 0.5, 0.001], [1, 1, 1])
    rows[1] = np.nan
    assert memory_horizon(rows) == (2, False)


@given(rate=st.floats(0.05, 0.95), length=st.integers(1, 60), threshold=st.floats(1e-6, 0.5))
def test_geometric_decay(rate, length, threshold):
    """g^k < threshold first at the smallest integer above ln(threshold) / ln(g)."""
    ratio = np.arange(length) * np.log(rate)
    right = next((lag for lag in range(length) if ratio[lag] < np.log(threshold)), None)
    assert memory_horizon(ratio[None], threshold) == ((length, True) if right is None else (right, False))
    if right is not None:
        assert right == pytest.approx(np.log(threshold) / np.log(rate), abs=1 + 1e-9)
