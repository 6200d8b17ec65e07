"""A7, A8: the largest Lyapunov exponent of random networks, and the gain at which chaos begins."""

import numpy as np

from rnn.cells.base import sigmoid_slope
from rnn.gradients import lyapunov_spectrum, spectral_radius
from rnn.gradients.mean_field import critical_gain
from rnn.gradients.random_networks import growth_by_lag, largest_exponents
from rnn.reference.case import CLOSED_FORM, Array, Case, largest_deviation
from rnn.reference.networks import vanilla
from rnn.reference.spectra import pre_activations

MEAN_FIELD = "mean-field theory, Sompolinsky, Crisanti & Sommers 1988; with noise Molgedey, Schuchhardt & Schuster 1992"
CLOSE = 0.005  # nats a step
SLOW = "; the tolerance is wider, because fluctuations are slow near the onset of chaos"
# (gain, noise variance): exponent for infinitely many units, and how close 1000 units must come
LARGE_NETWORKS = {
    (1.5, 0.0): (0.065217, 0.03),
    (2.0, 0.0): (0.154724, CLOSE),
    (3.0, 0.0): (0.310249, CLOSE),
    (1.5, 1.0): (-0.141825, CLOSE),
    (1.0, 1.0): (-0.459549, CLOSE),
}
CRITICAL_GAINS = {
    ("tanh", 0.0025): 1.122539,
    ("tanh", 0.1): 1.409281,
    ("tanh", 1.0): 1.855589,
    ("relu", 0.0): np.sqrt(2),
    ("linear", 0.0): 1.0,
    ("sigmoid", 0.0): 10.1493,
    ("sigmoid", 1.0): 10.2650,
}


def exponent_cases() -> list[Case]:
    """A7: simulated networks against the theory; without noise and below g = 1 against their own matrix.

    Those simulations have all settings of one matrix at once, apart from the library's exponents; the last case holds
    the latter against a plain loop.
    """
    gains, noises = np.array(list(LARGE_NETWORKS)).T
    found = np.zeros(len(gains))
    matrices = 5
    for seed in range(matrices):
        rng = np.random.default_rng([7, seed])
        # float32 moves the mean by far less than one matrix differs from the next, and halves the time
        w = rng.standard_normal((1000, 1000), np.float32) / np.float32(np.sqrt(1000))
        # one trajectory: matrices differ more than the trajectories of one of them
        found += largest_exponents(growth_by_lag("tanh", w, gains, noises, rng))[:, 0] / matrices
    cases = [
        Case(
            "A7",
            f"Largest exponent of x' = W tanh(x) + noise, gain {gain:g}, noise variance {noise:g}, 1000 units, mean of "
            f"{matrices} matrices, simulated in float32, apart from the library's exponents"
            f"{SLOW if tolerance > CLOSE else ''}.",
            right,
            float(exponent),
            tolerance,
            MEAN_FIELD,
        )
        for ((gain, noise), (right, tolerance)), exponent in zip(LARGE_NETWORKS.items(), found, strict=True)
    ]
    rng = np.random.default_rng(7)
    w = rng.normal(size=(100, 100)) / 10
    exponents = largest_exponents(growth_by_lag("tanh", w, [0.9], [0], rng, 4, burn_in=500, steps=5000))
    said = (
        "Largest exponent of x' = W tanh(x), gain 0.9, no noise, 100 units, simulated in float64: the logarithm "
        "of W's own spectral radius."
    )
    right = np.log(spectral_radius(0.9 * w))
    return [*cases, Case("A7", said, float(right), float(exponents.mean()), 1e-3, CLOSED_FORM), _of_library()]


def _of_library() -> Case:
    """Compare ``lyapunov_spectrum`` with the growth of one tangent vector.

    The input is strong enough to end the chaos of gain 2, so that both run along the same states.
    """
    matrices, size, gain, burn_in, steps = 2, 128, 2.0, 4000, 1000
    rng = np.random.default_rng([7, size])
    w = gain * rng.normal(size=(matrices, size, size)) / np.sqrt(size)
    network, p = vanilla("tanh", w, rng, drive=3.0)
    x = rng.normal(size=(burn_in + steps, 1))
    exponents = lyapunov_spectrum(network, p, x, burn_in, steps, n_exponents=1).exponents[:, 0]
    right = [tangent_growth(one, pre_activations(own, x), rng, steps) for one, own in zip(w, p["W"], strict=True)]
    said = (
        f"Largest exponent of {matrices} driven tanh networks of {size} units, gain {gain:g}, as the library measures "
        "it, against the growth of one tangent vector in a plain loop in float64; largest deviation."
    )
    return Case("A7", said, 0, largest_deviation(exponents, right), 1e-11, "the same networks, step by step")


def tangent_growth(w_hh: Array, z: Array, rng: np.random.Generator, steps: int) -> float:
    """Return the mean logarithm of what one step makes of a tangent vector, over the last steps of z (T, H)."""
    tangent, growth = rng.normal(size=len(w_hh)), 0.0
    for t, slope in enumerate(np.cosh(z) ** -2.0, start=steps - len(z)):
        tangent = slope * (tangent @ w_hh)
        norm = np.linalg.norm(tangent)
        tangent /= norm
        if t >= 0:
            growth += float(np.log(norm))
    return growth / steps


def onset_cases() -> list[Case]:
    """A8: where the largest exponent is zero, far from the bound for the sigmoid."""
    cases = [
        Case(
            "A8",
            f"{activation}, noise variance {noise:g}: the gain at which the largest exponent of a large random network "
            "is zero.",
            float(gain),
            critical_gain(activation, noise),
            1e-5 * gain,
            MEAN_FIELD,
        )
        for (activation, noise), gain in CRITICAL_GAINS.items()
    ]
    said = "sigmoid: the largest singular value below which the gradient must vanish, 1/max f', far below that gain."
    bound = 1 / float(sigmoid_slope(np.zeros(1))[0])
    return [*cases, Case("A8", said, 4, bound, 1e-12, "Pascanu, Mikolov & Bengio 2013, section 2.1")]
