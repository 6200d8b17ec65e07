"""Spectral radius and largest singular value of matrices whose values are known."""

import numpy as np
import pytest

from rnn.gradients import sigma_max, spectral_radius
from rnn.initialise import orthogonal

GOLDEN = (1 + np.sqrt(5)) / 2


@pytest.mark.parametrize(
    ("w", "rho", "sigma"),
    [
        ([[2.0, 0.0], [0.0, -3.0]], 3.0, 3.0),
        ([[0.0, 1.0], [0.0, 0.0]], 0.0, 1.0),
        ([[1.0, 1.0], [0.0, 1.0]], 1.0, GOLDEN),
        ([[0.0, -2.0], [2.0, 0.0]], 2.0, 2.0),  # complex eigenvalues 2i and -2i
        # REFERENCE A3: sigma^2 is the larger root of x^2 - (2 * .81 + 1) x + .81^2
        ([[0.9, 1.0], [0.0, 0.9]], 0.9, np.sqrt((2.62 + np.sqrt(2.62**2 - 4 * 0.81**2)) / 2)),
    ],
)
def test_known_matrices(w, rho, sigma):
    assert spectral_radius(np.array(w)) == pytest.approx(rho, abs=1e-7)
    assert sigma_max(np.array(w)) == pytest.approx(sigma, rel=1e-12)


@pytest.mark.parametrize("g", [0.5, 1.0, 1.3])
def test_scaled_orthogonal_matrix_has_both_equal_to_g(g):
    w = g * orthogonal(np.random.default_rng(0), 20, 20)
    assert spectral_radius(w) == pytest.approx(g, rel=1e-12)
    assert sigma_max(w) == pytest.approx(g, rel=1e-12)


def test_normal_matrix_of_the_bound():
    """REFERENCE A4: W ~ N(0, sd .1), H = 50 has sigma_max 1.369 +- .042 and rho .750 +- .043; a mean of 200 draws."""
    rng = np.random.default_rng(1)
    draws = [0.1 * rng.normal(size=(50, 50)) for _ in range(200)]
    assert np.mean([sigma_max(w) for w in draws]) == pytest.approx(1.369, abs=4 * 0.042 / np.sqrt(200) + 5e-4)
    assert np.mean([spectral_radius(w) for w in draws]) == pytest.approx(0.750, abs=4 * 0.043 / np.sqrt(200) + 5e-4)


def test_float32_is_measured_in_float64():
    w = np.random.default_rng(2).normal(size=(8, 8)).astype(np.float32)
    assert sigma_max(w) == sigma_max(w.astype(np.float64))
    assert spectral_radius(w) == spectral_radius(w.astype(np.float64))
