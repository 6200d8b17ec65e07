"""Temporal order: its definition, read off each sequence, and its chance values (REFERENCE A14)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.tasks.order import SYMBOLS, chance_error, chance_loss, class_names, draw


def texts(split):
    return ["".join(SYMBOLS[symbol] for symbol in row[:n]) for row, n in zip(split.x, split.n, strict=True)]


@given(st.integers(20, 150), st.integers(0, 15), st.sampled_from([2, 3]), st.integers(0, 2**32 - 1))
def test_every_sequence_is_as_defined(length, more, n_relevant, seed):
    """E first, B last, distractors between, and as many X and Y as there are relevant ones: in order, the class."""
    split = draw(np.random.default_rng(seed), 8, length, n_relevant, length + more)
    assert split.x.shape == (8, length + more)
    names = class_names(n_relevant)
    for text, y in zip(texts(split), split.y, strict=True):
        assert length <= len(text) <= length + more
        assert (text[0], text[-1]) == ("E", "B")
        assert set(text[1:-1]) <= set("abcdXY")
        assert "".join(symbol for symbol in text if symbol in "XY") == names[y]
    assert (split.x[np.arange(length + more) >= split.n[:, None]] == 0).all()


@pytest.mark.parametrize(("n_relevant", "windows"), [(2, [(10, 20), (50, 60)]), (3, [(10, 20), (33, 43), (66, 76)])])
def test_published_windows_and_lengths(n_relevant, windows):
    """Steps counted from 1, all of each window and nothing else; lengths 100 to 110."""
    split = draw(np.random.default_rng(0), 4000, 100, n_relevant, 110)
    assert set(split.n) == set(range(100, 111))
    places = np.array([np.flatnonzero(row >= SYMBOLS.index("X")) + 1 for row in split.x])
    for column, (first, last) in zip(places.T, windows, strict=True):
        assert set(column) == set(range(first, last + 1))


@pytest.mark.parametrize("n_relevant", [2, 3])
def test_classes_are_alike_and_distractors_too(n_relevant):
    """4.5 sigma."""
    split = draw(np.random.default_rng(1), 8000, 30, n_relevant)
    classes = 2**n_relevant
    np.testing.assert_allclose(
        np.bincount(split.y, minlength=classes), 8000 / classes, atol=4.5 * math.sqrt(8000 / classes)
    )
    counts = np.bincount(split.x.ravel())[2:6]
    np.testing.assert_allclose(counts, counts.sum() / 4, atol=4.5 * math.sqrt(counts.sum() * 3 / 16))


def test_chance():
    assert class_names(2) == ["XX", "XY", "YX", "YY"]
    assert len(set(class_names(3))) == 8
    assert (chance_loss(2), chance_loss(3)) == (math.log(4), math.log(8))
    assert (chance_error(2), chance_error(3)) == (0.75, 0.875)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [((19,), "19 to 19"), ((30, 2, 29), "30 to 29"), ((100, 4), "not 4"), ((100, 1), "not 1")],
)
def test_errors_name_the_value(arguments, word):
    with pytest.raises(ValueError, match=word):
        draw(np.random.default_rng(0), 1, *arguments)


@pytest.mark.parametrize("function", [class_names, chance_loss, chance_error])
def test_there_is_no_chance_of_four(function):
    with pytest.raises(ValueError, match="2 or 3 relevant symbols, not 4"):
        function(4)
