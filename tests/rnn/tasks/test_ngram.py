"""The n-gram model: by hand, against dictionaries, and where its limit is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.tasks.ngram import NGram

SIZE = 3


def slow(texts, size, order, context, symbol):
    """Witten-Bell by its definition: count again for every question."""
    if order == 0:
        return 1 / size
    context = context[-(order - 1) :] if order > 1 else ()
    shorter = slow(texts, size, order - 1, context, symbol)
    if len(context) < order - 1:
        return shorter
    after = {}
    for text in texts:
        for i in range(len(text) - order + 1):
            if tuple(text[i : i + order - 1]) == tuple(context):
                after[text[i + order - 1]] = after.get(text[i + order - 1], 0) + 1
    if not after:
        return shorter
    return (after.get(symbol, 0) + len(after) * shorter) / (sum(after.values()) + len(after))


def array(values):
    return np.array(values, np.int8)


symbols = st.integers(0, SIZE - 1)
texts = st.lists(st.lists(symbols, min_size=1, max_size=14), min_size=1, max_size=3).filter(
    lambda drawn: max(map(len, drawn)) >= 8
)
windows = st.integers(1, 7).flatmap(
    lambda length: st.lists(st.lists(symbols, min_size=length, max_size=length), min_size=1, max_size=3)
)


@settings(max_examples=40, deadline=None)
@given(texts=texts, x=windows)
def test_equal_to_a_model_of_dictionaries(texts, x):
    model = NGram([array(text) for text in texts], SIZE, 8)
    for symbol in range(SIZE):
        p = model.probabilities(array(x), np.full_like(array(x), symbol))
        for order in range(1, 9):
            for i, window in enumerate(x):
                for t in range(len(window)):
                    right = slow(texts, SIZE, order, tuple(window[: t + 1]), symbol)
                    assert p[order - 1, i, t] == pytest.approx(right, rel=1e-12)


@given(texts=texts, x=windows)
def test_probabilities_sum_to_one_after_seen_and_unseen_contexts(texts, x):
    """One more symbol than the texts have, so that there are contexts and symbols nobody has seen."""
    x = array(x)
    x[0, 0] = SIZE
    model = NGram([array(text) for text in texts], SIZE + 1, 4)
    each = [model.probabilities(x, np.full_like(x, symbol)) for symbol in range(SIZE + 1)]
    assert np.min(each) > 0
    np.testing.assert_allclose(np.sum(each, axis=0), 1, rtol=1e-12)


def test_by_hand():
    """Text a b a b b: after a comes b twice, after b come a and b once each, after a b come a and b once each."""
    model = NGram([array([0, 1, 0, 1, 1])], 2, 3)
    x = array([[0, 1]])
    p = model.probabilities(x, array([[0, 0]]))
    a = (2 + 2 / 2) / (5 + 2)
    after_a, after_b = (0 + a) / (2 + 1), (1 + 2 * a) / (2 + 2)
    after_ab = (1 + 2 * after_b) / (2 + 2)
    np.testing.assert_allclose(p, [[[a, a]], [[after_a, after_b]], [[after_a, after_ab]]], rtol=1e-15)
    assert (a, after_a, after_b, after_ab) == pytest.approx((3 / 7, 1 / 7, 13 / 28, 27 / 56), rel=1e-15)


def test_order_one_is_the_relative_frequency_with_a_share_for_every_symbol():
    text = np.random.default_rng(0).choice(4, size=5000, p=[0.5, 0.3, 0.2, 0.0])
    x = np.zeros((1, 4), np.int8)
    p = NGram([text], 4, 1).probabilities(x, array([[0, 1, 2, 3]]))[0, 0]
    np.testing.assert_allclose(p, (np.bincount(text, minlength=4) + 3 / 4) / (5000 + 3), rtol=1e-14)


def test_a_text_that_repeats_itself_is_foreseen():
    """The next symbol of a b c a b c ... follows from one symbol, of a a b a a b ... from two."""
    simple, double = array([0, 1, 2] * 3000), array([0, 0, 1] * 3000)
    bits = NGram([simple], 3, 3).bits(simple[None, 1:300], simple[None, 2:301])
    assert bits[0] == pytest.approx(np.log2(3), abs=1e-3)
    assert bits[1] < 1e-3
    bits = NGram([double], 2, 3).bits(double[None, 1:300], double[None, 2:301])
    assert bits[1] > 0.5
    assert bits[2] < 0.01


def test_bits_are_the_mean_of_the_logarithms():
    rng = np.random.default_rng(1)
    text, x, y = rng.integers(0, 3, 200), rng.integers(0, 3, (4, 6)), rng.integers(0, 3, (4, 6))
    model = NGram([text], 3, 2)
    np.testing.assert_allclose(model.bits(x, y), [-np.log2(p).mean() for p in model.probabilities(x, y)], rtol=1e-14)


def test_no_run_goes_from_one_text_into_the_next():
    apart, together = NGram([array([0, 0]), array([1, 1])], 2, 2), NGram([array([0, 0, 1, 1])], 2, 2)
    x, y = array([[0]]), array([[1]])
    assert apart.probabilities(x, y)[1] < together.probabilities(x, y)[1]


def test_only_what_the_window_shows_is_used():
    """At the first place of a window all orders above 2 say what order 2 says, whatever stands in other windows."""
    rng = np.random.default_rng(2)
    model = NGram([rng.integers(0, 3, 500)], 3, 5)
    x, y = rng.integers(0, 3, (6, 4)), rng.integers(0, 3, (6, 4))
    p = model.probabilities(x, y)
    for t in range(4):
        for order in range(t + 2, 5):
            np.testing.assert_array_equal(p[order, :, t], p[t + 1, :, t])
    np.testing.assert_array_equal(model.probabilities(x[2:3], y[2:3])[:, 0], p[:, 2])


def test_the_question_is_left_as_it_was():
    rng = np.random.default_rng(3)
    x, y = rng.integers(0, 3, (2, 5)), rng.integers(0, 3, (2, 5))
    copies = x.copy(), y.copy()
    NGram([rng.integers(0, 3, 50)], 3, 3).probabilities(x, y)
    np.testing.assert_array_equal((x, y), copies)


def test_runs_that_do_not_fit_into_an_integer_are_refused():
    with pytest.raises(ValueError, match="Runs of 11 of 63 symbols"):
        NGram([array([0] * 20)], 63, 11)
