"""The gradient of the last step's loss with respect to every earlier state, per sample."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn import unroll
from rnn.losses import LOSSES
from rnn.network import Batch, Network

Array = NDArray[Any]


@dataclass(frozen=True)
class GradientNorms:
    """ln ||dL_T/ds_t|| by lag, natural logarithms; lag = the sequence's own last step minus t.

    ``log_norm`` is (S, B, T): -inf where the gradient is exactly zero, NaN at lags a sequence does not have.
    ``log_part`` holds the same for each part of the state, by name.
    """

    log_norm: NDArray[np.float64]
    log_part: dict[str, NDArray[np.float64]]

    @property
    def log_ratio(self) -> NDArray[np.float64]:
        """ln of the norm relative to lag 0; NaN for a sample whose gradient at lag 0 is zero."""
        start = self.log_norm[..., :1]
        return self.log_norm - np.where(np.isneginf(start), np.nan, start)


def gradient_norms(network: Network, p: dict[str, Array], batch: Batch) -> GradientNorms:
    """Measure ||dL_T/ds_t|| for the state s_t after every step t = 1 .. T.

    L_T is the loss of each sequence's own last step alone, also where the network is trained on a loss at every step,
    so that a lag has one meaning; s is the full state, for the LSTM (h, c) with (dL/dh_T, 0) at lag 0. Each sample's
    row is rescaled to norm 1 at every step and its logarithm carried: float64 alone underflows (for a sigmoid at lag
    266).

    Parameters
    ----------
    p
        Parameters of S seeds; computed in float64 whatever their type.
    """
    p = {name: array.astype(np.float64) for name, array in p.items()}
    (seeds, size), steps = batch.n.shape, batch.x.shape[2]
    tape = network.tape(seeds, steps, size, np.float64)
    network.forward(p, batch, tape)
    unroll.start_backward(tape, (last_step_gradient(network, p, batch, tape.h[:, -1]),))
    w_hh_t = unroll.transposed_recurrent(p, tape)
    shape = (*batch.n.shape, steps)
    total = np.full(shape, np.nan)
    parts = {name: np.full(shape, np.nan) for name in network.cell.state}
    log_scale = np.zeros(batch.n.shape)
    for t in reversed(range(steps)):
        gradients = unroll.state_gradient(tape)
        # divided by the largest entry first: the squares of a tiny row are zero
        largest = np.max([np.abs(g).max(axis=-1) for g in gradients], axis=0)
        unit = np.where(largest > 0, largest, 1)
        squares = [np.add.reduce((g / unit[..., None]) ** 2, axis=-1) for g in gradients]
        norm = unit * np.sqrt(np.add.reduce(squares, axis=0))
        seed, sample = np.nonzero(t < batch.n)
        lag = batch.n[seed, sample] - 1 - t
        with np.errstate(divide="ignore"):
            total[seed, sample, lag] = (np.log(norm) + log_scale)[seed, sample]
            for part, square in zip(parts.values(), squares, strict=True):
                part[seed, sample, lag] = (0.5 * np.log(square) + np.log(unit) + log_scale)[seed, sample]
        scale = np.where(norm > 0, norm, 1)
        log_scale += np.log(scale)
        unroll.divide_backward(tape, scale)
        unroll.step_backward(w_hh_t, tape, t)
    return GradientNorms(total, parts)


def last_step_gradient(network: Network, p: dict[str, Array], batch: Batch, h_last: Array) -> Array:
    """Return dL_T/dh_T of each sample's own loss at its last step, (S, B, H)."""
    if network.at == "last":
        y = batch.y
    else:
        seed, sample = np.indices(batch.n.shape)
        y = batch.y[seed, sample, batch.n - 1]
    _, d_o = LOSSES[network.loss](network.readout.outputs(p, h_last), y, np.ones(batch.n.shape))
    return np.asarray(d_o @ p["W_ho"].swapaxes(1, 2))
