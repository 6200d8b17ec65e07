"""The LSTM with forget gate (Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000).

    i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o)        g = tanh(z_g)
    c_t = f * c_{t-1} + i * g                                 h_t = o * tanh(c_t)

The column blocks of W, and so of z, stand in the order i, f, o, g; one bias a gate. The state is (h, c).
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
    recurrent_t,
    scaled_rows,
    sigmoid,
    sigmoid_slope,
    tanh_slope,
    where_active,
)

if TYPE_CHECKING:
    from rnn.tape import Tape


@dataclass(frozen=True)
class LSTM(FusedCell):
    """Long short-term memory with forget gate."""

    name: ClassVar[str] = "lstm"
    gates: ClassVar[tuple[str, ...]] = ("i", "f", "o", "g")
    state: ClassVar[tuple[str, ...]] = ("h", "c")
    keep_gate: ClassVar[str | None] = "f"

    @property
    def n_parameters(self) -> int:
        """4 (DH + H^2 + H)."""
        return 4 * self.n_hidden * (self.n_inputs + self.n_hidden + 1)

    def buffers(self) -> dict[str, Buffer]:
        """Cell states c_0 .. c_T, tanh(c_1) .. tanh(c_T), and dL/dc."""
        size = self.n_hidden
        return {"c": Buffer(size, more_steps=1), "tanh_c": Buffer(size), "dc": Buffer(size, per_step=False)}

    def extra_state(self, tape: Tape) -> tuple[Array, Array]:
        """Return c and dL/dc."""
        return tape.extra["c"], tape.extra["dc"]

    def kept_gradient(self, tape: Tape, d_h: Array) -> Array:
        """dL/dc_T = dL/dh_T * o * tanh'(c_T), from a float64 tape."""
        last = tape.n - 1
        seed, sample = np.indices(last.shape)
        _, _, z_o, _ = blocks(tape.z[seed, last, sample], 4)
        return d_h * sigmoid(z_o) * tanh_slope(tape.extra["c"][:, -1])

    def forward_step(self, tape: Tape, t: int) -> None:
        """c_t = f * c_{t-1} + i * g, h_t = o * tanh(c_t)."""
        c, tanh_c = tape.extra["c"], tape.extra["tanh_c"]
        active = tape.active(t)
        i, f, o, g = self._gates(tape, t)
        c[:, t + 1] = np.where(active, f * c[:, t] + i * g, c[:, t])
        tanh_c[:, t] = np.tanh(c[:, t + 1])
        tape.h[:, t + 1] = np.where(active, o * tanh_c[:, t], tape.h[:, t])

    def backward_step(self, tape: Tape, t: int) -> None:
        """Gradients of the four gates; dL/dc_{t-1} = dL/dc_t * f."""
        c, tanh_c, dc = tape.extra["c"], tape.extra["tanh_c"], tape.extra["dc"]
        active, squashed = tape.active(t), tanh_c[:, t]
        i, f, o, g = self._gates(tape, t)
        z_i, z_f, z_o, z_g = blocks(tape.z[:, t], 4)
        d_h = tape.back + tape.carry
        d_c = dc + d_h * o * tanh_slope(c[:, t + 1])
        d_z = (
            d_c * g * sigmoid_slope(z_i),
            d_c * c[:, t] * sigmoid_slope(z_f),
            d_h * squashed * sigmoid_slope(z_o),
            d_c * i * tanh_slope(z_g),
        )
        tape.z[:, t] = np.where(active, np.concatenate(d_z, axis=-1), 0)
        dc[...] = np.where(active, d_c * f, dc)
        tape.carry[...] = np.where(active, 0, d_h)

    def forward_fused(self, p: dict[str, Array], tape: Tape) -> None:
        """c_1 .. c_T and h_1 .. h_T."""
        c, tanh_c = tape.extra["c"], tape.extra["tanh_c"]
        kernels.lstm_forward(tape.n, product.packed(p["W"]), tape.hx, tape.z, c, tanh_c)

    def backward_fused(self, p: dict[str, Array], tape: Tape, every: Array, whole: bool) -> dict[str, Array]:
        """dL/dz_T .. dL/dz_1, and dL/dc_0."""
        c, tanh_c, dc = tape.extra["c"], tape.extra["tanh_c"], tape.extra["dc"]
        w, d_w = recurrent_t(p, "W", self.n_hidden), product.sums_like(p["W"])
        gradients = tape.back, tape.carry, dc, d_w
        kernels.lstm_backward(tape.n, tape.window, w, tape.hx, c, tanh_c, every, whole, tape.z, *gradients)
        return {"W": d_w[..., : self.width]}

    def jacobian(self, p: dict[str, Array], tape: Tape, t: int) -> Array:
        """Blocks dh/dh, dh/dc above dc/dh, dc/dc = diag(f)."""
        c, squashed = tape.extra["c"], tape.extra["tanh_c"][:, t]
        i, f, o, g = self._gates(tape, t)
        z_i, z_f, z_o, z_g = blocks(tape.z[:, t], 4)
        w_i, w_f, w_o, w_g = blocks(p["W"][:, : self.n_hidden], 4)
        through_c = o * tanh_slope(c[:, t + 1])  # dh_t/dc_t
        c_by_h = (
            scaled_rows(g * sigmoid_slope(z_i), w_i)
            + scaled_rows(c[:, t] * sigmoid_slope(z_f), w_f)
            + scaled_rows(i * tanh_slope(z_g), w_g)
        )
        size = self.n_hidden
        rows = np.zeros((*c_by_h.shape[:2], 2 * size, 2 * size))
        rows[..., :size, :size] = scaled_rows(squashed * sigmoid_slope(z_o), w_o) + through_c[..., None] * c_by_h
        rows[..., size:, :size] = c_by_h
        unit = np.arange(size)
        rows[..., unit, size + unit] = through_c * f
        rows[..., size + unit, size + unit] = f
        return where_active(rows, tape.active(t))

    def _gates(self, tape: Tape, t: int) -> tuple[Array, Array, Array, Array]:
        """i, f, o, g from z, which stays, so that slopes keep their precision where gates saturate."""
        z_i, z_f, z_o, z_g = blocks(tape.z[:, t], 4)
        return sigmoid(z_i), sigmoid(z_f), sigmoid(z_o), np.tanh(z_g)
