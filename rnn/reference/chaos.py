"""A7, A8: the largest Lyapunov exponent of random networks, and the gain at which chaos begins."""

import numpy as np

from rnn.cells.base import sigmoid_slope
from rnn.gradients import lyapunov_spectrum, spectral_radius
from rnn.gradients.mean_field import critical_gain
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
ALIGN = 50  # steps in which a random direction turns to the one that grows fastest


def exponent_cases() -> list[Case]:
    """A7: simulated networks against the theory; without noise and below g = 1 against their own matrix.

    Those simulations have all settings of one matrix at once, a loop of their own; the last case holds the library's
    exponents against such a loop.
    """
    gains, noises = np.array(list(LARGE_NETWORKS)).T
    found = np.zeros(len(gains))
    matrices = 5
    for seed in range(matrices):
        rng = np.random.default_rng([7, seed])
        # float32 moves the mean by far less than one matrix differs from the next, and halves the time
        w = rng.standard_normal((1000, 1000), np.float32) / np.float32(np.sqrt(1000))
        # one trajectory: matrices differ more than the trajectories of one of them
        found += simulated_exponents(w, gains, noises, rng, 1, burn_in=300, steps=1000)[:, 0] / matrices
    cases = [
        Case(
            "A7",
            f"Largest exponent of x' = W tanh(x) + noise, gain {gain:g}, noise variance {noise:g}, 1000 units, mean of "
            f"{matrices} matrices, simulated in float32 by a loop apart from the library's exponents"
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
    exponents = simulated_exponents(w, np.array([0.9]), np.array([0.0]), rng, 4, burn_in=500, steps=5000)
    said = (
        "Largest exponent of x' = W tanh(x), gain 0.9, no noise, 100 units, by the same loop in float64: the logarithm "
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


def simulated_exponents(
    w: Array, gains: Array, noises: Array, rng: np.random.Generator, trajectories: int, burn_in: int, steps: int
) -> Array:
    """Return the largest Lyapunov exponents of x' = g W tanh(x) + noise along some trajectories of each setting.

    Parameters
    ----------
    w
        (N, N), entries of variance 1/N, shared by all settings; its type is that of the whole computation.
    gains, noises
        (K,): g and the variance of the noise.

    Returns
    -------
    (K, trajectories), nats a step.
    """
    size, kind = len(w), w.dtype
    gain, spread = gains.astype(kind)[:, None, None], np.sqrt(noises).astype(kind)[:, None, None]
    shape = (len(gains), trajectories, size)
    x, tangent = (rng.standard_normal(shape).astype(kind) for _ in range(2))
    growth = np.zeros(shape[:2])
    for t in range(-burn_in, steps):
        h = np.tanh(x)
        if t < -ALIGN:
            x = gain * (h.reshape(-1, size) @ w).reshape(shape)
        else:
            # states and tangents against W in one product
            rows = np.stack((h, tangent * (1 - h * h)))
            x, tangent = gain * (rows.reshape(-1, size) @ w).reshape(2, *shape)
            norm = np.sqrt(np.add.reduce(tangent * tangent, axis=-1))
            tangent /= norm[..., None]
            if t >= 0:
                growth += np.log(norm)
        x = x + spread * rng.standard_normal(shape[1:]).astype(kind)
    return np.asarray(growth / steps)


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
