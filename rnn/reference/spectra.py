"""A6, A9: Lyapunov spectra, whose sums are known exactly."""

import numpy as np

from rnn.gradients import lyapunov_spectrum, sorted_qr
from rnn.reference.case import CLOSED_FORM, Array, Case, largest_deviation
from rnn.reference.networks import vanilla

SIZE, BURN_IN, STEPS = 16, 1000, 500
DRIVES = {1: 0.8, 10: 10.0}  # about the standard deviation of z: that of the input weights which gives it


def spectrum_cases() -> list[Case]:
    """A6: partial sums of the exponents of a tanh network split in slopes and weights, at each of two saturations."""
    cases = []
    for scale, drive in DRIVES.items():
        rng = np.random.default_rng([6, scale])
        w = rng.normal(size=(SIZE, SIZE)) / np.sqrt(SIZE)
        network, p = vanilla("tanh", w[None], rng, drive)
        x = rng.normal(size=(BURN_IN + STEPS, 1))
        found = lyapunov_spectrum(network, p, x, BURN_IN, STEPS)
        z = pre_activations(p["W"][0], x)
        slopes, weights = half_steps(w, log_tanh_slope(z), STEPS)
        mean = log_tanh_slope(z[BURN_IN:]).mean() + np.linalg.slogdet(w)[1] / SIZE
        tanh = f"tanh network of {SIZE} units, pre-activations of standard deviation {scale}"
        cases += [
            Case(
                "A6",
                f"{tanh}: the sum of the first k Lyapunov exponents is the growth of volumes by the slopes and by the "
                "weights, re-orthogonalised after each; largest deviation over k.",
                0,
                largest_deviation(found.exponents[0].cumsum(), (slopes + weights).cumsum()),
                1e-9,
                CLOSED_FORM,
            ),
            Case(
                "A6",
                f"{tanh}: mean Lyapunov exponent, the mean of ln f'(z) plus ln abs det W_hh / H.",
                float(mean),
                float(found.exponents[0].mean()),
                1e-9,
                CLOSED_FORM,
            ),
        ]
    return cases


def pre_activations(w: Array, x: Array) -> Array:
    """Return z of a tanh network of one input without bias, step by step in plain NumPy: (T, H)."""
    h, z = np.zeros(w.shape[1]), []
    for value in x[:, 0]:
        z.append(h @ w[:-2] + value * w[-2])
        h = np.tanh(z[-1])
    return np.array(z)


def log_tanh_slope(z: Array) -> Array:
    """ln tanh'(z), written out as in the reference."""
    return np.asarray(2 * (np.log(2) - np.abs(z) - np.log1p(np.exp(-2 * np.abs(z)))))


def half_steps(w_hh: Array, log_slopes: Array, steps: int) -> tuple[Array, Array]:
    """Return the mean logarithms of R's diagonals of the slopes' and of the weights' half-steps, (H,) each.

    Means over the last ``steps``; the steps before turn the frame to where every frame turns.
    """
    frame = np.eye(len(w_hh))[None]
    slopes, weights = np.zeros(len(w_hh)), np.zeros(len(w_hh))
    for t, log_slope in enumerate(log_slopes, start=steps - len(log_slopes)):
        frame, by_weights = sorted_qr(w_hh.T @ frame)
        frame, by_slopes = sorted_qr(np.exp(log_slope)[:, None] * frame)
        if t >= 0:
            weights += by_weights[0]
            slopes += by_slopes[0]
    return slopes / steps, weights / steps


def logistic_cases() -> list[Case]:
    """A9: a chaotic map whose exponent is known, through the same orthonormalisation."""
    x = np.random.default_rng(9).random(100)
    frame, growth = np.ones((100, 1, 1)), np.zeros((100, 1))
    steps = 1000
    for _ in range(steps):
        frame, grown = sorted_qr((4 - 8 * x)[:, None, None] * frame)
        growth += grown
        x = 4 * x * (1 - x)
    said = f"Lyapunov exponent of the logistic map x' = 4 x (1 - x), mean of 100 orbits of {steps} steps: ln 2."
    right = np.log(2)
    return [Case("A9", said, float(right), float(growth.mean() / steps), 0.01 * float(right), CLOSED_FORM)]
