"""Mean-field theory of random recurrent networks: the largest Lyapunov exponent and where it changes sign.

For x_{t+1} = W f(x_t) + noise with W ~ N(0, g^2 / N) and noise of variance s^2, each x_t is Gaussian as N grows, and
its variance q and the largest exponent are, with z ~ N(0, 1),

    q = g^2 E[f(sqrt(q) z)^2] + s^2        lambda = 1/2 ln(g^2 E[f'(sqrt(q) z)^2])

(Sompolinsky, Crisanti & Sommers 1988, in discrete time; with noise Molgedey, Schuchhardt & Schuster 1992; the same
fixed points for deep networks in Poole et al. 2016). z_t = W h_{t-1} + noise of the vanilla cell with random inputs is
this x_t.
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from rnn.cells import ACTIVATIONS

LARGEST_SLOPE = {"tanh": 1.0, "sigmoid": 0.25, "relu": 1.0, "linear": 1.0}
# f(a x) = a f(x) for a > 0: f passes this share of the variance, and E[f'^2] is the same share, whatever q is
VARIANCE_PASSED = {"relu": 0.5, "linear": 1.0}
LARGEST_GAIN, LARGEST_NOISE = 1e3, 1e6  # what the quadrature is laid out for


def stationary_variance(activation: str, gain: float, noise: float = 0.0) -> float:
    """Return q, the variance of x_t that reproduces itself.

    Parameters
    ----------
    activation
        "tanh", "sigmoid", "relu" or "linear".
    gain
        g, the standard deviation of W's entries times sqrt(N).
    noise
        s^2, the variance of the noise.

    Returns
    -------
    q, the stable one: 0 for tanh with g <= 1 and no noise; positive for the sigmoid even without noise, since its
    mean square is at least 1/4; infinity where ReLU or the identity amplify without bound.

    Raises
    ------
    ValueError
        The activation is unknown, or gain or noise are outside (0, 1000] and [0, 1e6].
    """
    _check(activation, gain, noise)
    if activation in VARIANCE_PASSED:
        kept = gain**2 * VARIANCE_PASSED[activation]
        return noise / (1 - kept) if kept < 1 else math.inf
    f = ACTIVATIONS[activation].f

    # the map of q is concave and at most g^2 + s^2: one crossing, above any q that the map still raises
    raised = noise
    if activation == "tanh":
        # E[tanh^2] >= q - 2 q^2 raises every q below (1 - 1/g^2) / 2
        raised = max(noise, (1 - gain**-2) / 4)
        if raised <= 0:
            return 0.0
    elif activation == "sigmoid":
        raised = noise + gain**2 / 4

    def excess(log_q: float) -> float:
        q = math.exp(log_q)
        z = _nodes(q)
        return gain**2 * _mean_square(f(math.sqrt(q) * z), z) + noise - q

    # by ln q, since q may be as small as the noise or as large as g^2; a rounding above and below the bounds
    log_q = brentq(excess, math.log(raised) - 1e-9, math.log(gain**2 + noise) + 1e-9, xtol=1e-14, rtol=1e-14)
    return math.exp(log_q)


def largest_exponent(activation: str, gain: float, noise: float = 0.0) -> float:
    """Return the largest Lyapunov exponent lambda, in nats a step, as N grows without bound (REFERENCE A7).

    Parameters and errors are those of ``stationary_variance``.
    """
    _check(activation, gain, noise)
    if activation in VARIANCE_PASSED:
        return 0.5 * math.log(gain**2 * VARIANCE_PASSED[activation])
    q = stationary_variance(activation, gain, noise)
    z = _nodes(q)
    slope = ACTIVATIONS[activation].slope(math.sqrt(q) * z)
    return math.log(gain) + 0.5 * math.log(_mean_square(slope, z))


def critical_gain(activation: str, noise: float = 0.0) -> float:
    """Return the gain at which the largest exponent is zero: the onset of chaos (REFERENCE A8).

    The bound 1 / max f' (Pascanu, Mikolov & Bengio 2013, section 2.1) is never above it, and for the sigmoid far below.

    Parameters
    ----------
    activation
        "tanh", "sigmoid", "relu" or "linear".
    noise
        s^2, the variance of the noise.

    Raises
    ------
    ValueError
        The activation is unknown or the noise is outside [0, 1e6].
    """
    _check(activation, 1.0, noise)
    below = 1 / LARGEST_SLOPE[activation]
    above = 2 * below
    while largest_exponent(activation, above, noise) <= 0:
        above *= 2
    return float(brentq(lambda gain: largest_exponent(activation, gain, noise), below, above, xtol=1e-13, rtol=1e-13))


def _check(activation: str, gain: float, noise: float) -> None:
    if activation not in LARGEST_SLOPE:
        raise ValueError(f"No mean-field theory of activation {activation!r}: it is one of {', '.join(LARGEST_SLOPE)}.")
    if not 0 < gain <= LARGEST_GAIN:
        raise ValueError(f"A gain of {gain:g} is outside (0, {LARGEST_GAIN:g}].")
    if not 0 <= noise <= LARGEST_NOISE:
        raise ValueError(f"A noise variance of {noise:g} is outside [0, {LARGEST_NOISE:g}].")


def _nodes(q: float) -> NDArray[np.float64]:
    """Even nodes for z ~ N(0, 1), fine enough for tanh and sigmoid of sqrt(q) z."""
    count = 120 * math.ceil(max(1.0, math.sqrt(q)))
    return np.linspace(-12, 12, 2 * count + 1)


def _mean_square(values: NDArray[np.float64], z: NDArray[np.float64]) -> float:
    """E[values^2] by the trapezoidal rule, which converges geometrically here (Trefethen & Weideman 2014).

    The nearest pole of the integrand, of tanh(sqrt(q) z) at i pi / (2 sqrt(q)), is 15 node spacings or more from the
    real axis, and the error falls with exp(-2 pi) for each: rounding alone is left.
    """
    weights = np.exp(-(z**2) / 2)
    return float(np.add.reduce(weights * values**2) / np.add.reduce(weights))
