"""The adding problem: its definition, and its baseline in closed form (REFERENCE A12)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.tasks import TASKS
from rnn.tasks.adding import draw


@given(length=st.integers(2, 60), seed=st.integers(0, 2**32 - 1))
def test_one_marker_in_each_half_and_their_sum_as_target(length, seed):
    split = draw(np.random.default_rng(seed), 20, length)
    values, markers = split.x[..., 0], split.x[..., 1]
    assert set(np.unique(markers)) <= {0.0, 1.0}
    assert (markers[:, : length // 2].sum(axis=1) == 1).all()
    assert (markers[:, length // 2 :].sum(axis=1) == 1).all()
    assert ((values >= 0) & (values < 1)).all()
    for x, y in zip(split.x, split.y, strict=True):
        first, second = x[x[:, 1] == 1, 0]
        assert y[0] == first + second
    assert (split.n == length).all()


def test_markers_stand_anywhere_in_their_half():
    markers = draw(np.random.default_rng(0), 2000, 10).x[..., 1]
    counts = markers.sum(axis=0)
    np.testing.assert_allclose(counts, 400, atol=4.5 * np.sqrt(2000 * 0.2 * 0.8))


def test_no_lag_is_required_since_the_second_marker_may_stand_at_the_last_step():
    assert TASKS["adding"].prepare(10, 1).test.x[:, -1, 1].any()
    assert TASKS["adding"].required_lag(10) is None


def test_variance_of_the_target_is_one_sixth():
    """The constant 1 on 100,000 sequences: mean 1/6; the square of a triangular variable has variance 7/180."""
    y = draw(np.random.default_rng(1), 100_000, 4).y.astype(np.float64)
    assert np.mean((y - 1) ** 2) == pytest.approx(1 / 6, abs=4 * np.sqrt(7 / 180 / 100_000))
    assert np.mean(y) == pytest.approx(1, abs=4 * np.sqrt(1 / 6 / 100_000))


def test_baseline_is_the_closed_form_and_the_test_set_agrees():
    data = TASKS["adding"].prepare(20, 5)
    assert data.baseline == pytest.approx(1 / 6, abs=1e-15)
    empirical = np.mean((data.test.y.astype(np.float64) - 1) ** 2)
    assert empirical == pytest.approx(1 / 6, abs=4 * np.sqrt(7 / 180 / len(data.test)))
    assert data.card["baselines"]["constant 1"] == pytest.approx(empirical, rel=1e-6)
    assert data.classical is None


def test_splits_depend_on_experiment_and_length():
    digests = {TASKS["adding"].prepare(length, seed).sha256 for length in (8, 9) for seed in (1, 2)}
    assert len(digests) == 4


def test_validation_and_test_share_no_sequence():
    data = TASKS["adding"].prepare(8, 1)
    rows = np.concatenate((data.valid.x[..., 0], data.test.x[..., 0]))
    assert len(np.unique(rows, axis=0)) == len(data.valid) + len(data.test)


def test_example_of_the_card_is_the_first_test_sequence():
    data = TASKS["adding"].prepare(8, 1)
    x, y = data.test.x[0], data.test.y[0, 0]
    first, second = np.flatnonzero(x[:, 1])
    assert data.card["example"] == (
        f"x[{first + 1}] = {x[first, 0]:.3f} and x[{second + 1}] = {x[second, 0]:.3f}: target {y:.3f}"
    )
