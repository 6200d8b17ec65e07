"""The lecture's example as a task: one sequence, and what can be had without its memory."""

import math

import numpy as np
import pytest

from rnn.tasks import TASKS


@pytest.fixture
def data():
    return TASKS["hello"].prepare(4, 1)


def test_the_one_sequence(data):
    for split in (data.train, data.valid, data.test):
        assert "".join("helo"[i] for i in split.x[0]) == "hell"
        assert "".join("helo"[i] for i in split.y[0]) == "ello"
        assert len(split) == 1


def test_symbol_frequencies(data):
    """Targets e, l, l, o: entropy 2 (1/4 ln 4) + 1/2 ln 2 = 3/2 ln 2."""
    assert data.card["trivial"] == "symbol frequencies"
    assert data.baseline == pytest.approx(1.5 * math.log(2), abs=1e-15)


def test_previous_symbol(data):
    """h -> e and e -> l are sure; l is followed by l once and by o once: 2 ln 2 over four steps."""
    assert data.card["classical"] == "previous symbol"
    assert data.classical == pytest.approx(math.log(2) / 2, abs=1e-15)


def test_best_table_of_the_previous_symbol_reaches_that_baseline(data):
    """Counted from the data: the empirical conditional distribution is the best such table."""
    pairs = list(zip(data.test.x[0], data.test.y[0], strict=True))
    losses = [-math.log(pairs.count(pair) / sum(x == pair[0] for x, _ in pairs)) for pair in pairs]
    assert np.mean(losses) == pytest.approx(data.classical, abs=1e-15)


def test_criterion_is_below_what_needs_no_memory(data):
    assert TASKS["hello"].solved_below < data.classical
