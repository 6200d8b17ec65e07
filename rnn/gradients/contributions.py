"""Where the weight gradient comes from: dL_T/dW_hh as a sum over lags."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.gradients.logarithms import scaled_to_one
from rnn.gradients.trajectory import Trajectory

Array = NDArray[Any]
LAGS_AT_ONCE = 64  # keeps the matrices of a few lags in memory, never those of all


@dataclass(frozen=True)
class Contributions:
    """G = dL_T/dW_hh of the mean over samples as G_0 + G_1 + ..., one matrix (H, G) a lag, W_hh that of all gates.

    Attributes
    ----------
    log_norm
        (S, T): ln(||G_k|| / ||G||), Frobenius norms, -inf where G_k is exactly zero, as at the first step, whose h_0
        is zero.
    share
        (S, T): <G_k, G> / ||G||^2; sums to 1. Negative where a lag pulls against the sum.
    log_total
        (S,): ln ||G||. Where G is zero, -inf, and the other two are NaN.
    """

    log_norm: NDArray[np.float64]
    share: NDArray[np.float64]
    log_total: NDArray[np.float64]

    @property
    def cancellation(self) -> NDArray[np.float64]:
        """(S,): sum of abs share, 1 where no lag pulls against the sum."""
        return np.asarray(np.add.reduce(np.abs(self.share), axis=1))


def contributions(trajectory: Trajectory) -> Contributions:
    """Decompose dL_T/dW_hh by lag: G_k is the mean over samples of h_{t-1}^T dL_T/dz_t at t = n - k.

    A sample has no part in lags beyond its first step.

    Returns
    -------
    ``log_norm`` and ``share`` (S, T) by lag, ``log_total`` and ``cancellation`` (S,).
    """
    back = trajectory.way_back
    by_lag = [
        tuple(_rows_by_lag(trajectory, rows) for rows in (h, *_with_scale(d_z, back.log_scale)))
        for h, d_z in trajectory.network.cell.recurrent_products(back.tape)
    ]
    found = [_of_seed([(h[s], d_z[s], scale[s]) for h, d_z, scale in by_lag]) for s in range(len(by_lag[0][0]))]
    log_total = np.array([of_seed[2] for of_seed in found]) - np.log(trajectory.batch.n.shape[1])
    return Contributions(
        np.stack([of_seed[0] for of_seed in found]), np.stack([of_seed[1] for of_seed in found]), log_total
    )


def _with_scale(d_z: Array, log_scale: Array) -> tuple[Array, Array]:
    """Return rows of norm 1 and the logarithm of their scale: slopes make some too small for their squares."""
    rows, more = scaled_to_one(d_z)
    return rows, log_scale + more


def _rows_by_lag(trajectory: Trajectory, by_step: Array) -> Array:
    """From (S, T, B, ...) by step to (S, T, B, ...) by lag; steps that a sequence does not have give zeros."""
    steps = by_step.shape[1]
    step = trajectory.batch.n[:, None] - 1 - np.arange(steps)[:, None]  # (S, T, B)
    index: tuple[Array, ...] = np.indices(step.shape, sparse=True)
    seed, _, sample = index
    rows = np.asarray(by_step[seed, np.maximum(step, 0), sample])
    rows[step < 0] = 0
    return rows


def _of_seed(products: list[tuple[Array, Array, Array]]) -> tuple[Array, Array, float]:
    """Return ln ||G_k||/||G||, <G_k, G>/||G||^2 and ln ||G|| of sums over samples.

    ``products`` are rows (T, B, H) and (T, B, G) by lag, the second in units of exp of the third (T, B).
    """
    scales = [np.where(d_z.any(axis=-1), scale, -np.inf) for _, d_z, scale in products]
    top = np.max([scale.max(axis=1) for scale in scales], axis=0)  # of each lag, so that no lag leaves float64
    steps, most = len(top), top.max()
    if np.isneginf(most):
        return np.full(steps, np.nan), np.full(steps, np.nan), -np.inf
    top = np.where(np.isneginf(top), most, top)
    pairs = [
        (h, d_z * np.exp(scale - top[:, None])[..., None]) for (h, d_z, _), scale in zip(products, scales, strict=True)
    ]
    relative = np.exp(top - most)[:, None, None]
    total = [_product(_flat(h), _flat(d_z * relative)) for h, d_z in pairs]
    norm = np.sqrt(sum(np.vdot(part, part) for part in total))
    if norm == 0:
        return np.full(steps, np.nan), np.full(steps, np.nan), -np.inf
    squares, inner = np.zeros(steps), np.zeros(steps)
    for (h, d_z), part in zip(pairs, total, strict=True):
        for start in range(0, steps, LAGS_AT_ONCE):
            some = slice(start, start + LAGS_AT_ONCE)
            matrices = _product(h[some], d_z[some]).reshape(-1, part.size)
            squares[some] += np.add.reduce(matrices**2, axis=1)
            inner[some] += np.add.reduce(matrices * part.ravel(), axis=1)
    to_norm = top - most - np.log(norm)
    with np.errstate(divide="ignore"):
        return 0.5 * np.log(squares) + to_norm, inner / norm * np.exp(to_norm), float(np.log(norm) + most)


def _product(h: Array, d_z: Array) -> Array:
    return np.asarray(np.swapaxes(h, -1, -2) @ d_z)


def _flat(rows: Array) -> Array:
    return rows.reshape(-1, rows.shape[-1])
