"""The gradient check itself, and through it every combination that the library offers (REFERENCE A21)."""

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings

from rnn.cells import GRU, LSTM, Vanilla
from rnn.gradients import GradientMismatch, check_gradient
from tests.rnn.examples import (
    CELL_KINDS,
    INPUT_KINDS,
    LOSS_KINDS,
    PLACES,
    Case,
    cases,
    gradient,
    make_batch,
    make_network,
    make_parameters,
    make_state,
    pre_activation_margin,
)

# a central difference of 1e-5 must not carry any unit of a ReLU network over its kink
MARGIN = 1e-3


def any_case(cell, inputs="dense", loss="mse", at="last", masked=True, initial=True):
    """Two seeds, three sequences of at most three steps; ReLU networks far enough from their kinks."""
    network = make_network(cell, inputs, loss, at, d=2, h=2, k=2)
    for seed in range(100):
        rng = np.random.default_rng(seed)
        case = Case(
            network,
            make_parameters(network, rng, 2),
            make_batch(network, rng, 2, 3, 3, [[3, 1, 2], [2, 3, 3]] if masked else None),
            make_state(network, rng, 2, 3) if initial else None,
        )
        if cell != "rnn-relu" or pre_activation_margin(case) > MARGIN:
            return case
    raise AssertionError("no case stays away from the kinks")


def check(case):
    return check_gradient(case.network, case.p, case.batch, initial=case.initial)


@pytest.mark.parametrize("initial", [True, False], ids=["initial", "zero-start"])
@pytest.mark.parametrize("masked", [True, False], ids=["masked", "full"])
@pytest.mark.parametrize("at", PLACES)
@pytest.mark.parametrize("loss", LOSS_KINDS)
@pytest.mark.parametrize("inputs", INPUT_KINDS)
@pytest.mark.parametrize("cell", CELL_KINDS)
def test_every_combination(cell, inputs, loss, at, masked, initial):
    check(any_case(cell, inputs, loss, at, masked, initial))


@given(case=cases(max_steps=5, max_hidden=3))
@settings(max_examples=40)
def test_any_shape_and_length(case):
    """Sizes down to one seed, one sequence, one step, one unit."""
    if getattr(case.network.cell, "activation", None) == "relu":
        assume(pre_activation_margin(case) > MARGIN)
    check(case)


@pytest.mark.parametrize(("cell", "kind"), [(Vanilla, "rnn-tanh"), (LSTM, "lstm"), (GRU, "gru")])
def test_a_wrong_backward_step_is_found_with_both_numbers(monkeypatch, cell, kind):
    """One part in a thousand at one step is enough; the message holds both norms."""
    case = any_case(kind)
    right = np.linalg.norm(gradient(case)[2]["W"])
    step = cell.backward_step

    def wrong(self, tape, t):
        step(self, tape, t)
        if t == 1:
            tape.z[:, t] *= 1.001

    monkeypatch.setattr(cell, "backward_step", wrong)
    with pytest.raises(GradientMismatch, match="dL/dW") as caught:
        check(case)
    ours, differences = (
        float(re.search(rf"{word} (?:has norm )?([\d.e+-]+),", str(caught.value))[1])
        for word in ("back-propagation", "differences")
    )
    assert differences == pytest.approx(right, rel=1e-6)
    assert ours == pytest.approx(np.linalg.norm(gradient(case)[2]["W"]), rel=1e-8)
    assert ours != differences


def test_a_wrong_initial_state_gradient_is_found(monkeypatch):
    """Only what passes around W_hh is wrong here, so every weight gradient of a one-step run stays right."""
    case = any_case("gru")
    network = case.network
    batch = make_batch(network, np.random.default_rng(0), 2, 3, 1)
    step = GRU.backward_step

    def wrong(self, tape, t):
        step(self, tape, t)
        tape.carry[...] *= 1.01

    monkeypatch.setattr(GRU, "backward_step", wrong)
    with pytest.raises(GradientMismatch, match="dL/dh_0"):
        check_gradient(network, case.p, batch, initial=case.initial)


def test_a_gradient_that_is_not_a_number_is_found(monkeypatch):
    case = any_case("rnn-tanh")

    def wrong(self, tape, t):
        tape.z[:, t] = np.nan

    monkeypatch.setattr(Vanilla, "backward_step", wrong)
    with pytest.raises(GradientMismatch):
        check(case)


def test_a_gradient_where_there_is_none_is_found(monkeypatch):
    """A readout of zeros lets no gradient through to the cell: one that is there all the same is wrong."""
    case = any_case("rnn-tanh")
    case.p["W_ho"][...] = 0
    assert check(case) < 1e-7

    def wrong(self, tape, t):
        tape.z[:, t] = 1e-3

    monkeypatch.setattr(Vanilla, "backward_step", wrong)
    with pytest.raises(GradientMismatch):
        check(case)


def test_a_vanishing_gradient_raises_no_false_alarm():
    """Differences carry a rounding error of eps |loss| / epsilon, which an array of that size is not held to."""
    case = any_case("rnn-sigmoid", masked=False)
    case.p["W"][:, :2] *= 1e-4
    assert np.linalg.norm(gradient(case)[2]["h_0"]) < 1e-12
    check(case)


def test_nothing_is_changed_by_the_check():
    """Parameters and initial state are the same bits afterwards."""
    case = any_case("lstm")
    before = {name: array.copy() for name, array in case.p.items()}
    start = [part.copy() for part in case.initial]
    check(case)
    assert all(np.array_equal(case.p[name], array) for name, array in before.items())
    assert all(np.array_equal(a, b) for a, b in zip(case.initial, start, strict=True))
