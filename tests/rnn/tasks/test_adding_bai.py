"""Adding with markers anywhere: where they stand, and that all else is the adding problem."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.tasks import TASKS
from rnn.tasks.adding import draw

TASK = TASKS["adding-bai"]


@given(length=st.integers(2, 60), seed=st.integers(0, 2**32 - 1))
def test_two_markers_and_their_sum_as_target(length, seed):
    split = draw(np.random.default_rng(seed), 20, length, TASK.places)
    assert set(np.unique(split.x[..., 1])) <= {0.0, 1.0}
    assert (split.x[..., 1].sum(axis=1) == 2).all()
    np.testing.assert_array_equal(split.y[:, 0], (split.x[..., 0] * split.x[..., 1]).sum(axis=1, dtype=np.float32))
    assert (split.n == length).all()


def test_all_pairs_of_steps_are_alike():
    """Each of 10 pairs of 5 steps in a tenth of 8000 sequences (4.5 sigma)."""
    markers = draw(np.random.default_rng(0), 8000, 5, TASK.places).x[..., 1]
    pairs, counts = np.unique(markers, axis=0, return_counts=True)
    assert len(pairs) == 10
    np.testing.assert_allclose(counts, 800, atol=4.5 * np.sqrt(8000 * 0.1 * 0.9))


def test_baseline_is_one_sixth_and_the_test_set_agrees():
    """REFERENCE A12; the square of a triangular variable has variance 7/180."""
    data = TASK.prepare(20, 5)
    assert data.baseline == pytest.approx(1 / 6, abs=1e-15)
    found = data.card["baselines"]["constant 1"]
    assert found == pytest.approx(1 / 6, abs=4 * np.sqrt(7 / 180 / len(data.test)))
    assert data.classical is None
    assert "any two different steps" in data.card["notes"]


def test_no_lag_is_required_since_both_markers_may_stand_at_the_end():
    data = TASK.prepare(5, 1)
    assert (data.test.x[:, -2:, 1].sum(axis=1) == 2).any()
    assert TASK.required_lag(5) is None


def test_training_sequences_have_markers_anywhere_too():
    """Some have both in one half, which the other variant never has."""
    data = TASK.prepare(8, 1)
    assert (TASK.batch(data, np.random.default_rng(0), 200).x[:, :4, 1].sum(axis=1) == 2).any()
