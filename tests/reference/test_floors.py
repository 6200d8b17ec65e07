"""What nobody who remembers nothing can beat (REFERENCE A12 to A17)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.reference.chance import constant_error
from rnn.reference.floors import guessing_loss
from rnn.tasks import copy_memory, order
from rnn.tasks.adding import CONSTANT_ERROR
from rnn.tasks.autoregressive import forecast_floor
from rnn.tasks.reber import EMBEDDED
from tests.reference.rows import assert_row, measured


def test_a12():
    """Adding: constant 1 has MSE 1/6, not the widely copied .1767; the published target 1/24 (closed form)."""
    assert_row("A12")
    assert abs(0.1767 - 1 / 6) > max(case.tolerance for case in measured("A12"))
    assert pytest.approx(1 / 6, rel=1e-15) == CONSTANT_ERROR


@given(constant=st.floats(-1, 3))
def test_a12_one_is_the_best_constant(constant):
    error = constant_error(lambda a, b: a + b, (0, 1), constant)
    assert error == pytest.approx(1 / 6 + (constant - 1) ** 2, rel=1e-12)


def test_a13():
    """Copy memory, memoryless loss 10 ln 8/(T + 20) (Arjovsky, Shah & Bengio 2016, section 4.1)."""
    assert_row("A13")


@given(delay=st.integers(1, 60), seed=st.integers(0, 2**32 - 1))
def test_a13_formula_and_generator(delay, seed):
    y = copy_memory.draw(np.random.default_rng(seed), 3, delay).y
    assert copy_memory.memoryless_loss(delay) == pytest.approx(guessing_loss(y), rel=1e-12)
    assert copy_memory.memoryless_loss(delay) == pytest.approx(10 * np.log(8) / (delay + 20), rel=1e-14)


def test_a14():
    """Temporal order by chance: ln 4 and 75 %, ln 8 and 87.5 % (Hochreiter & Schmidhuber 1997, section 5.6)."""
    assert_row("A14")
    for n_relevant, loss, error in ((2, np.log(4), 0.75), (3, np.log(8), 0.875)):
        assert order.chance_loss(n_relevant) == pytest.approx(loss, rel=1e-15)
        assert order.chance_error(n_relevant) == error


def test_a15():
    """Embedded Reber: mean length 12, shortest 9, 7 bits a string, 7/11 bits a predicted symbol (closed form)."""
    assert_row("A15")


def test_a15_step_by_step():
    """The distribution over the automaton's states, step after step, instead of the solution of a linear system."""
    there, end = {0: 1.0}, len(EMBEDDED.states)
    ended, bits = [], 0.0
    for _ in range(400):
        after: dict[int, float] = {}
        for state, probability in there.items():
            choices = EMBEDDED.states[state].values()
            bits += probability * np.log2(len(choices))
            for following in choices:
                after[following] = after.get(following, 0.0) + probability / len(choices)
        ended.append(after.pop(end, 0.0))
        there = after
    length = 1 + np.arange(400)
    assert sum(ended) == pytest.approx(1, abs=1e-12)
    assert length @ np.array(ended) == pytest.approx(12, abs=1e-9)
    assert length[np.array(ended) > 0].min() == 9
    assert bits == pytest.approx(7, abs=1e-9)


def test_a15_second_and_last_but_one_agree():
    rng = np.random.default_rng(15)
    for _ in range(100):
        string = EMBEDDED.draw(rng)
        assert string[1] == string[-2]
        assert string[1] in "TP"


def test_a16():
    """A fresh character model: ln V with a zero output layer, else about ln V + Var(logit)/2 (closed form)."""
    assert_row("A16")


def test_a17():
    """AR(1), phi = .9: h-step floor (1 - phi^2h)/(1 - phi^2) (Box & Jenkins 1970)."""
    assert_row("A17")


@pytest.mark.parametrize("horizon", [1, 2, 10])
@pytest.mark.parametrize("phi", [-0.5, 0.0, 0.9, 1.0])
def test_a17_is_a_sum_of_squares(phi, horizon):
    noise = sum(4 * phi ** (2 * j) for j in range(horizon))
    assert forecast_floor(phi, horizon, 2.0) == pytest.approx(noise, rel=1e-12)
