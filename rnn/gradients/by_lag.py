"""The gradient of the last step's loss with respect to every earlier state and input, per sample."""

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
    ``log_part`` holds the same for each part of the state, by name, and ``log_input`` for the input vector x_t, which
    for symbols is the embedding that was looked up.
    """

    log_norm: NDArray[np.float64]
    log_part: dict[str, NDArray[np.float64]]
    log_input: NDArray[np.float64]

    @property
    def log_ratio(self) -> NDArray[np.float64]:
        """ln of the norm relative to lag 0; NaN for a sample whose gradient at lag 0 is zero."""
        start = self.log_norm[..., :1]
        return self.log_norm - np.where(np.isneginf(start), np.nan, start)


def gradient_norms(network: Network, p: dict[str, Array], batch: Batch) -> GradientNorms:
    """Measure ||dL_T/ds_t|| for the state s_t after every step t = 1 .. T, and ||dL_T/dx_t|| for the input of it.

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
    shape = (seeds, steps, size)
    total, scales = np.empty(shape), np.empty(shape)  # logarithms
    parts = {name: np.empty(shape) for name in network.cell.state}
    log_scale = np.zeros((seeds, size))
    for t in reversed(range(steps)):
        gradients = unroll.state_gradient(tape)
        log_norm = _log_norm(np.concatenate(gradients, axis=-1))
        total[:, t] = log_norm + log_scale
        for part, gradient in zip(parts.values(), gradients, strict=True):
            part[:, t] = _log_norm(gradient) + log_scale
        log_norm = np.where(np.isneginf(log_norm), 0, log_norm)
        log_scale += log_norm
        unroll.divide_backward(tape, np.exp(log_norm))
        unroll.step_backward(w_hh_t, tape, t)
        scales[:, t] = log_scale
    inputs = _log_norm(network.cell.input_gradient(p, tape)) + scales
    return GradientNorms(
        _by_lag(total, batch.n),
        {name: _by_lag(part, batch.n) for name, part in parts.items()},
        _by_lag(inputs, batch.n),
    )


def _log_norm(rows: Array) -> Array:
    """ln of the norm along the last axis; divided by the largest entry first: the squares of a tiny row are zero."""
    largest = np.abs(rows).max(axis=-1)
    unit = np.where(largest > 0, largest, 1)
    with np.errstate(divide="ignore"):
        return np.asarray(0.5 * np.log(np.add.reduce((rows / unit[..., None]) ** 2, axis=-1)) + np.log(unit))


def _by_lag(by_step: Array, n: NDArray[np.int64]) -> NDArray[np.float64]:
    """From (S, T, B) by step to (S, B, T) by lag, NaN at lags that a sequence does not have."""
    steps = by_step.shape[1]
    step = n[..., None] - 1 - np.arange(steps)
    return np.where(step < 0, np.nan, np.take_along_axis(by_step.swapaxes(1, 2), np.maximum(step, 0), axis=2))


def last_step_gradient(network: Network, p: dict[str, Array], batch: Batch, h_last: Array) -> Array:
    """Return dL_T/dh_T of each sample's own loss at its last step, (S, B, H)."""
    if network.at == "last":
        y = batch.y
    else:
        seed, sample = np.indices(batch.n.shape)
        y = batch.y[seed, sample, batch.n - 1]
    _, d_o = LOSSES[network.loss](network.readout.outputs(p, h_last), y, np.ones(batch.n.shape))
    return np.asarray(d_o @ p["W_ho"].swapaxes(1, 2))
