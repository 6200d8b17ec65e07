"""Random networks without input, x_{t+1} = g f(x_t) W + noise, and what each step back makes of a gradient in them.

Their largest exponent is what ``rnn.gradients.mean_field`` gives for infinitely many units. All settings of one matrix
run at once, each with trajectories of its own, which the library's measurements of one cell on one input do not.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn.cells import ACTIVATIONS
from rnn.gradients.lyapunov import BURN_IN, STEPS

Array = NDArray[Any]
SCALE_FREE = ("relu", "linear")  # f(a x) = a f(x) for a > 0
ALIGN = 50  # steps in which a random row turns to the direction that grows fastest


def growth_by_lag(
    activation: str,
    w: Array,
    gains: ArrayLike,
    noises: ArrayLike,
    rng: np.random.Generator,
    trajectories: int = 1,
    burn_in: int = BURN_IN,
    steps: int = STEPS,
) -> NDArray[np.float64]:
    """Return ln ||g_{t-1}|| / ||g_t|| of a random row gradient by lag, along some trajectories of each setting.

    Parameters
    ----------
    activation
        "tanh", "sigmoid", "relu" or "linear".
    w
        (N, N), entries of variance 1/N, shared by all settings; its type is that of the whole computation.
    gains, noises
        (K,): g and the variance of the noise.
    burn_in, steps
        Steps before the first state that counts, and lags beyond the first ``ALIGN``.

    Returns
    -------
    (K, trajectories, ALIGN + steps), natural logarithms, from lag 0 to 1 first. -inf where the row is exactly zero,
    which only ReLU makes, and from there on.

    Raises
    ------
    ValueError
        ReLU or the identity with noise: from some gain on their states overflow, and cannot be rescaled beside noise.
    """
    gain, spread = (np.asarray(values, w.dtype)[:, None, None] for values in (gains, np.sqrt(noises)))
    if activation in SCALE_FREE and spread.any():
        raise ValueError(f"Random networks of activation {activation!r} are simulated without noise.")
    states = _states(activation, w, gain, spread, rng, trajectories, burn_in, ALIGN + steps)
    slope = ACTIVATIONS[activation].slope
    row = _unit(rng.standard_normal(states.shape[1:]).astype(w.dtype))[0]
    growth = np.empty((*row.shape[:2], ALIGN + steps))
    with np.errstate(divide="ignore"):
        for lag, x in enumerate(states[::-1]):
            row, norm = _unit(gain * _product(row, w.T) * slope(x))
            growth[..., lag] = np.log(norm)
    return growth


def largest_exponents(growth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the largest Lyapunov exponents, nats a step, from what ``growth_by_lag`` returns: its mean once aligned.

    A product of Jacobians has the same singular values in both directions, so the way back has the exponents of the
    way forward.
    """
    return np.asarray(growth[..., ALIGN:].mean(axis=-1))


def _states(
    activation: str,
    w: Array,
    gain: Array,
    spread: Array,
    rng: np.random.Generator,
    trajectories: int,
    burn_in: int,
    steps: int,
) -> Array:
    """Return the last states x, (steps, K, trajectories, N); those of scale-free networks are rescaled at every step.

    f' of a scale-free f knows the signs of x alone, so nothing is lost, and no gain over- or underflows.
    """
    f = ACTIVATIONS[activation].f
    x = rng.standard_normal((len(gain), trajectories, len(w))).astype(w.dtype)
    states = np.empty((steps, *x.shape), w.dtype)
    for t in range(-burn_in, steps):
        x = gain * _product(f(x).astype(w.dtype, copy=False), w)  # the library's sigmoid returns float64
        if spread.any():
            x += spread * rng.standard_normal(x.shape[1:]).astype(w.dtype)
        if activation in SCALE_FREE:
            x, _ = _unit(x)
        if t >= 0:
            states[t] = x
    return states


def _product(rows: Array, w: Array) -> Array:
    """Multiply the rows of all settings by one matrix in one product."""
    return np.asarray((rows.reshape(-1, len(w)) @ w).reshape(rows.shape))


def _unit(rows: Array) -> tuple[Array, Array]:
    """Return rows of norm 1 and their norms; a row of zeros stays."""
    norm = np.sqrt(np.add.reduce(rows * rows, axis=-1))
    return rows / np.where(norm > 0, norm, 1)[..., None], norm
