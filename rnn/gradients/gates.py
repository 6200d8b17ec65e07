"""The path of the gradient that leads through the gates alone: what gating adds to a recurrent cell."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.cells import LSTM
from rnn.cells.base import sigmoid, tanh_slope
from rnn.gradients.logarithms import scaled_to_one
from rnn.gradients.trajectory import Trajectory

Array = NDArray[Any]


def gate_path(trajectory: Trajectory) -> NDArray[np.float64] | None:
    """Return ln of the norm of the row that takes the direct path back, relative to lag 0: (S, B, T) by lag.

    LSTM: dL_T/dc_T times the forget gates between, the cell-state path (Hochreiter & Schmidhuber 1997; Gers et al.
    2000). GRU: dL_T/dh_T times the update gates, which keep the state where they are 1. What passes through W_hh is
    left out, and may add to the gradient or cancel it. NaN at lags that a sequence does not have, and for a sample
    whose gradient at lag 0 is zero.

    Returns
    -------
    None for a cell without a gate that keeps its state.
    """
    cell, tape = trajectory.network.cell, trajectory.tape
    if cell.keep_gate is None:
        return None
    rows = trajectory.last_gradient
    if isinstance(cell, LSTM):
        last = trajectory.batch.n - 1
        seed, sample = np.indices(last.shape)
        z_o = _block(tape.z[seed, last, sample], cell.gates.index("o"), cell.n_hidden)
        rows = rows * sigmoid(z_o) * tanh_slope(tape.extra["c"][:, -1])
    rows, _ = scaled_to_one(rows)
    lost = ~rows.any(axis=-1)
    seeds, steps, size, _ = tape.z.shape
    path = np.empty((seeds, steps, size))
    log_scale = np.zeros((seeds, size))
    keep = cell.gates.index(cell.keep_gate)
    for t in reversed(range(steps)):
        path[:, t] = np.where(lost, np.nan, log_scale)
        kept = sigmoid(_block(tape.z[:, t], keep, cell.n_hidden))
        rows, shrunk = scaled_to_one(np.where(tape.active(t), rows * kept, rows))
        log_scale += shrunk
    return np.asarray(trajectory.by_lag(path))


def _block(z: Array, gate: int, n_hidden: int) -> Array:
    """The columns of one gate."""
    return z[..., gate * n_hidden : (gate + 1) * n_hidden]
