"""The path of the gradient that leads through the gates alone: what gating adds to a recurrent cell."""

import numpy as np
from numpy.typing import NDArray

from rnn.cells.base import blocks, log_sigmoid
from rnn.gradients.logarithms import multiplied, scaled_to_one
from rnn.gradients.trajectory import Trajectory


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
    rows, _ = scaled_to_one(cell.kept_gradient(tape, trajectory.last_gradient))
    lost = ~rows.any(axis=-1)
    path = np.empty(tape.z.shape[:3])
    log_scale = np.zeros(lost.shape)
    keep = cell.gates.index(cell.keep_gate)
    for t in reversed(range(tape.steps)):
        path[:, t] = np.where(lost, np.nan, log_scale)
        log_gate = log_sigmoid(blocks(tape.z[:, t], len(cell.gates))[keep])
        rows, shrunk = multiplied(rows, np.where(tape.active(t), log_gate, 0))
        log_scale = log_scale + shrunk
    return np.asarray(trajectory.by_lag(path))
