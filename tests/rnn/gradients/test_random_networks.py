"""Random networks against a plain loop over their Jacobians, closed forms, and gains that would overflow."""

import numpy as np
import pytest

from rnn.cells import ACTIVATIONS
from rnn.gradients.random_networks import ALIGN, growth_by_lag, largest_exponents
from rnn.initialise import orthogonal

SIZE, BURN_IN, STEPS = 12, 7, 20
GAIN = {"tanh": 1.7, "sigmoid": 9.0, "relu": 1.4, "linear": 1.1}


def matrix(seed=0, size=SIZE):
    return np.random.default_rng(seed).normal(size=(size, size)) / np.sqrt(size)


@pytest.mark.parametrize(
    ("activation", "noise"),
    [("tanh", 0.0), ("tanh", 0.3), ("sigmoid", 0.0), ("sigmoid", 0.3), ("relu", 0), ("linear", 0)],
)
def test_growth_is_that_of_the_product_of_jacobians(activation, noise):
    """One state after the other as the formula says, no rescaling, and the product of Jacobians as one matrix."""
    w, gain, total = matrix(), GAIN[activation], ALIGN + STEPS
    found = growth_by_lag(activation, w, [gain], [noise], np.random.default_rng(1), 1, BURN_IN, STEPS)[0, 0]
    rng, f = np.random.default_rng(1), ACTIVATIONS[activation]
    x, jacobians = rng.standard_normal(SIZE), []
    for t in range(-BURN_IN, total):
        x = gain * f.f(x) @ w + (np.sqrt(noise) * rng.standard_normal(SIZE) if noise else 0)
        if t >= 0:
            jacobians.append(np.diag(f.slope(x)) @ (gain * w))  # of x by the next state, for columns
    row, product = rng.standard_normal(SIZE), np.eye(SIZE)
    norms = [np.linalg.norm(row)]
    for jacobian in reversed(jacobians):
        product = jacobian @ product
        norms.append(np.linalg.norm(product @ row))
    np.testing.assert_allclose(found, np.diff(np.log(norms)), rtol=0, atol=1e-9)
    assert largest_exponents(found) == pytest.approx(np.diff(np.log(norms))[ALIGN:].mean())


def test_a_linear_network_with_an_orthogonal_matrix_has_its_gain():
    w, gains = orthogonal(np.random.default_rng(2), SIZE, SIZE), [0.2, 1.0, 3.0]
    growth = growth_by_lag("linear", w, gains, [0, 0, 0], np.random.default_rng(3), 2, BURN_IN, 500)
    assert growth.shape == (3, 2, ALIGN + 500)
    np.testing.assert_allclose(growth, np.log(gains)[:, None, None] + np.zeros_like(growth), rtol=0, atol=1e-12)


def test_without_noise_a_small_gain_leaves_the_linear_network():
    """x fades, every slope becomes 1: ln rho(W), for each gain moved by its logarithm."""
    w = matrix(4)
    radius = np.abs(np.linalg.eigvals(w)).max()
    growth = growth_by_lag("tanh", w, [0.3, 0.6], [0, 0], np.random.default_rng(5), 1, 300, 4000)
    np.testing.assert_allclose(largest_exponents(growth)[:, 0], np.log([0.3 * radius, 0.6 * radius]), atol=2e-3)


@pytest.mark.parametrize("activation", ["relu", "linear"])
def test_scale_free_networks_neither_overflow_nor_fade(activation):
    """In float32, whose largest number a gain of 1024 passes within 13 steps; powers of two round nothing."""
    w = matrix(6).astype(np.float32)
    low, middle, high = (
        growth_by_lag(activation, w, [gain], [0], np.random.default_rng(7)) for gain in (1 / 1024, 1, 1024)
    )
    assert np.isfinite(middle).all()
    np.testing.assert_allclose(high - middle, np.log(1024), rtol=0, atol=1e-5)
    np.testing.assert_allclose(middle - low, np.log(1024), rtol=0, atol=1e-5)


def test_a_gradient_of_exactly_zero_stays_minus_infinity():
    """Weights below 0: no unit of a ReLU network is left after one step."""
    growth = growth_by_lag("relu", -np.abs(matrix(8)), [1.0], [0], np.random.default_rng(9), 1, BURN_IN, STEPS)
    assert np.isneginf(growth).all()
    assert np.isneginf(largest_exponents(growth)).all()


@pytest.mark.parametrize("activation", ["relu", "linear"])
def test_scale_free_networks_have_no_noise(activation):
    with pytest.raises(ValueError, match=f"'{activation}' are simulated without noise"):
        growth_by_lag(activation, matrix(), [1.0, 1.0], [0, 0.1], np.random.default_rng(0))
