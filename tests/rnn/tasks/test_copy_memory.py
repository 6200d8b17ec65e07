"""Copy memory: its definition, and the loss of a predictor that remembers nothing (REFERENCE A13)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.tasks.copy_memory import draw, memoryless_loss


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
