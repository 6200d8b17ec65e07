"""The two factors of the lecture's formula, exactly: slopes f' and weights W_hh, along the real gradient and apart."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.cells import ACTIVATIONS, Vanilla
from rnn.gradients.logarithms import multiplied, scaled_to_one
from rnn.gradients.recurrent import polar_factor
from rnn.gradients.trajectory import Trajectory

Array = NDArray[Any]


@dataclass(frozen=True)
class Factors:
    """Growth of the gradient's norm from one lag to the next, in nats, (S, B, T) by lag.

    Entry k is the step from lag k-1 to lag k; NaN at lag 0, at lags that a sequence does not have, and from where the
    row is exactly zero (ReLU).

    Attributes
    ----------
    slopes, weights
        ln ||g*f'|| / ||g|| and ln ||(g*f') W_hh^T|| / ||g*f'|| along the real row g; their sum is the growth, with no
        remainder.
    polar
        Slopes alone: the growth of a row that meets the same slopes, and in place of W_hh its orthogonal polar factor.
    unit_slopes
        Weights alone: the growth of a row that meets f' = 1 and W_hh.
    """

    slopes: NDArray[np.float64]
    weights: NDArray[np.float64]
    polar: NDArray[np.float64]
    unit_slopes: NDArray[np.float64]


def two_factors(trajectory: Trajectory) -> Factors:
    """Split the growth of the gradient of the vanilla cell in slopes and weights; f' is taken from z as a logarithm.

    Returns
    -------
    Four arrays (S, B, T) by lag: ``slopes``, ``weights``, ``polar``, ``unit_slopes``.

    Raises
    ------
    TypeError
        The cell is gated: its Jacobian is no product of slopes and one matrix.
    """
    cell, tape = trajectory.network.cell, trajectory.tape
    if not isinstance(cell, Vanilla):
        raise TypeError(f"Only the vanilla cell's Jacobian is slopes times one matrix, not that of the {cell.name}.")
    w_hh = trajectory.p["W"][:, : cell.n_hidden]
    w_t = np.ascontiguousarray(w_hh.swapaxes(1, 2))
    polar_t = np.ascontiguousarray(np.stack([polar_factor(w).T for w in w_hh]))
    log_slope = ACTIVATIONS[cell.activation].log_slope
    real = polar = unit = scaled_to_one(trajectory.last_gradient)[0]
    shape = tape.z.shape[:3]
    slopes, weights, of_polar, of_unit = (np.full(shape, np.nan) for _ in range(4))
    for t in reversed(range(1, tape.steps)):
        active = tape.active(t)
        d = np.where(active, log_slope(tape.z[:, t]), 0)
        moved, slopes[:, t - 1] = _through_slopes(real, d)
        real, weights[:, t - 1] = _through(moved, w_t, active)
        moved, lost = _through_slopes(polar, d)
        polar, gained = _through(moved, polar_t, active)
        of_polar[:, t - 1] = lost + gained
        unit, of_unit[:, t - 1] = _through(unit, w_t, active)
    return Factors(*(_growth(trajectory, by_step) for by_step in (slopes, weights, of_polar, of_unit)))


def _through_slopes(rows: Array, log_slope: Array) -> tuple[Array, Array]:
    """Return rows * f' and ln of their growth, NaN where nothing is left; rows are of norm 1, or zero."""
    return _where_left(*multiplied(rows, log_slope))


def _through(rows: Array, matrix: Array, active: Array) -> tuple[Array, Array]:
    return _where_left(*scaled_to_one(np.where(active, rows @ matrix, rows)))


def _where_left(rows: Array, log_growth: Array) -> tuple[Array, Array]:
    return rows, np.where(rows.any(axis=-1), log_growth, np.nan)


def _growth(trajectory: Trajectory, by_step: Array) -> Array:
    by_lag = trajectory.by_lag(by_step)
    by_lag[..., 0] = np.nan
    return by_lag
