"""Products of the state's Jacobians over many steps, and how much they can stretch any gradient at all."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn.gradients.trajectory import Trajectory

Array = NDArray[Any]


def step_jacobian(trajectory: Trajectory, t: int) -> Array:
    """Return J_t = ds_t/ds_{t-1} of the full state at step t (0-based), (S, B, N, N): g_{t-1} = g_t J_t for rows g.

    N is H, for the LSTM 2H with h first. The identity where a sequence has no step t.
    """
    return trajectory.network.cell.jacobian(trajectory.p, trajectory.tape, t)


def log_spaced_lags(steps: int, per_decade: int = 8) -> NDArray[np.int64]:
    """Return lags 0, 1, ... steps-1: the first and the last, and at most so many a factor of ten between."""
    if steps < 3:
        return np.arange(steps)
    many = int(np.ceil(per_decade * np.log10(steps - 1))) + 1
    return np.unique(np.concatenate(([0], np.geomspace(1, steps - 1, many).round().astype(np.int64))))


def sigma_max_by_lag(trajectory: Trajectory, lags: ArrayLike) -> NDArray[np.float64]:
    """Return ln of the largest singular value of ds_T/ds_{T-k} at some lags k, (S, B, len(lags)).

    It bounds how much any gradient can grow over k steps, and some gradient grows that much; a product of non-normal
    matrices first grows where every spectral radius is below 1 (REFERENCE A3). The product J_T ... J_{T-k+1} is
    rescaled at every step and its logarithm carried. -inf where it is exactly zero (ReLU), NaN at lags that a sequence
    does not have.

    Raises
    ------
    ValueError
        Lags are not increasing, or lie beyond the last step.
    """
    steps, lags = trajectory.tape.steps, np.asarray(lags)
    if lags.min() < 0 or lags.max() >= steps or (np.diff(lags) <= 0).any():
        raise ValueError(f"Lags must increase from 0 on and stay below {steps}, not {lags.tolist()}.")
    last = trajectory.batch.n
    product: Array | None = None
    log_scale = np.zeros(last.shape)
    found = np.full((*last.shape, len(lags)), np.nan)
    for k in range(int(lags.max()) + 1):
        if k:
            jacobian = _at_lag(trajectory, k - 1)
            product = jacobian if product is None else product @ jacobian
            largest = np.abs(product).max(axis=(-2, -1))
            largest = np.where(largest > 0, largest, 1)
            product = product / largest[..., None, None]
            log_scale += np.log(largest)
        for place in np.flatnonzero(lags == k):
            with np.errstate(divide="ignore"):
                stretch = 0.0 if product is None else np.log(np.linalg.norm(product, 2, axis=(-2, -1)))
            found[..., place] = np.where(k < last, log_scale + stretch, np.nan)
    return found


def _at_lag(trajectory: Trajectory, lag: int) -> Array:
    """J at each sequence's own step n - lag; whatever the sequence has no more of is left at its first step."""
    step = np.maximum(trajectory.batch.n - 1 - lag, 0)
    first = int(step.flat[0])
    if (step == first).all():
        return step_jacobian(trajectory, first)
    found = np.empty(())
    for t in np.unique(step):
        jacobian = step_jacobian(trajectory, int(t))
        found = jacobian if found.ndim == 0 else np.where((step == t)[..., None, None], jacobian, found)
    return found
