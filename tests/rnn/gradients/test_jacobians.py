"""Jacobians of every cell against the backward pass, and the largest singular value of their products."""

import numpy as np
import pytest
from hypothesis import given, settings

from rnn import unroll
from rnn.gradients import Trajectory, log_spaced_lags, sigma_max_by_lag, spectral_radius, step_jacobian
from rnn.network import Batch
from tests.rnn.examples import CELL_KINDS, cases, make_batch, make_network, make_parameters, make_state


@settings(max_examples=60, deadline=None)
@given(cases())
def test_a_row_times_the_jacobian_is_one_step_of_the_backward_pass(case):
    """Every cell, mask and state; rows of both parts of the LSTM's state."""
    trajectory = Trajectory.run(case.network, case.p, case.batch, case.initial)
    cell, tape = case.network.cell, trajectory.tape
    seeds, size = case.batch.n.shape
    rows = make_state(case.network, np.random.default_rng(0), seeds, size)
    w_hh_t = unroll.transposed_recurrent(trajectory.p, tape)
    right = [np.concatenate(rows, axis=-1)]
    for t in reversed(range(tape.steps)):
        right.append((right[-1][..., None, :] @ step_jacobian(trajectory, t))[..., 0, :])
    unroll.start_backward(tape, rows)
    for t, row in zip(reversed(range(tape.steps)), right[1:], strict=True):
        unroll.step_backward(w_hh_t, tape, t)
        found = np.concatenate(unroll.state_gradient(tape), axis=-1)
        np.testing.assert_allclose(found, row, rtol=1e-11, atol=1e-13, err_msg=f"{cell} step {t}")


@pytest.mark.parametrize("cell", CELL_KINDS)
def test_sigma_max_is_that_of_the_plain_product(cell):
    """At all lags of sequences of different lengths; NaN beyond a sequence's first step."""
    rng = np.random.default_rng(0)
    network = make_network(cell)
    p = make_parameters(network, rng, 2)
    trajectory = Trajectory.run(network, p, make_batch(network, rng, 2, 3, 6, [6, 4, 1]))
    found = sigma_max_by_lag(trajectory, np.arange(6))
    jacobians = np.stack([step_jacobian(trajectory, t) for t in range(6)])
    for s in range(2):
        for b, n in enumerate([6, 4, 1]):
            product = np.eye(jacobians.shape[-1])
            for lag in range(n):
                right = np.linalg.svd(product, compute_uv=False)[0]
                assert np.exp(found[s, b, lag]) == pytest.approx(right, rel=1e-10, abs=1e-300), (s, b, lag)
                product = product @ jacobians[n - 1 - lag, s, b]
            assert np.isnan(found[s, b, n:]).all()


def linear(w):
    """A linear network with a given recurrent matrix, as row gradients see it: J = W_hh^T."""
    network = make_network("rnn-linear", d=1, h=len(w), k=1)
    p = {name: np.zeros((1, *shape)) for name, shape in network.shapes().items()}
    p["W"][0, : len(w)] = np.transpose(w)
    return network, p


def run(network, p, steps):
    x = np.zeros((1, 1, steps, 1))
    return Trajectory.run(network, p, Batch(x, np.zeros((1, 1, 1)), np.array([[steps]])))


def test_transient_of_a_non_normal_matrix():
    """REFERENCE A3: spectral radius .9, yet sigma_max first passes 3; the closed form of J^k gives it at every lag."""
    j = np.array([[0.9, 1.0], [0.0, 0.9]])
    network, p = linear(j)
    lags = log_spaced_lags(1000)
    found = sigma_max_by_lag(run(network, p, 1000), lags)[0, 0] / np.log(10)
    a, b = 0.9**lags, lags * 0.9 ** (lags - 1.0)
    squares = 2 * a**2 + b**2  # J^k = [[a, b], [0, a]]: singular values from trace and determinant
    right = 0.5 * np.log10((squares + np.sqrt(squares**2 - 4 * a**4)) / 2)
    np.testing.assert_allclose(found, right, rtol=0, atol=1e-10)
    assert found.max() > np.log10(3)
    assert found[-1] < -40
    assert spectral_radius(j) == pytest.approx(0.9)


def test_long_products_stay_finite():
    """Ten thousand orders of magnitude either way."""
    for g in (1e-10, 1e10):
        network, p = linear(g * np.eye(3))
        found = sigma_max_by_lag(run(network, p, 1001), np.array([0, 1000]))
        np.testing.assert_allclose(found[0, 0], [0, 1000 * np.log(g)], rtol=1e-13)


def test_an_exact_zero_is_minus_infinity():
    """ReLU with every unit off at the last step."""
    network = make_network("rnn-relu", d=1, h=2, k=1)
    p = {name: np.zeros((1, *shape)) for name, shape in network.shapes().items()}
    p["W"][0, :2] = np.eye(2)
    p["W"][0, 2] = 1
    x = np.array([1.0, 1.0, -9.0])[None, None, :, None]
    found = sigma_max_by_lag(Trajectory.run(network, p, Batch(x, np.zeros((1, 1, 1)), np.array([[3]]))), np.arange(3))
    assert found[0, 0, 0] == 0
    assert np.isneginf(found[0, 0, 1:]).all()


@pytest.mark.parametrize("lags", [[0, 6], [-1, 2], [2, 1], [1, 1]])
def test_lags_that_do_not_exist_are_refused(lags):
    network, p = linear(np.eye(2))
    with pytest.raises(ValueError, match="Lags must increase"):
        sigma_max_by_lag(run(network, p, 6), lags)


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 10, 52, 1000])
def test_log_spaced_lags(steps):
    lags = log_spaced_lags(steps)
    assert lags[0] == 0
    assert lags[-1] == steps - 1
    assert (np.diff(lags) > 0).all()
    assert len(lags) <= 2 + 8 * np.log10(max(steps, 2)) + 1
    assert set(range(min(steps, 3))) <= set(lags.tolist())
