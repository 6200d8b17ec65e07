"""The gradient of the last step's loss with respect to every earlier state and input, per sample."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn.gradients.logarithms import log_norm
from rnn.gradients.trajectory import Trajectory


@dataclass(frozen=True)
class GradientNorms:
    """ln ||dL_T/ds_t|| by lag, natural logarithms; lag = the sequence's own last step minus t.

    ``log_norm`` is (S, B, T): -inf where the gradient is exactly zero, NaN at lags a sequence does not have.
    ``log_part`` holds the same for each part of the state, by name, and ``log_input`` for the input vector x_t, which
    for symbols is the embedding that was looked up. ``log_ratio`` is ``log_norm`` relative to lag 0.
    """

    log_norm: NDArray[np.float64]
    log_part: dict[str, NDArray[np.float64]]
    log_input: NDArray[np.float64]

    @property
    def log_ratio(self) -> NDArray[np.float64]:
        """ln of the norm relative to lag 0; NaN for a sample whose gradient at lag 0 is zero."""
        start = self.log_norm[..., :1]
        return self.log_norm - np.where(np.isneginf(start), np.nan, start)


def gradient_norms(trajectory: Trajectory) -> GradientNorms:
    """Measure ||dL_T/ds_t|| for the state s_t after every step t = 1 .. T, and ||dL_T/dx_t|| for the input of it.

    s is the full state, for the LSTM (h, c) with (dL/dh_T, 0) at lag 0. Each sample's row is rescaled to norm 1 at
    every step and its logarithm carried: float64 alone underflows (for a sigmoid at lag 266). What is zero, or -inf, is
    so by ReLU or by a slope that is zero in float64: abs z above 372 for tanh, 745 for a sigmoid.
    """
    back, by_lag = trajectory.way_back, trajectory.by_lag
    inputs = log_norm(trajectory.network.cell.input_gradient(trajectory.p, back.tape)) + back.log_scale
    return GradientNorms(
        by_lag(back.log_norm), {name: by_lag(part) for name, part in back.log_part.items()}, by_lag(inputs)
    )
