"""Copy memory: its definition, the loss of a predictor that remembers nothing (REFERENCE A13), and the task."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.losses import cross_entropy
from rnn.tasks import TASKS
from rnn.tasks.copy_memory import draw, memoryless_loss

TASK = TASKS["copy"]


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_every_sequence_is_as_defined(delay, n_symbols, n_copied, seed):
    """Read off step by step: symbols, delay - 1 blanks, delimiter, blanks; then the symbols as targets."""
    split = draw(np.random.default_rng(seed), 5, delay, n_symbols, n_copied)
    blank, delimiter = n_symbols, n_symbols + 1
    for x, y in zip(split.x.tolist(), split.y.tolist(), strict=True):
        symbols = x[:n_copied]
        assert all(0 <= symbol < n_symbols for symbol in symbols)
        assert x[n_copied:] == [blank] * (delay - 1) + [delimiter] + [blank] * n_copied
        assert y == [blank] * (delay + n_copied) + symbols
    assert (split.n == delay + 2 * n_copied).all()
    assert split.x.dtype == split.y.dtype == np.int32


def test_symbols_are_alike_and_independent_of_their_place():
    """Each of 8 symbols at each of 10 places in 1/8 of 8000 sequences (4.5 sigma)."""
    x = draw(np.random.default_rng(0), 8000, 3).x[:, :10]
    counts = np.array([np.bincount(column, minlength=8) for column in x.T])
    np.testing.assert_allclose(counts, 1000, atol=4.5 * math.sqrt(8000 * 7 / 64))


def test_published_form():
    """Ten symbols, T + 20 steps, an alphabet of ten."""
    split = draw(np.random.default_rng(1), 50, 100)
    assert split.x.shape == (50, 120)
    assert set(np.unique(split.x)) == set(range(10))
    assert set(np.unique(split.y)) == set(range(9))


@pytest.mark.parametrize(("delay", "loss"), [(100, 0.173287), (200, 0.094520), (500, 0.039989), (1000, 0.020387)])
def test_memoryless_loss(delay, loss):
    assert memoryless_loss(delay) == pytest.approx(loss, abs=5e-7)


@given(st.integers(1, 30), st.integers(1, 9), st.integers(1, 12))
def test_it_is_the_loss_of_that_predictor(delay, n_symbols, n_copied):
    """Probability 1 for blanks until the delimiter has been seen, 1/n for each symbol after it."""
    y = draw(np.random.default_rng(0), 4, delay, n_symbols, n_copied).y
    asked = np.arange(y.shape[1]) >= delay + n_copied
    assert ((y == n_symbols) == ~asked).all()
    mean = np.mean(np.where(asked, math.log(n_symbols), 0))
    assert memoryless_loss(delay, n_symbols, n_copied) == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize("sizes", [(0, 8, 10), (5, 0, 10), (5, 8, 0)])
def test_sizes_below_one_are_named(sizes):
    with pytest.raises(ValueError, match="not {}, {} and {}".format(*sizes)):
        draw(np.random.default_rng(0), 1, *sizes)
    with pytest.raises(ValueError, match="at least 1"):
        memoryless_loss(*sizes)


@pytest.fixture(scope="module")
def prepared():
    return {delay: TASK.prepare(delay, 3) for delay in (1, 30, 100)}


def test_what_is_asked_for_stands_at_the_required_lag(prepared):
    """In the last ten steps, whatever the delay; before them nothing but blanks is asked for."""
    for delay, data in prepared.items():
        lag = TASK.required_lag(delay)
        assert lag == delay + 10
        for split in (data.valid, data.test, TASK.batch(data, np.random.default_rng(0), 30)):
            assert split.x.shape[1] == TASK.n_steps(delay) == delay + 20
            np.testing.assert_array_equal(split.y[:, -10:], split.x[:, -10 - lag : -lag])
            assert (split.y[:, :-10] == data.classes.index("blank")).all()


def test_baseline_is_the_memoryless_loss_and_the_test_set_agrees(prepared):
    """Logits that say blank, then nothing but that a symbol comes, through the loss of the engine."""
    for delay, data in prepared.items():
        assert data.baseline == 10 * math.log(8) / (delay + 20)
        o = np.zeros((*data.test.y.shape, data.n_outputs))
        o[:, :-10, -1], o[:, -10:, -1] = 800, -800
        loss, _ = cross_entropy(o, data.test.y, np.ones(data.test.y.shape))
        assert loss.mean() == pytest.approx(data.baseline, rel=1e-12)
    assert prepared[100].baseline == pytest.approx(0.173287, abs=5e-7)
    assert data.classical is None


def test_the_criterion_is_a_tenth_of_the_memoryless_loss(prepared):
    for delay, data in prepared.items():
        assert TASK.criterion(delay) == pytest.approx(data.baseline / 10, rel=1e-12)
    assert "solved below a tenth of it on validation, 0.0173 nats a step" in prepared[100].card["notes"]


def test_names_of_the_symbols_are_those_of_the_classes(prepared):
    data = prepared[30]
    assert data.symbols[:9] == data.classes == ["1", "2", "3", "4", "5", "6", "7", "8", "blank"]
    assert data.symbols[9] == "repeat"
    assert (np.array(data.symbols)[data.test.x[:, 39]] == "repeat").all()
    shown = " ".join(data.symbols[symbol] for symbol in data.test.x[0, :10])
    assert data.card["example"] == f"{shown}, asked for again 40 steps later"


def test_splits_depend_on_experiment_and_delay():
    assert len({TASK.prepare(delay, seed).sha256 for delay in (2, 3) for seed in (1, 2)}) == 4
