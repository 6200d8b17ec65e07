"""The gated recurrent unit with the reset gate applied before the recurrent product, as published.

    r, u = sigmoid(z_r), sigmoid(z_u)                          n = tanh([r * h_{t-1}, x_t, 1] W_n)
    h_t = u * h_{t-1} + (1 - u) * n

Cho et al. 2014, equations 5 to 8 (there u is called z); u = 1 keeps the old state. Compared with the form of cuDNN and
PyTorch in ``rnn.cells.gru`` the reset gate chooses what of the old state enters the product, not what of the product
enters the candidate, and the candidate has one bias. The column blocks of W stand in the order r, u; W_n stacks U_n,
the candidate's input weights and b_n by rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from rnn.cells import kernels_before, product
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
class GRUBefore(FusedCell):
    """Gated recurrent unit, reset before the product."""

    name: ClassVar[str] = "gru-before"
    gates: ClassVar[tuple[str, ...]] = ("r", "u")
    state: ClassVar[tuple[str, ...]] = ("h",)
    keep_gate: ClassVar[str | None] = "u"

    @property
    def n_parameters(self) -> int:
        """3 (DH + H^2 + H)."""
        return 3 * self.n_hidden * (self.n_inputs + self.n_hidden + 1)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return shapes of "W" (H+D+1, 2H) and "W_n" (H+D+1, H)."""
        return super().shapes() | {"W_n": (self.n_hidden + self.n_inputs + 1, self.n_hidden)}

    def buffers(self) -> dict[str, Buffer]:
        """Rows [r * h_{t-1}, x_t, 1]; n's pre-activation, then n, then dL/dn's pre-activation."""
        size = self.n_hidden
        return {
            "rows": Buffer(size + self.n_inputs + 1),
            "candidate": Buffer(size),
        }

    def before(self, p: dict[str, Array], tape: Tape) -> None:
        """Keep the candidate's matrix: each step has a second product."""
        self._copy_inputs(tape)
        tape.weights["W_n"] = p["W_n"]
        tape.weights["U_n_t"] = np.ascontiguousarray(p["W_n"][:, : self.n_hidden].swapaxes(1, 2))

    def _copy_inputs(self, tape: Tape) -> None:
        """Write x_t and 1 to the candidate's rows."""
        tape.extra["rows"][..., self.n_hidden :] = tape.hx[:, :-1, :, self.n_hidden :]

    def forward_step(self, tape: Tape, t: int) -> None:
        """h_t = n + u * (h_{t-1} - n)."""
        rows, candidate = tape.extra["rows"], tape.extra["candidate"]
        active, before = tape.active(t), tape.h[:, t]
        z_r, z_u = blocks(tape.z[:, t], 2)
        rows[:, t, :, : self.n_hidden] = np.where(active, sigmoid(z_r) * before, 0)
        np.matmul(rows[:, t], tape.weights["W_n"], out=candidate[:, t])
        n = np.tanh(candidate[:, t])
        tape.h[:, t + 1] = np.where(active, n + sigmoid(z_u) * (before - n), before)

    def backward_step(self, tape: Tape, t: int) -> None:
        """Gradients of the candidate and both gates; dL/dh_t * u and dL/d(r * h) * r pass around the gates' product."""
        candidate = tape.extra["candidate"]
        # z and the candidate's pre-activation stay until here, so that slopes keep their precision in saturated gates
        active, before, z_n = tape.active(t), tape.h[:, t], candidate[:, t]
        z_r, z_u = blocks(tape.z[:, t], 2)
        d_h = tape.back + tape.carry
        d_u = np.where(active, d_h * (before - np.tanh(z_n)) * sigmoid_slope(z_u), 0)
        candidate[:, t] = np.where(active, d_h * sigmoid(-z_u) * tanh_slope(z_n), 0)
        d_kept = candidate[:, t] @ tape.weights["U_n_t"]
        d_r = np.where(active, d_kept * before * sigmoid_slope(z_r), 0)
        tape.carry[...] = np.where(active, d_h * sigmoid(z_u) + d_kept * sigmoid(z_r), d_h)
        tape.z[:, t] = np.concatenate((d_r, d_u), axis=-1)

    def forward_fused(self, p: dict[str, Array], tape: Tape) -> None:
        """h_1 .. h_T."""
        self._copy_inputs(tape)
        rows, candidate = tape.extra["rows"], tape.extra["candidate"]
        w, w_n = product.packed(p["W"]), product.packed(p["W_n"])
        kernels_before.gru_before_forward(tape.n, w, w_n, tape.hx, tape.z, rows, candidate)

    def backward_fused(self, p: dict[str, Array], tape: Tape, every: Array, whole: bool) -> dict[str, Array]:
        """dL/dz_T .. dL/dz_1, and those of the candidate."""
        rows, candidate = tape.extra["rows"], tape.extra["candidate"]
        weights = recurrent_t(p, "W", self.n_hidden), recurrent_t(p, "W_n", self.n_hidden)
        sums = {name: product.sums_like(p[name]) for name in ("W", "W_n")}
        gradients = tape.back, tape.carry, *sums.values()
        kernels_before.gru_before_backward(
            tape.n, tape.window, *weights, tape.hx, rows, every, whole, tape.z, candidate, *gradients
        )
        return {"W": sums["W"][..., : self.width], "W_n": sums["W_n"][..., : self.n_hidden]}

    def jacobian(self, p: dict[str, Array], tape: Tape, t: int) -> Array:
        """dh_t/dh_{t-1}: diag(u), and through the update gate, the candidate's product and the reset gate before it."""
        size, before, z_n = self.n_hidden, tape.h[:, t], tape.extra["candidate"][:, t]
        z_r, z_u = blocks(tape.z[:, t], 2)
        w_r, w_u = blocks(p["W"][:, :size], 2)
        u_n = p["W_n"][:, None, :size]
        # d(r * h_{t-1})/dh_{t-1}, one matrix a sequence
        kept = diagonal(sigmoid(z_r)) + scaled_rows(before * sigmoid_slope(z_r), w_r)
        through_n = u_n.swapaxes(-1, -2) @ kept
        rows = (
            diagonal(sigmoid(z_u))
            + scaled_rows((before - np.tanh(z_n)) * sigmoid_slope(z_u), w_u)
            + (sigmoid(-z_u) * tanh_slope(z_n))[..., None] * through_n
        )
        return where_active(rows, tape.active(t))

    def weight_gradient(self, tape: Tape, grad: dict[str, Array]) -> None:
        """Write dL/dW and dL/dW_n, one product over all steps each."""
        super().weight_gradient(tape, grad)
        rows, d_n = _flat(tape.extra["rows"]), _flat(tape.extra["candidate"])
        np.matmul(rows.swapaxes(1, 2), d_n, out=grad["W_n"])

    def recurrent_products(self, tape: Tape) -> list[tuple[Array, Array]]:
        """The gates' product, and that of the candidate with the rows r * h_{t-1}."""
        kept = tape.extra["rows"][..., : self.n_hidden]
        return [*super().recurrent_products(tape), (kept, tape.extra["candidate"])]

    def input_gradient(self, p: dict[str, Array], tape: Tape) -> Array:
        """Return dL/dx through the gates and through the candidate."""
        w_xn = p["W_n"][:, self.n_hidden : -1]
        return np.asarray(super().input_gradient(p, tape) + rows_times(tape.extra["candidate"], w_xn.swapaxes(1, 2)))


def _flat(array: Array) -> Array:
    """(S, T, B, F) seen as (S, T*B, F)."""
    return array.reshape(array.shape[0], -1, array.shape[-1])
