"""Mean-field exponents against published and recomputed values, limits, scipy's quadrature and a simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from rnn.cells import ACTIVATIONS
from rnn.gradients.mean_field import LARGEST_SLOPE, critical_gain, largest_exponent, stationary_variance

GAINS, NOISES = st.floats(0.01, 200), st.floats(0, 100)
SATURATING = ("tanh", "sigmoid")


def expectation(f, q):
    """E[f(sqrt(q) z)] by adaptive quadrature, an independent rule."""

    def weighted(z):
        return f(np.array(math.sqrt(q) * z)) * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    return sum(quad(weighted, low, low + 1, epsabs=1e-14, epsrel=1e-12)[0] for low in range(-10, 10))


@pytest.mark.parametrize(
    ("gain", "noise", "exponent"),
    [(1.5, 0, 0.065217), (2, 0, 0.154724), (3, 0, 0.310249), (1.5, 1, -0.141825), (1, 1, -0.459549)],
)
def test_exponents_of_tanh(gain, noise, exponent):
    assert largest_exponent("tanh", gain, noise) == pytest.approx(exponent, abs=6e-7)


@pytest.mark.parametrize(
    ("activation", "noise", "gain"),
    [
        ("tanh", 0.0025, 1.122539),
        ("tanh", 0.1, 1.409281),
        ("tanh", 1, 1.855589),
        ("tanh", 0, 1.0),
        ("relu", 0, math.sqrt(2)),
        ("relu", 1, math.sqrt(2)),
        ("linear", 0, 1.0),
        ("linear", 1, 1.0),
        ("sigmoid", 0, 10.1493),
        ("sigmoid", 1, 10.2650),
    ],
)
def test_onset_of_chaos(activation, noise, gain):
    assert critical_gain(activation, noise) == pytest.approx(gain, rel=1e-5)


@pytest.mark.parametrize("noise", [0.0, 0.3, 50.0])
@pytest.mark.parametrize("gain", [0.5, 1.2, 4.0, 12.0])
@pytest.mark.parametrize("activation", SATURATING)
def test_both_equations_hold_by_another_quadrature(activation, gain, noise):
    f = ACTIVATIONS[activation]
    q = stationary_variance(activation, gain, noise)
    assert gain**2 * expectation(lambda x: f.f(x) ** 2, q) + noise == pytest.approx(q, rel=1e-10)
    mean_slope = expectation(lambda x: f.slope(x) ** 2, q)
    assert largest_exponent(activation, gain, noise) == pytest.approx(0.5 * math.log(gain**2 * mean_slope), abs=1e-9)


@pytest.mark.parametrize("gain", [0.1, 0.9, 1.0])
def test_tanh_without_noise_is_silent_up_to_one(gain):
    assert stationary_variance("tanh", gain) == 0
    assert largest_exponent("tanh", gain) == pytest.approx(math.log(gain), abs=1e-15)


@pytest.mark.parametrize("above", [1e-12, 1e-9, 1e-6, 1e-3])
def test_tanh_just_above_one(above):
    """From E[tanh^2] = q - 2 q^2 + ...: q = (1 - 1/g^2) / 2 to leading order."""
    gain = 1 + above
    assert stationary_variance("tanh", gain) == pytest.approx((1 - gain**-2) / 2, rel=3e-3 + 1e-4 * (above < 1e-9))


@pytest.mark.parametrize("noise", [0.0, 1e-6])
def test_sigmoid_varies_without_noise(noise):
    """Small gains: x stays near 0, f near 1/2, so that q = g^2/4 + s^2 and lambda = ln(g/4)."""
    assert stationary_variance("sigmoid", 1e-3, noise) == pytest.approx(1e-6 / 4 + noise, rel=1e-5)
    assert largest_exponent("sigmoid", 1e-3, noise) == pytest.approx(math.log(1e-3 / 4), abs=1e-5)


@given(gain=GAINS, noise=NOISES)
def test_relu_and_linear_in_closed_form(gain, noise):
    """E[relu^2] = q/2, E[relu'^2] = 1/2; where they amplify there is no finite variance, but an exponent."""
    for activation, share in (("relu", 0.5), ("linear", 1.0)):
        assert largest_exponent(activation, gain, noise) == pytest.approx(0.5 * math.log(gain**2 * share), abs=1e-12)
        q = stationary_variance(activation, gain, noise)
        if gain**2 * share >= 1:
            assert q == math.inf
        else:
            assert gain**2 * share * q + noise == pytest.approx(q, rel=1e-9)


@given(activation=st.sampled_from(sorted(LARGEST_SLOPE)), gain=GAINS, noise=NOISES, more=st.floats(1.01, 3))
def test_noise_steadies_and_gain_excites(activation, gain, noise, more):
    """Never above the bound ln(g max f'), falling with the noise, rising with the gain."""
    exponent = largest_exponent(activation, gain, noise)
    assert exponent <= math.log(gain * LARGEST_SLOPE[activation]) + 1e-12
    assert largest_exponent(activation, gain, noise * more) <= exponent + 1e-12
    assert largest_exponent(activation, gain * more, noise) > exponent


@given(activation=st.sampled_from(sorted(LARGEST_SLOPE)), noise=NOISES)
def test_the_sufficient_bound_is_never_above_the_boundary(activation, noise):
    gain = critical_gain(activation, noise)
    assert gain >= 1 / LARGEST_SLOPE[activation] - 1e-12
    assert largest_exponent(activation, gain, noise) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("activation", "gain", "noise"), [("tanh", 2.0, 0.0), ("tanh", 1.5, 1.0), ("sigmoid", 8.0, 0.1)]
)
def test_a_large_network_has_the_stationary_variance(activation, gain, noise):
    """N = 1500, 40 steps after 60 of burn-in; a fixed draw, within 3 %."""
    rng, n = np.random.default_rng(4), 1500
    w, x = gain / math.sqrt(n) * rng.normal(size=(n, n)), rng.normal(size=n)
    squares = []
    for step in range(100):
        x = ACTIVATIONS[activation].f(x) @ w + math.sqrt(noise) * rng.normal(size=n)
        if step >= 60:
            squares.append(np.mean(x**2))
    assert np.mean(squares) == pytest.approx(stationary_variance(activation, gain, noise), rel=0.03)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("softplus", 1.0, 0.0), "softplus"),
        (("tanh", 0.0, 0.0), "gain of 0"),
        (("tanh", 1e4, 0.0), "gain of 10000"),
        (("relu", math.nan, 0.0), "gain of nan"),
        (("tanh", 1.0, -1.0), "noise variance of -1"),
        (("linear", 1.0, math.inf), "noise variance of inf"),
    ],
)
def test_errors_name_the_value(arguments, word):
    for function in (stationary_variance, largest_exponent):
        with pytest.raises(ValueError, match=word):
            function(*arguments)
    activation, gain, noise = arguments
    if gain == 1.0:
        with pytest.raises(ValueError, match=word):
            critical_gain(activation, noise)
