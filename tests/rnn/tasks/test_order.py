"""Temporal order: its definition, read off each sequence, its chance values (REFERENCE A14), and the task."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.tasks import TASKS
from rnn.tasks.order import SYMBOLS, WINDOWS, chance_error, chance_loss, class_names, counting_error, draw

TASK = TASKS["order"]


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


@pytest.fixture(scope="module")
def prepared():
    return {length: TASK.prepare(length, 3) for length in (20, 50, 100, 133)}


def relevant(split):
    """The 0-based steps of X and Y, (N, 2)."""
    return np.array([np.flatnonzero(row >= SYMBOLS.index("X")) for row in split.x])


@pytest.mark.parametrize(("length", "lag"), [(20, 8), (50, 20), (100, 40), (133, 54), (1000, 400)])
def test_required_lag(length, lag):
    """40 % of the length: the second window ends at 60 %, a whole number of steps."""
    assert TASK.required_lag(length) == lag
    assert WINDOWS[2][-1][1] == 60


def test_nothing_nearer_than_the_required_lag_differs_between_the_classes(prepared):
    """The nearest relevant symbol of 4096 stands just there; what follows are distractors, then a B."""
    for length, data in prepared.items():
        steps = relevant(data.test)
        lag = TASK.required_lag(length)
        assert (length - 1 - steps).min() == lag
        assert (data.test.x[:, -lag:-1] < SYMBOLS.index("X")).all()
        assert (data.test.x[:, -1] == SYMBOLS.index("B")).all()


def test_all_sequences_have_the_length_and_two_relevant_symbols(prepared):
    for length, data in prepared.items():
        for split in (data.valid, data.test, TASK.batch(data, np.random.default_rng(0), 30)):
            assert split.x.shape[1] == length
            assert (split.n == length).all()
            names = np.array(SYMBOLS)[np.take_along_axis(split.x, relevant(split), axis=1)]
            assert ["".join(row) for row in names] == [data.classes[y] for y in split.y]


def test_the_best_that_counts_alone_can_do(prepared):
    """The most frequent class for each count of symbols, counted here; a quarter is expected (4.5 sigma)."""
    for data in prepared.values():
        counts = [tuple(np.bincount(row, minlength=8)[-2:]) for row in data.test.x]
        tables = Counter(zip(counts, data.test.y.tolist(), strict=True))
        most = {count: max(n for (other, _), n in tables.items() if other == count) for count in set(counts)}
        n = len(counts)
        least = 1 - sum(most.values()) / n
        assert least <= data.classical <= least + 4.5 * math.sqrt(0.5 / n), "XY and YX are equally frequent"
        expected = pytest.approx(0.25, abs=4.5 * math.sqrt(0.25 * 0.75 / n))
        assert data.classical == counting_error(data.test) == expected
        assert data.card["classical"] == "bag of symbols"


def test_counting_is_wrong_on_yx_alone():
    split = draw(np.random.default_rng(2), 200, 20)
    for y, name in enumerate(class_names()):
        assert counting_error(split.take(np.flatnonzero(split.y == y))) == (name == "YX")


def test_baseline_is_that_of_one_class(prepared):
    for data in prepared.values():
        assert data.baseline == chance_error() == 0.75
        one = data.card["baselines"]["one class"]
        assert one == np.mean(data.test.y != 0) == pytest.approx(0.75, abs=4.5 * math.sqrt(0.75 * 0.25 / 4096))


def test_the_criterion_cannot_be_met_by_counting(prepared):
    """And validation has enough sequences to tell: at least one wrong one is allowed."""
    for length, data in prepared.items():
        assert 1 / len(data.valid) < TASK.criterion(length) == 0.01 < data.classical


def test_what_the_card_says_of_lags_and_windows(prepared):
    data = prepared[50]
    assert "at a step from 5 to 10, the second from 25 to 30, so nothing nearer than 20 steps" in data.card["notes"]
    first, second = relevant(data.test)[0]
    named = data.classes[data.test.y[0]]
    assert data.card["example"] == (
        f"{named[0]} at step {first + 1} and {named[1]} at step {second + 1}: class {named}"
    )


def test_splits_depend_on_experiment_and_length():
    assert len({TASK.prepare(length, seed).sha256 for length in (20, 21) for seed in (1, 2)}) == 4


def test_too_short_a_length_is_refused():
    with pytest.raises(ValueError, match="from 20 on"):
        TASK.prepare(TASK.min_length - 1, 1)
