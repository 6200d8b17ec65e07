"""The adding problem of 1997: its definition, read off each sequence, and the constant's scores in closed form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.tasks import TASKS
from rnn.tasks.adding_hs97 import constant_error, draw, first_is_marked, missed_by_constant

TASK = TASKS["adding-hs97"]


@given(length=st.integers(20, 130), seed=st.integers(0, 2**32 - 1))
def test_every_sequence_is_as_defined(length, seed):
    """Markers -1 at both ends; two more where neither is the first pair, whose value otherwise is zero."""
    split = draw(np.random.default_rng(seed), 20, length)
    assert split.x.shape == (20, length + length // 10, 2)
    for x, y, n in zip(split.x, split.y, split.n, strict=True):
        values, markers = x[:n].T
        assert length <= n <= length + length // 10
        assert (np.abs(values) <= 1).all()
        assert markers[0] == markers[-1] == -1
        assert set(markers[1:-1]) <= {0.0, 1.0}
        marked = np.flatnonzero((markers == 1) | (values == 0))
        assert len(marked) == 2
        assert marked[0] < 10
        assert marked[1] < length // 2
        assert y[0] == pytest.approx(0.5 + values[marked].sum() / 4, abs=1e-6)
        assert not x[n:].any()


def test_published_lengths_and_windows():
    """T = 100: lengths 100 to 110, each alike; marks reach all of the first half and favour the first ten pairs."""
    split = draw(np.random.default_rng(0), 20_000, 100)
    counts = np.bincount(split.n)[100:]
    assert len(counts) == 11
    np.testing.assert_allclose(counts, 20_000 / 11, atol=4.5 * np.sqrt(20_000 / 11))
    marks = (split.x[..., 1] == 1).sum(axis=0)
    assert (np.flatnonzero(marks) == np.arange(1, 50)).all()
    late, early = 0.9 / 49 + 0.1 / 49, 0.1 + 0.9 / 49  # of pairs 11 to 50 and, the first apart, 2 to 10
    np.testing.assert_allclose(marks[10:50], 20_000 * late, atol=4.5 * np.sqrt(20_000 * late))
    np.testing.assert_allclose(marks[1:10], 20_000 * early, atol=4.5 * np.sqrt(20_000 * early))


@pytest.mark.parametrize(("length", "steps", "lag"), [(20, 22, 10), (25, 27, 13), (100, 110, 50), (101, 111, 51)])
def test_nothing_nearer_than_the_required_lag_is_marked(length, steps, lag):
    """And the last mark that can be stands just there, in one of the shortest sequences."""
    split = draw(np.random.default_rng(0), 20_000, length)
    assert TASK.n_steps(length) == split.x.shape[1] == steps
    assert TASK.required_lag(length) == lag
    row, step = np.nonzero(split.x[..., 1] == 1)
    assert (split.n[row] - 1 - step).min() == lag


def test_constants_in_closed_form_and_on_many_sequences():
    """4 sigma; apart from the sequences whose first pair is marked, 1/24 (REFERENCE A12) and 1 - .1536."""
    n = 200_000
    split = draw(np.random.default_rng(1), n, 20)
    miss = split.y[:, 0].astype(np.float64) - 0.5
    one = split.x[:, 0, 0] == 0
    share = first_is_marked(20)
    assert share == pytest.approx(0.1 + 0.9 / 9)
    assert one.mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / n))
    for part, error, hit in ((~one, 1 / 24, 0.1536), (one, 1 / 48, 0.16)):
        squares, near = miss[part] ** 2, np.abs(miss[part]) < 0.04
        assert squares.mean() == pytest.approx(error, abs=4 * squares.std() / np.sqrt(part.sum()))
        assert near.mean() == pytest.approx(hit, abs=4 * np.sqrt(hit * (1 - hit) / part.sum()))
    assert constant_error(20) == pytest.approx(0.8 / 24 + 0.2 / 48)
    assert missed_by_constant(20) == pytest.approx(1 - 0.8 * 0.1536 - 0.2 * 0.16)


@given(st.integers(20, 2000), st.floats(0.001, 0.25))
def test_a_wide_tolerance_misses_less(length, tolerance):
    """All targets lie within 1/2 of the constant, those of one value within 1/4."""
    assert missed_by_constant(length, tolerance) < missed_by_constant(length, tolerance / 2) < 1
    assert missed_by_constant(length, 0.25) == pytest.approx((1 - first_is_marked(length)) / 4)


def test_baseline_is_the_closed_form_and_the_test_set_agrees():
    data = TASK.prepare(100, 5)
    assert data.baseline == missed_by_constant(100)
    empirical = np.mean(np.abs(data.test.y - 0.5) >= 0.04)
    assert empirical == pytest.approx(data.baseline, abs=4 * np.sqrt(0.85 * 0.15 / len(data.test)))
    assert data.card["baselines"]["constant 1/2"] == empirical
    assert data.classical is None
    assert (data.scored_by, data.tolerance) == ("beyond", 0.04)


def test_the_criterion_allows_at_most_one_sequence_in_a_hundred():
    data = TASK.prepare(20, 1)
    assert 5 / len(data.valid) < TASK.criterion(20) <= 6 / len(data.valid) < 0.012


def test_what_the_card_says():
    data = TASK.prepare(100, 1)
    assert "one of the first 10 steps is marked, then one of the first 49 others" in data.card["notes"]
    assert "nothing nearer than 50 steps" in data.card["notes"]
    assert "1/24 in all others, 0.0392 in all" in data.card["notes"]
    (first, second), (x, y) = np.flatnonzero(data.test.x[0, :, 1] == 1), (data.test.x[0, :, 0], data.test.y[0, 0])
    marked = f"x[{first + 1}] = {x[first]:.3f} and x[{second + 1}] = {x[second]:.3f}"
    assert data.card["example"] == f"{marked}: target {y:.3f}"


@pytest.mark.parametrize("function", [lambda n: draw(np.random.default_rng(0), 1, n), first_is_marked, constant_error])
def test_too_short_a_length_is_refused(function):
    with pytest.raises(ValueError, match="from 20 on, not 19"):
        function(19)
    assert TASK.min_length == 20
