"""The decomposition of dL_T/dW_hh by lag: exact sum, shares, norms, and what happens far back."""

import numpy as np
import pytest
from hypothesis import given, settings

from rnn.gradients import Trajectory, contributions, gradient_norms
from rnn.network import Batch
from tests.rnn.examples import CELL_KINDS, cases, make_batch, make_network, make_parameters


def weight_gradient(network, p, batch, initial=None):
    """dL/dW_hh of the mean over samples, of a network with its loss at the last step, as training computes it."""
    seeds, size = batch.n.shape
    tape = network.tape(seeds, batch.x.shape[2], size, np.float64)
    grad = {name: np.zeros_like(array) for name, array in p.items()}
    network.gradient(p, batch, tape, grad, initial)
    size = network.cell.n_hidden
    parts = [grad["W"][:, :size]]
    if network.cell.name == "gru-before":  # whose U_n stands in a matrix of its own
        parts.append(grad["W_n"][:, :size])
    return np.concatenate(parts, axis=-1)


@settings(max_examples=60, deadline=None)
@given(cases().filter(lambda case: case.network.at == "last"))
def test_shares_and_total_are_those_of_the_training_gradient(case):
    parts = contributions(Trajectory.run(case.network, case.p, case.batch, case.initial))
    total = weight_gradient(case.network, case.p, case.batch, case.initial)
    norm = np.linalg.norm(total.reshape(len(total), -1), axis=1)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(parts.log_total, np.log(norm), rtol=0, atol=1e-9)
    there = norm > 0
    np.testing.assert_allclose(parts.share[there].sum(axis=1), 1, rtol=0, atol=1e-9)
    assert (parts.cancellation[there] >= 1 - 1e-9).all()
    assert np.isnan(parts.share[~there]).all()
    assert np.isnan(parts.log_norm[~there]).all()


@pytest.mark.parametrize("cell", CELL_KINDS)
def test_each_lag_is_the_gradient_through_that_step_alone(cell):
    """G_k by brute force: a copy of W_hh used at step n - k of each sample only; central differences of the loss."""
    rng = np.random.default_rng(3)
    network = make_network(cell, h=3, k=1)
    p = {name: array.astype(np.float64) for name, array in make_parameters(network, rng).items()}
    lengths = np.array([[5, 3]])
    batch = make_batch(network, rng, 1, 2, 5, lengths)
    parts = contributions(Trajectory.run(network, p, batch))
    total = weight_gradient(network, p, batch)[0]
    size, width = total.shape
    for lag in range(5):
        g = np.zeros((size, width))
        for row in range(size):
            for column in range(width):
                changed = [loss_with_change(network, p, batch, lag, row, column, e) for e in (1e-5, -1e-5)]
                g[row, column] = (changed[0] - changed[1]) / 2e-5
        share = np.vdot(g, total) / np.vdot(total, total)
        assert parts.share[0, lag] == pytest.approx(share, abs=1e-7), lag
        assert np.exp(parts.log_norm[0, lag]) == pytest.approx(
            np.linalg.norm(g) / np.linalg.norm(total), rel=1e-6, abs=1e-7
        )


def loss_with_change(network, p, batch, lag, row, column, e):
    """Return the mean loss where one entry of W_hh is changed at one step of each sample."""
    losses = []
    for b in range(batch.n.shape[1]):
        n = int(batch.n[0, b])
        state = tuple(np.zeros((1, 1, network.cell.n_hidden)) for _ in network.cell.state)
        for t in range(n):
            step_p = {name: array.copy() for name, array in p.items()}
            if t == n - 1 - lag:
                w = step_p["W"]
                if column < w.shape[-1]:
                    w[0, row, column] += e
                else:
                    step_p["W_n"][0, row, column - w.shape[-1]] += e
            one = Batch(batch.x[:, b : b + 1, t : t + 1], batch.y[:, b : b + 1], np.ones((1, 1), int))
            tape = network.tape(1, 1, 1, np.float64)
            o = network.forward(step_p, one, tape, state)
            state = (tape.h[:, -1], *(tape.extra[name][:, -1] for name in network.cell.state[1:]))
        losses.append(network.mean_loss(one, o)[0])
    return np.mean(losses)


def test_far_lags_keep_their_logarithms():
    """One linear unit, w = 1e-3, 400 steps: G_k is (w^k h_{n-k-1}), far below the smallest number of float64."""
    network = make_network("rnn-linear", d=1, h=1, k=1)
    p = {name: np.ones((1, *shape)) for name, shape in network.shapes().items()}
    p["W"][0] = [[1e-3], [1.0], [0.0]]
    x = np.ones((1, 1, 400, 1))
    parts = contributions(Trajectory.run(network, p, Batch(x, np.full((1, 1, 1), 9.0), np.array([[400]]))))
    h = np.concatenate(([0.0], np.cumsum(1e-3 ** np.arange(399.0))))
    lag = np.arange(399)
    log_g = lag * np.log(1e-3) + np.log(h[399 - lag])
    np.testing.assert_allclose(parts.log_norm[0, :399] - parts.log_norm[0, 0], log_g - log_g[0], rtol=1e-12, atol=1e-9)
    assert np.isneginf(parts.log_norm[0, 399]), "before the first step the state is zero"
    assert parts.share[0].sum() == pytest.approx(1, abs=1e-12)
    assert np.isfinite(parts.share).all()


def test_a_gradient_whose_square_is_zero_in_float64():
    """tanh'(250) is e^-498.6: dL/dW_hh is e^-499 or so, its square is not representable."""
    network = make_network("rnn-tanh", d=1, h=2, k=1)
    p = {name: np.ones((1, *shape)) for name, shape in network.shapes().items()}
    p["W"][0, :2] = np.eye(2)
    x = np.full((1, 1, 3, 1), 249.0)
    parts = contributions(Trajectory.run(network, p, Batch(x, np.zeros((1, 1, 1)), np.array([[3]]))))
    assert -520 < parts.log_total[0] < -480
    assert parts.share[0].sum() == pytest.approx(1, abs=1e-12)


def test_a_readout_of_zeros_leaves_nothing_to_share():
    rng = np.random.default_rng(0)
    network = make_network("gru")
    p = make_parameters(network, rng)
    p["W_ho"][...] = 0
    parts = contributions(Trajectory.run(network, p, make_batch(network, rng)))
    assert np.isneginf(parts.log_total).all()
    assert np.isnan(parts.share).all()
    assert np.isnan(parts.log_norm).all()
    assert np.isnan(parts.cancellation).all()


def test_measurements_do_not_disturb_each_other():
    """The trajectory is left as it was, whatever is measured first."""
    rng = np.random.default_rng(0)
    for cell in CELL_KINDS:
        network = make_network(cell)
        trajectory = Trajectory.run(network, make_parameters(network, rng), make_batch(network, rng))
        kept = {"z": trajectory.tape.z.copy(), **{name: a.copy() for name, a in trajectory.tape.extra.items()}}
        first = gradient_norms(trajectory).log_norm
        contributions(trajectory)
        np.testing.assert_array_equal(gradient_norms(trajectory).log_norm, first)
        for name, array in {"z": trajectory.tape.z, **trajectory.tape.extra}.items():
            np.testing.assert_array_equal(array, kept[name], err_msg=f"{cell} {name}")
