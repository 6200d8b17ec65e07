"""Truncated back-propagation: the gradient of a loss to which the state before each window is a constant."""

import numpy as np
import pytest

from rnn import unroll
from rnn.layers import Embedding
from rnn.network import Batch
from rnn.tape import Tape
from tests.rnn.examples import (
    CELL_KINDS,
    PLACES,
    Case,
    gradient,
    make_batch,
    make_network,
    make_parameters,
    make_state,
    pre_activation_margin,
    relative_error,
)

WINDOW = 3
LENGTHS = np.array([[8, 6, 5, 2]])  # more than two windows, whole windows, a part of one besides, less than one


def case_of(kind, at, inputs="dense", seeds=1):
    network, rng = make_network(kind, inputs, at=at, d=2, h=4), np.random.default_rng(21)
    n = np.repeat(LENGTHS, seeds, axis=0)
    batch = make_batch(network, rng, seeds, 4, 8, n)
    return Case(network, make_parameters(network, rng, seeds), batch, make_state(network, rng, seeds, 4))


def states_of(case):
    """States before each step of one seed's run, (T+1, B, H) a part."""
    tape = case.network.tape(1, 8, 4, np.float64)
    case.network.forward(case.p, case.batch, tape, case.initial)
    second = tape.cell.extra_state(tape)
    return [part[0].copy() for part in ([tape.h] if second is None else [tape.h, second[0]])]


def loss_with_held_states(case, p, states):
    """The loss, every window run by itself from the state that stands before it; one sequence after the other."""
    network, batch, total = case.network, case.batch, 0.0
    for b, n in enumerate(batch.n[0]):
        for end in range(n, 0, -WINDOW):
            start = max(end - WINDOW, 0)
            y = batch.y[:, b : b + 1] if network.at == "last" else batch.y[:, b : b + 1, start:end]
            part = Batch(batch.x[:, b : b + 1, start:end], y, np.array([[end - start]]))
            tape = network.tape(1, end - start, 1, np.float64)
            o = network.forward(p, part, tape, tuple(state[None, start, b : b + 1] for state in states))
            weight = 1 / len(batch.n[0]) if network.at == "last" else (end - start) / batch.n.sum()
            total += weight * network.mean_loss(part, o)[0]
            if network.at == "last":
                break
    return total


@pytest.mark.parametrize("inputs", ["dense", "embedding"])
@pytest.mark.parametrize("at", PLACES)
@pytest.mark.parametrize("kind", CELL_KINDS)
def test_it_is_the_gradient_with_the_states_before_windows_held(kind, at, inputs):
    """Central differences of every parameter, in float64, of sequences of different lengths (REFERENCE A21)."""
    case = case_of(kind, at, inputs)
    assert kind != "rnn-relu" or pre_activation_margin(case) > 1e-3, "a unit sits on its kink: take another seed"
    found, states = gradient(case, window=WINDOW)[2], states_of(case)
    exact = gradient(case)[2]
    for name, array in case.p.items():
        differences = np.zeros_like(array)
        for place in np.ndindex(array.shape):
            for sign in (1, -1):
                moved = {other: values.copy() for other, values in case.p.items()}
                moved[name][place] += sign * 1e-5
                differences[place] += sign * loss_with_held_states(case, moved, states) / 2e-5
        if name == "W":
            case.network.cell.clear_structural_zeros(differences)
        np.testing.assert_allclose(found[name], differences, rtol=0, atol=1e-9, err_msg=name)
    assert relative_error(found["W"], exact["W"]) > 1e-3, "nothing was truncated"
    if isinstance(case.network.inputs, Embedding):
        assert relative_error(found["E"], exact["E"]) > 1e-4


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", CELL_KINDS)
def test_beyond_the_window_it_is_exactly_zero(kind, dtype):
    """dL/dz at each step, and dL/ds_0, of a loss at one step: the last one, or any other (REFERENCE D)."""
    case = case_of(kind, "every")
    p = {name: array.astype(dtype) for name, array in case.p.items()}
    for k in (None, *range(8)):
        tape = Tape.allocate(case.network.cell, 1, 8, 4, dtype, WINDOW)
        case.network.forward(p, case.batch, tape, case.initial)
        one, every = np.ones((1, 4, 4), dtype), None
        if k is not None:
            every = np.zeros((1, 8, 4, 4), dtype)
            every[:, k] = 1
        d_initial = unroll.backward(p, tape, (one if k is None else 0 * one,), every)
        for b, n in enumerate(LENGTHS[0]):
            from_step = n - 1 if k is None else k
            if from_step >= n:
                continue  # padding has no loss
            first = n - WINDOW * -(-(n - from_step) // WINDOW)  # of the window that it stands in
            reached = np.any(tape.z[0, :, b] != 0, axis=-1)
            right = (np.arange(8) <= from_step) & (np.arange(8) >= first)
            # a ReLU whose units are all off passes nothing on
            assert not np.any(reached & ~right)
            assert kind == "rnn-relu" or np.array_equal(reached, right)
            assert first < 0 or not any(part[0, b].any() for part in d_initial)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", CELL_KINDS)
def test_values_know_of_no_window(kind, dtype):
    """Loss and outputs have the bits of a run without one; so has the gradient if the window is longer than the run."""
    case = case_of(kind, "every")
    whole, cut, long = (gradient(case, dtype, window=window) for window in (0, WINDOW, 9))
    for truncated in (cut, long):
        np.testing.assert_array_equal(truncated[0], whole[0])
        np.testing.assert_array_equal(truncated[1], whole[1])
    for name, array in whole[2].items():
        np.testing.assert_array_equal(long[2][name], array, err_msg=name)
    assert not np.array_equal(cut[2]["W"], whole[2]["W"])


@pytest.mark.parametrize("at", PLACES)
@pytest.mark.parametrize("kind", CELL_KINDS)
def test_kernels_follow_the_float64_path(kind, at):
    """Norm-wise relative error over 30 steps, every parameter and the initial state."""
    network, rng = make_network(kind, at=at, h=16, k=3), np.random.default_rng(0)
    n = rng.integers(1, 31, size=(2, 32))
    batch, p = make_batch(network, rng, 2, 32, 30, n), make_parameters(network, rng, 2)
    case = Case(network, p, batch, make_state(network, rng, 2, 32))
    assert kind != "rnn-relu" or pre_activation_margin(case) > 1e-7, "a unit sits on its kink: take another seed"
    found, right = (gradient(case, dtype, window=7)[2] for dtype in (np.float32, np.float64))
    for name in right:
        assert relative_error(found[name], right[name]) < 2e-6, name


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("kind", CELL_KINDS)
def test_an_early_end_changes_no_bit(kind, masked):
    """Beyond the window of a loss at the last step nothing is computed; a loss of zero at each step keeps it going."""
    network, rng = make_network(kind, h=20), np.random.default_rng(4)
    p = {name: array.astype(np.float32) for name, array in make_parameters(network, rng, 2).items()}
    batch, found = make_batch(network, rng, 2, 6, 60, rng.integers(40, 61, size=(2, 6)) if masked else None), []
    for every in (None, np.zeros((2, 60, 6, 20), np.float32)):
        tape = Tape.allocate(network.cell, 2, 60, 6, window=7)
        network.forward(p, batch, tape)
        d_initial = unroll.backward(p, tape, (np.ones((2, 6, 20), np.float32),), every)
        grad = {name: np.zeros_like(array) for name, array in p.items()}
        unroll.weight_gradient(tape, grad)
        found.append([tape.z, tape.back, *d_initial, *tape.sums.values(), *grad.values()])
    for early, whole in zip(*found, strict=True):
        np.testing.assert_array_equal(early, whole)


@pytest.mark.parametrize("at_once", [1, 2])
def test_seeds_in_turn_keep_the_window(at_once):
    """A tape of fewer seeds than the stack, whose last part does not fill it."""
    case = case_of("gru", "last", seeds=3)
    p = {name: array.astype(np.float32) for name, array in case.p.items()}
    grads = []
    for seeds in (3, at_once):
        tape = Tape.allocate(case.network.cell, seeds, 8, 4, window=WINDOW)
        grads.append({name: np.zeros_like(array) for name, array in p.items()})
        case.network.gradient(p, case.batch, tape, grads[-1], case.initial)
    for name in p:
        np.testing.assert_array_equal(grads[1][name], grads[0][name], err_msg=name)
