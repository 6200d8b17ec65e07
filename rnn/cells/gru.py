"""The gated recurrent unit with the reset gate applied after the recurrent product.

    r, u = sigmoid(z_r), sigmoid(z_u)                          a = h_{t-1} U_n + b_hn
    n = tanh(x_t W_n + b_n + r * a)                            h_t = u * h_{t-1} + (1 - u) * n

Cho et al. 2014, version 1 of the preprint; the form of cuDNN and PyTorch (there u is called z). u = 1 keeps the old
state. The column blocks of W stand in the order r, u, a; the input rows of block a are structurally zero, since the
candidate's input weights W_n and bias b_n stand outside the reset gate, in a matrix "W_n" of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from rnn.cells import kernels, product
from rnn.cells.base import (
    Array,
    Buffer,
    FusedCell,
    blocks,
    diagonal,
    recurrent_t,
    rows_times,
    scaled_rows,
    sigmoid,
    sigmoid_slope,
    tanh_slope,
    where_active,
)

if TYPE_CHECKING:
    from rnn.tape import Tape


@dataclass(frozen=True)
class GRU(FusedCell):
    """Gated recurrent unit, reset after the product."""

    name: ClassVar[str] = "gru"
    gates: ClassVar[tuple[str, ...]] = ("r", "u", "a")
    state: ClassVar[tuple[str, ...]] = ("h",)
    keep_gate: ClassVar[str | None] = "u"

    @property
    def n_parameters(self) -> int:
        """3 (DH + H^2 + H) + H: the candidate has a recurrent bias besides."""
        return 3 * self.n_hidden * (self.n_inputs + self.n_hidden + 1) + self.n_hidden

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return shapes of "W" (H+D+1, 3H) and "W_n" (D+1, H)."""
        return super().shapes() | {"W_n": (self.n_inputs + 1, self.n_hidden)}

    def clear_structural_zeros(self, w: Array) -> None:
        """Clear the input rows of block a."""
        w[..., self.n_hidden : -1, 2 * self.n_hidden :] = 0

    def buffers(self) -> dict[str, Buffer]:
        """The candidate: x_t W_n + b_n, then n, then dL/dn's pre-activation."""
        return {"candidate": Buffer(self.n_hidden)}

    def before(self, p: dict[str, Array], tape: Tape) -> None:
        """Compute x_t W_n + b_n for all steps in one product."""
        rows = _flat(tape.hx[:, :-1, :, self.n_hidden :])
        np.matmul(rows, p["W_n"], out=_flat(tape.extra["candidate"]))

    def forward_step(self, tape: Tape, t: int) -> None:
        """h_t = n + u * (h_{t-1} - n)."""
        candidate = tape.extra["candidate"]
        z_r, z_u, a = blocks(tape.z[:, t], 3)
        candidate[:, t] += sigmoid(z_r) * a
        n, before = np.tanh(candidate[:, t]), tape.h[:, t]
        tape.h[:, t + 1] = np.where(tape.active(t), n + sigmoid(z_u) * (before - n), before)

    def backward_step(self, tape: Tape, t: int) -> None:
        """Gradients of both gates and the candidate; dL/dh_t * u passes around the product."""
        candidate = tape.extra["candidate"]
        # z and the candidate's pre-activation stay until here, so that slopes keep their precision in saturated gates
        active, z_n = tape.active(t), candidate[:, t]
        z_r, z_u, a = blocks(tape.z[:, t], 3)
        d_h, r = tape.back + tape.carry, sigmoid(z_r)
        d_n = np.where(active, d_h * sigmoid(-z_u) * tanh_slope(z_n), 0)
        d_u = np.where(active, d_h * (tape.h[:, t] - np.tanh(z_n)) * sigmoid_slope(z_u), 0)
        tape.carry[...] = np.where(active, d_h * sigmoid(z_u), d_h)
        candidate[:, t] = d_n
        tape.z[:, t] = np.concatenate((d_n * a * sigmoid_slope(z_r), d_u, d_n * r), axis=-1)

    def forward_fused(self, p: dict[str, Array], tape: Tape) -> None:
        """h_1 .. h_T."""
        w, w_n = product.packed(p["W"]), product.packed(p["W_n"])
        kernels.gru_forward(tape.n, w, w_n, tape.hx, tape.z, tape.extra["candidate"])

    def backward_fused(self, p: dict[str, Array], tape: Tape, every: Array, whole: bool) -> dict[str, Array]:
        """dL/dz_T .. dL/dz_1, and those of the candidate."""
        w, candidate = recurrent_t(p, "W", self.n_hidden), tape.extra["candidate"]
        d_w, d_w_n = product.sums_like(p["W"]), product.sums_like(p["W_n"])
        gradients = tape.back, tape.carry, d_w, d_w_n
        kernels.gru_backward(tape.n, tape.window, w, tape.hx, every, whole, tape.z, candidate, *gradients)
        return {"W": d_w[..., : self.width], "W_n": d_w_n[..., : self.n_hidden]}

    def jacobian(self, p: dict[str, Array], tape: Tape, t: int) -> Array:
        """dh_t/dh_{t-1}: diag(u), and through both gates and the candidate."""
        z_n = tape.extra["candidate"][:, t]
        z_r, z_u, a = blocks(tape.z[:, t], 3)
        w_r, w_u, u_n = blocks(p["W"][:, : self.n_hidden], 3)
        d_n = sigmoid(-z_u) * tanh_slope(z_n)  # dh_t by the candidate's pre-activation
        d_u = (tape.h[:, t] - np.tanh(z_n)) * sigmoid_slope(z_u)
        rows = (
            diagonal(sigmoid(z_u))
            + scaled_rows(d_u, w_u)
            + scaled_rows(d_n * a * sigmoid_slope(z_r), w_r)
            + scaled_rows(d_n * sigmoid(z_r), u_n)
        )
        return where_active(rows, tape.active(t))

    def weight_gradient(self, tape: Tape, grad: dict[str, Array]) -> None:
        """Write dL/dW and dL/dW_n."""
        super().weight_gradient(tape, grad)
        rows = _flat(tape.hx[:, :-1, :, self.n_hidden :])
        np.matmul(rows.swapaxes(1, 2), _flat(tape.extra["candidate"]), out=grad["W_n"])

    def input_gradient(self, p: dict[str, Array], tape: Tape) -> Array:
        """Return dL/dx through the gates and through the candidate."""
        through_candidate = rows_times(tape.extra["candidate"], p["W_n"][:, :-1].swapaxes(1, 2))
        return np.asarray(super().input_gradient(p, tape) + through_candidate)


def _flat(array: Array) -> Array:
    """(S, T, B, F) seen as (S, T*B, F)."""
    return array.reshape(array.shape[0], -1, array.shape[-1])
