"""Lyapunov exponents (REFERENCE A6 to A9)."""

import numpy as np
import pytest

from rnn.cells import Vanilla
from rnn.gradients import lyapunov_spectrum, mean_field
from rnn.gradients.random_networks import growth_by_lag, largest_exponents
from rnn.layers import Dense, Readout
from rnn.network import Network
from rnn.reference.chaos import CRITICAL_GAINS, LARGE_NETWORKS
from rnn.reference.networks import vanilla
from rnn.reference.spectra import BURN_IN, DRIVES, SIZE, STEPS, half_steps, log_tanh_slope, pre_activations
from tests.reference.rows import assert_row


def test_a6():
    """Sums of k exponents split in slopes and weights; k = H: mean ln f' + ln abs det W_hh / H (closed form)."""
    assert_row("A6")


def driven(scale, size=SIZE):
    rng = np.random.default_rng([60, scale])
    w = rng.normal(size=(size, size)) / np.sqrt(size)
    network, p = vanilla("tanh", w[None], rng, DRIVES[scale])
    return network, p, w, rng.normal(size=(BURN_IN + STEPS, 1))


@pytest.mark.parametrize("scale", DRIVES)
def test_a6_saturation_is_as_said(scale):
    _, p, _, x = driven(scale)
    assert pre_activations(p["W"][0], x).std() == pytest.approx(scale, rel=0.25)


@pytest.mark.parametrize("scale", DRIVES)
def test_a6_slopes_and_weights_apart(scale):
    """Both parts of the library's spectrum, for every k, against half-steps that are orthogonalised on their own."""
    network, p, w, x = driven(scale)
    found = lyapunov_spectrum(network, p, x, BURN_IN, STEPS)
    slopes, weights = half_steps(w, log_tanh_slope(pre_activations(p["W"][0], x)), STEPS)
    np.testing.assert_allclose(found.slopes[0].cumsum(), slopes.cumsum(), rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.weights[0].cumsum(), weights.cumsum(), rtol=0, atol=1e-9)
    partial = (found.slopes[0] + found.weights[0]).cumsum()
    np.testing.assert_allclose(found.exponents[0].cumsum(), partial, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.mean_slopes + found.mean_weights, found.exponents.mean(axis=1), rtol=0, atol=1e-9)


def mean_exponent_without_sorting(w, log_slopes, fused):
    """Householder QR of the rows as they stand, of the whole step or of each half of it."""
    frame, total = np.eye(len(w)), 0.0
    for log_slope in log_slopes:
        moved = w.T @ frame
        if not fused:
            moved, r = np.linalg.qr(moved)
            total += np.log(np.abs(np.diagonal(r))).sum()
        frame, r = np.linalg.qr(np.exp(log_slope)[:, None] * moved)
        total += np.log(np.abs(np.diagonal(r))).sum()
    return total / log_slopes.size


@pytest.mark.parametrize("fused", [True, False])
def test_a6_a_naive_qr_is_far_off(fused):
    """Where slopes differ by many orders of magnitude large rows drown small ones, unless rows are sorted."""
    network, p, w, x = driven(10, size=32)
    x = x[:300]
    log_slopes = log_tanh_slope(pre_activations(p["W"][0], x))
    right = log_slopes.mean() + np.linalg.slogdet(w)[1] / len(w)
    assert abs(mean_exponent_without_sorting(w, log_slopes, fused) - right) > 0.1
    found = lyapunov_spectrum(network, p, x, burn_in=0, steps=len(x))
    assert abs(found.exponents.mean() - right) < 1e-12


def test_a6_is_not_for_relu():
    """f' = 0 makes the mean minus infinity."""
    rng = np.random.default_rng(61)
    network, p = vanilla("relu", rng.normal(size=(1, 8, 8)) / 4, rng, 1.0)
    assert np.isneginf(lyapunov_spectrum(network, p, rng.normal(size=(50, 1)), 10, 40).mean_slopes).all()


def test_a7():
    """Largest exponent of x' = W tanh(x) + noise against mean-field theory (Sompolinsky, Crisanti & Sommers 1988)."""
    assert_row("A7")


@pytest.mark.parametrize("setting", LARGE_NETWORKS)
def test_a7_theory(setting):
    """1/2 ln(g^2 E[sech^4(sqrt q z)]), q = g^2 E[tanh^2(sqrt q z)] + s^2, by Gauss' rule and plain iteration."""
    gain, noise = setting
    z, weight = np.polynomial.legendre.leggauss(500)
    z *= 12
    weight = weight * np.exp(-(z**2) / 2)
    weight /= weight.sum()
    q = gain**2
    for _ in range(1000):
        q = gain**2 * (weight @ np.tanh(np.sqrt(q) * z) ** 2) + noise
    exponent = 0.5 * np.log(gain**2 * (weight @ np.cosh(np.sqrt(q) * z) ** -4.0))
    assert exponent == pytest.approx(LARGE_NETWORKS[setting][0], abs=1e-6)
    assert mean_field.largest_exponent("tanh", gain, noise) == pytest.approx(LARGE_NETWORKS[setting][0], abs=1e-6)


def test_a7_small_networks_are_lower_and_scatter():
    """N = 64: means are lower than the theory and scatter over W, so that bands depend on N.

    REFERENCE A7 says lower by .02 to .06 with a scatter of .01 to .03. That is not what these simulations give. In the
    order of LARGE_NETWORKS:

    - 300 matrices (seeds [640, 0] to [640, 299]) are lower by .060, .061, .059, .021 and .015, with standard errors of
      .002, .004, .004, .001 and .001, and scatter by .039, .061, .066, .011 and .017.
    - The 30 of this test are lower by .047, .048, .049, .020 and .014, with standard errors of .004, .007, .005, .002
      and .002, and scatter by .024, .037, .026, .010 and .013.

    With noise and gain 1 the mean is nearer to the theory than REFERENCE says, and without noise the scatter is wider.
    """
    gains, noises = np.array(list(LARGE_NETWORKS)).T
    found = []
    for seed in range(30):
        rng = np.random.default_rng([64, seed])
        w = rng.normal(size=(64, 64)) / 8
        found.append(largest_exponents(growth_by_lag("tanh", w, gains, noises, rng, 4)).mean(axis=1))
    theory = np.array([right for right, _ in LARGE_NETWORKS.values()])
    lower = theory - np.mean(found, axis=0)
    assert ((lower > 0.01) & (lower < 0.065)).all(), lower
    scatter = np.std(found, axis=0, ddof=1)
    assert ((scatter > 0.006) & (scatter < 0.055)).all(), scatter


def test_a7_inside_or_outside():
    """h' = tanh(W h + noise) has the exponents of x' = W tanh(x) + noise: the vanilla cell's spectrum finds them."""
    rng = np.random.default_rng(77)
    size, gain = 16, 2.0
    w = rng.normal(size=(size, size)) / 4
    network = Network(Dense(size), Vanilla(size, size), Readout(size, 1))
    p = {name: np.zeros((1, *shape)) for name, shape in network.shapes().items()}
    p["W"][0, :size], p["W"][0, size:-1] = gain * w, np.eye(size)
    spectrum = lyapunov_spectrum(network, p, rng.normal(size=(8000, size)), burn_in=100, steps=7900)
    growth = growth_by_lag("tanh", w, [gain], [1], rng, 4, burn_in=100, steps=8000)
    assert largest_exponents(growth).mean() == pytest.approx(spectrum.exponents[0, 0], abs=0.01)


def test_a8():
    """The gain at which the largest exponent is zero; for the sigmoid the bound of A4 is far below (mean field)."""
    assert_row("A8")


@pytest.mark.parametrize("setting", CRITICAL_GAINS)
def test_a8_the_exponent_changes_sign_there(setting):
    activation, noise = setting
    critical = CRITICAL_GAINS[setting]
    below, above = (mean_field.largest_exponent(activation, critical * factor, noise) for factor in (0.9999, 1.0001))
    assert below < 0 < above


def test_a9():
    """Logistic map, r = 4, through the same QR code: ln 2 (closed form)."""
    assert_row("A9")
