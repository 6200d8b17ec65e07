"""The split of the gradient's growth in slopes and weights, and both counterfactuals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.gradients import Trajectory, gradient_norms, growth, polar_factor, two_factors
from rnn.initialise import orthogonal
from rnn.network import Batch
from tests.rnn.examples import CELL_KINDS, cases, make_batch, make_network, make_parameters

VANILLA = tuple(name for name in CELL_KINDS if name.startswith("rnn"))


@settings(max_examples=80, deadline=None)
@given(cases(cells=VANILLA))
def test_slopes_and_weights_are_the_growth(case):
    """At every lag, with no remainder; where the row is exactly zero nothing is defined, and nothing is infinite."""
    trajectory = Trajectory.run(case.network, case.p, case.batch)
    factors = two_factors(trajectory)
    total = growth(gradient_norms(trajectory).log_norm)
    both = factors.slopes + factors.weights
    np.testing.assert_array_equal(np.isfinite(both), np.isfinite(total))
    there = np.isfinite(total)
    np.testing.assert_allclose(both[there], total[there], rtol=0, atol=1e-9)
    for values in vars(factors).values():
        assert not np.isinf(values).any()
        assert np.isnan(values[..., 0]).all()


@pytest.mark.parametrize("cell", VANILLA)
def test_by_plain_matrices(cell):
    """Every factor from its definition: rows, slopes and matrices multiplied one after the other."""
    rng = np.random.default_rng(1)
    network = make_network(cell, h=5)
    p = make_parameters(network, rng)
    trajectory = Trajectory.run(network, p, make_batch(network, rng, 1, 2, 6, [6, 4]))
    factors, w = two_factors(trajectory), p["W"][0, :5]
    slope = {
        "rnn-tanh": lambda z: 1 - np.tanh(z) ** 2,
        "rnn-sigmoid": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
        "rnn-relu": lambda z: (z > 0) * 1.0,
        "rnn-linear": np.ones_like,
    }[cell]
    left, _, right = np.linalg.svd(w)
    for b, n in enumerate([6, 4]):
        real = polar = unit = trajectory.last_gradient[0, b]
        for lag in range(1, n):
            d = slope(trajectory.tape.z[0, n - lag, b])
            expected = {
                "slopes": ratio(real * d, real),
                "weights": ratio((real * d) @ w.T, real * d),
                "polar": ratio((polar * d) @ (left @ right).T, polar),
                "unit_slopes": ratio(unit @ w.T, unit),
            }
            for name, value in expected.items():
                assert getattr(factors, name)[0, b, lag] == pytest.approx(value, abs=1e-10, nan_ok=True), (name, lag)
            real, polar, unit = (real * d) @ w.T, (polar * d) @ (left @ right).T, unit @ w.T
        assert np.isnan(factors.weights[0, b, n:]).all()


def ratio(after, before):
    """ln of the growth, NaN where nothing is left."""
    return np.log(np.linalg.norm(after) / np.linalg.norm(before)) if after.any() else np.nan


@settings(max_examples=30, deadline=None)
@given(st.floats(0.1, 3), st.integers(1, 6), st.integers(0, 1000))
def test_a_scaled_orthogonal_matrix(g, size, seed):
    """W = gQ (REFERENCE A2): weights give ln g at every lag whatever the slopes; polar growth is slopes alone."""
    rng = np.random.default_rng(seed)
    network = make_network("rnn-tanh", h=size)
    p = make_parameters(network, rng)
    p["W"][0, :size] = g * orthogonal(rng, size, size)
    factors = two_factors(Trajectory.run(network, p, make_batch(network, rng, 1, 2, 8)))
    for values in (factors.weights, factors.unit_slopes):
        np.testing.assert_allclose(values[..., 1:], np.log(g), rtol=0, atol=1e-12)
    np.testing.assert_allclose(factors.polar, factors.slopes, rtol=0, atol=1e-10)


def test_saturated_units_keep_their_slopes():
    """tanh'(z) at z = 400 is e^-798.6, zero in float64; its logarithm is not."""
    network = make_network("rnn-tanh", d=1, h=2, k=1)
    p = {name: np.ones((1, *shape)) for name, shape in network.shapes().items()}
    p["W"][0, :2] = np.eye(2) * 1e-3
    x = np.full((1, 1, 5, 1), 400.0)
    factors = two_factors(Trajectory.run(network, p, Batch(x, np.zeros((1, 1, 1)), np.array([[5]]))))
    z = 401 + 1e-3 * np.tanh(401.0)
    np.testing.assert_allclose(factors.slopes[0, 0, 1:], 2 * np.log(2) - 2 * z, rtol=1e-12)
    np.testing.assert_allclose(factors.weights[0, 0, 1:], np.log(1e-3), rtol=1e-12)


@pytest.mark.parametrize("cell", sorted(set(CELL_KINDS) - set(VANILLA)))
def test_gated_cells_have_no_two_factors(cell):
    rng = np.random.default_rng(0)
    network = make_network(cell)
    with pytest.raises(TypeError, match="Only the vanilla cell"):
        two_factors(Trajectory.run(network, make_parameters(network, rng), make_batch(network, rng)))


def test_polar_factor_is_the_nearest_orthogonal_matrix():
    rng = np.random.default_rng(0)
    w = rng.normal(size=(6, 6))
    u = polar_factor(w)
    np.testing.assert_allclose(u @ u.T, np.eye(6), atol=1e-13)
    symmetric = u.T @ w
    np.testing.assert_allclose(symmetric, symmetric.T, atol=1e-12)
    assert (np.linalg.eigvalsh(symmetric) > 0).all()
    for _ in range(50):
        assert np.linalg.norm(w - u) < np.linalg.norm(w - orthogonal(rng, 6, 6))
