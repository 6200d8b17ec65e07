"""The fused float32 kernels against float64: gradients of every cell, and the rational tanh and sigmoid themselves."""

import itertools
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rnn import unroll
from rnn.cells import backward, elementary, kernels, kernels_1997, kernels_before, product
from rnn.cells.product import packed
from rnn.tape import Tape
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
    relative_error,
)

BOUND = 3.1e-7  # documented beside the coefficients; it needs fused multiply-add (x86-64 since 2013, arm64)


@pytest.mark.parametrize(
    ("module", "calls"),
    [
        (backward, (elementary,)),
        (product, (elementary,)),
        (kernels, (elementary, product, backward)),
        (kernels_before, (elementary, product, backward)),
        (kernels_1997, (elementary, product, backward)),
    ],
)
def test_compiled_code_changes_with_the_files_it_calls(module, calls):
    digest = sha256(b"".join(Path(called.__file__).read_bytes() for called in calls)).hexdigest()[:16]
    assert digest == module.CALLS, f'write CALLS = "{digest}" in {Path(module.__file__).name}'


def apply_kernel(x, activation):
    """Run the forward kernel of the vanilla cell on pre-activations, through the weight 1 of its input."""
    x = np.asarray(x, np.float32)
    hx = np.zeros((1, 2, x.size, 3), np.float32)
    hx[0, 0, :, 1] = x
    w = packed(np.array([[[0], [1], [0]]], np.float32))
    n, z = np.ones((1, x.size), np.int64), np.empty((1, 1, x.size, 1), np.float32)
    kernels.vanilla_forward(n, activation, w, hx, z)
    return hx[0, 1, :, 0].copy()


@pytest.fixture(scope="module")
def grid():
    """Float32 values in [-12, 12]: evenly spaced, at all magnitudes, and where an exhaustive search found the worst.

    The search over every float32 in [2^-20, 12] and its negative gave 2.92e-7 at 5.126039, absolute and relative.
    """
    even = np.linspace(-12, 12, 2_000_001)
    magnitudes = np.geomspace(1e-30, 12, 500_000)
    worst = np.float32(5.126039).view(np.int32) + np.arange(-50_000, 50_000)
    positive = np.concatenate((magnitudes, worst.astype(np.int32).view(np.float32)))
    return np.concatenate((even, positive, -positive)).astype(np.float32)


def test_tanh_error_is_as_documented(grid):
    right = np.tanh(grid.astype(np.float64))
    error = np.abs(apply_kernel(grid, kernels.TANH) - right)
    assert error.max() <= BOUND
    assert np.max(error[right != 0] / np.abs(right[right != 0])) <= BOUND
    assert error.max() > BOUND / 2, "the documented bound is no longer the size of the error: say the new one"


def test_sigmoid_error_is_half_of_it(grid):
    """Sigmoid is 1/2 + tanh(z/2)/2: half the error of tanh, and the rounding of a number up to 1."""
    right = 1 / (1 + np.exp(-grid.astype(np.float64)))
    assert np.max(np.abs(apply_kernel(grid, kernels.SIGMOID) - right)) <= BOUND / 2 + 2.0**-24


def test_tanh_is_odd_and_sigmoid_symmetric(grid):
    tanh = apply_kernel(grid, kernels.TANH)
    np.testing.assert_array_equal(apply_kernel(-grid, kernels.TANH), -tanh)
    sigmoid = apply_kernel(grid, kernels.SIGMOID).astype(np.float64)
    np.testing.assert_allclose(apply_kernel(-grid, kernels.SIGMOID), 1 - sigmoid, rtol=0, atol=2.0**-24)


@pytest.mark.parametrize("x", [7.91, 20.0, 1e4, 3e38, np.inf])
def test_saturation(x):
    """A slope 1 - h^2 of exactly zero would stop the gradient for good; a gate must never be exactly shut."""
    high, low = apply_kernel([x, -x], kernels.TANH)
    assert 0.99999 < high < 1
    assert low == -high
    open_, shut = apply_kernel([x, -x], kernels.SIGMOID)
    assert 0.999 < open_ <= 1
    assert 0 < shut < 0.001


@pytest.mark.parametrize("activation", [kernels.TANH, kernels.SIGMOID, kernels.RELU, kernels.LINEAR])
def test_not_a_number_passes_through(activation):
    """A diverging run must be seen, so no clamp may swallow a NaN."""
    assert np.isnan(apply_kernel([np.nan, 0.5], activation)).tolist() == [True, False]


@pytest.mark.parametrize("masked", [False, True], ids=["full", "masked"])
@pytest.mark.parametrize("kind", CELL_KINDS)
def test_gradients_equal_the_float64_path(kind, masked):
    """Norm-wise relative error below 5e-7 for parameters and initial state: every input, loss and place of the loss."""
    for seed, (inputs, loss, at) in enumerate(itertools.product(INPUT_KINDS, LOSS_KINDS, PLACES)):
        network = make_network(kind, inputs, loss, at, d=3, h=16, k=3)
        rng = np.random.default_rng(seed)
        n = rng.integers(1, 13, size=(2, 32)) if masked else None
        case = Case(
            network,
            make_parameters(network, rng, 2),
            make_batch(network, rng, 2, 32, 12, n),
            make_state(network, rng, 2, 32),
        )
        assert kind != "rnn-relu" or pre_activation_margin(case) > 1e-7, "a unit sits on its kink: take other seeds"
        (loss_32, _, found), (loss_64, _, right) = gradient(case, np.float32), gradient(case)
        assert relative_error(loss_32, loss_64) < 5e-7, (inputs, loss, at)
        for part in (case.p.keys(), right.keys() - case.p.keys()):
            names = sorted(part)
            error = relative_error(*(np.concatenate([g[name].ravel() for name in names]) for g in (found, right)))
            assert error < 5e-7, (names, inputs, loss, at)


@pytest.mark.parametrize(("h", "size", "steps"), [(17, 3, 50), (33, 5, 27), (16, 130, 3)])
@pytest.mark.parametrize("kind", sorted(set(CELL_KINDS) - {"rnn-relu"}))
def test_gradients_across_panels_and_blocks(kind, h, size, steps):
    """More than one panel of columns, a cut last one, several blocks of steps, and a batch above a whole block."""
    network, rng = make_network(kind, h=h), np.random.default_rng(3)
    n = rng.integers(1, steps + 1, size=(2, size))
    case = Case(network, make_parameters(network, rng, 2), make_batch(network, rng, 2, size, steps, n), None)
    found, right = gradient(case, np.float32)[2]["W"], gradient(case)[2]["W"]
    assert relative_error(found, right) < 2e-6


@given(case=cases(max_steps=6))
@settings(max_examples=150)
def test_gradients_follow_the_float64_path_in_any_shape(case):
    """A wide bound, since small shapes can be badly conditioned; a wrong formula or mask is off by far more."""
    assume(getattr(case.network.cell, "activation", "") != "relu" or pre_activation_margin(case) > 1e-4)
    (_, outputs_32, found), (_, outputs_64, right) = gradient(case, np.float32), gradient(case)
    np.testing.assert_allclose(outputs_32, outputs_64, rtol=1e-4, atol=1e-5)
    for name, array in right.items():
        np.testing.assert_allclose(found[name], array, rtol=1e-3, atol=1e-4 * max(1, np.abs(array).max()), err_msg=name)


def weight_gradients_over_50_steps(kind, monkeypatch):
    """Return dL/dW of the float64 path, of the kernels, and of the same cell in plain float32 NumPy."""
    network, rng = make_network(kind, h=16), np.random.default_rng(1)
    case = Case(network, make_parameters(network, rng, 2), make_batch(network, rng, 2, 16, 50), None)
    right, fused = gradient(case)[2]["W"], gradient(case, np.float32)[2]["W"]
    monkeypatch.setattr(Tape, "fused_cell", None)
    return right, fused, gradient(case, np.float32)[2]["W"]


@pytest.mark.parametrize("kind", CELL_KINDS)
def test_kernels_add_little_to_float32_itself(kind, monkeypatch):
    """Over 50 steps the dynamics amplify any rounding: the yardstick is plain float32 with NumPy's own tanh."""
    right, fused, plain = weight_gradients_over_50_steps(kind, monkeypatch)
    assert not np.array_equal(fused, plain), "both ran the same path"
    assert relative_error(fused, right) < max(5e-7, 8 * relative_error(plain, right))


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("kind", sorted(set(CELL_KINDS) - {"lstm-1997"}))  # its gradient does not vanish
def test_an_early_end_changes_no_bit(kind, masked):
    """A loss of zero at each step keeps the backward pass going where it would have ended.

    A first state that is no number spoils the sums of a backward pass that comes so far.
    """
    network, rng = make_network(kind, h=20), np.random.default_rng(4)
    p = {name: array.astype(np.float32) for name, array in make_parameters(network, rng, 3).items()}
    for array in p.values():
        array[1:] *= 0.01  # the gradient of these seeds is gone after some 200 steps
    if "rnn" not in kind:  # a gate more than half open would keep the smallest number of float32 for ever
        p["W"][1:, -1] -= 1
    n = rng.integers(200, 301, size=(3, 6)) if masked else None
    batch, found = make_batch(network, rng, 3, 6, 300, n), []
    for every in (None, np.zeros((3, 300, 6, 20), np.float32)):
        tape, grad = network.tape(3, 300, 6), {name: np.zeros_like(array) for name, array in p.items()}
        network.forward(p, batch, tape)
        if every is None:
            tape.hx[1, 0, :, :20] = np.nan
            unroll.backward(p, tape, (np.ones((3, 6, 20), np.float32),))
            assert np.isfinite(tape.sums["W"][1]).all(), "the backward pass did not end early"
            tape.hx[1, 0, :, :20] = 0
            network.forward(p, batch, tape)
        d_initial = unroll.backward(p, tape, (np.ones((3, 6, 20), np.float32),), every)
        unroll.weight_gradient(tape, grad)
        found.append([tape.z, tape.back, *d_initial, *tape.sums.values(), *grad.values()])
        if every is None:
            again = network.tape(3, 300, 6)
            again.z[...] = np.nan
            network.forward(p, batch, again)
            unroll.backward(p, again, (np.ones((3, 6, 20), np.float32),), whole=False)
            for name, array in again.sums.items():
                np.testing.assert_array_equal(array, tape.sums[name])
    for early, whole in zip(*found, strict=True):
        np.testing.assert_array_equal(early, whole)


@given(st.sampled_from(sorted(CELL_KINDS)), st.integers(1, 3), st.integers(1, 6), st.integers(1, 5), st.integers(0, 99))
@settings(max_examples=60)
def test_the_same_bits_again(kind, seeds, steps, size, seed):
    """A tape that has been used gives the same bits as a new one."""
    network = make_network(kind, at="every")
    rng = np.random.default_rng(seed)
    p = {name: array.astype(np.float32) for name, array in make_parameters(network, rng, seeds).items()}
    tape = network.tape(seeds, steps, size)
    other, batch = (
        make_batch(network, rng, seeds, size, steps, rng.integers(1, steps + 1, (seeds, size))) for _ in range(2)
    )
    grads = [{name: np.zeros_like(array) for name, array in p.items()} for _ in range(2)]
    network.gradient(p, other, tape, grads[0])
    network.gradient(p, batch, tape, grads[0])
    network.gradient(p, batch, network.tape(seeds, steps, size), grads[1])
    for name in p:
        np.testing.assert_array_equal(grads[0][name], grads[1][name])
