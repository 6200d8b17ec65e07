"""The LSTM without forget gate, as it was first published.

    i, o = sigmoid(z_i), sigmoid(z_o)                         g = tanh(z_g)
    c_t = c_{t-1} + i * g                                     h_t = o * tanh(c_t)

Hochreiter & Schmidhuber 1997: c is a sum, the "constant error carousel", so dc_T/dc_t along it is 1 at every lag. They
squashed with 4 sigma - 2 and 2 sigma - 1 in place of the two tanh, and let no gradient leave c for an earlier h; here
it is exact. The column blocks of W stand in the order i, o, g; one bias a gate. The state is (h, c).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from rnn.cells import kernels_1997, product
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
class LSTM1997(FusedCell):
    """Long short-term memory without forget gate."""

    name: ClassVar[str] = "lstm-1997"
    gates: ClassVar[tuple[str, ...]] = ("i", "o", "g")
    state: ClassVar[tuple[str, ...]] = ("h", "c")

    @property
    def n_parameters(self) -> int:
        """3 (DH + H^2 + H)."""
        return 3 * self.n_hidden * (self.n_inputs + self.n_hidden + 1)

    def buffers(self) -> dict[str, Buffer]:
        """Cell states c_0 .. c_T, tanh(c_1) .. tanh(c_T), and dL/dc."""
        size = self.n_hidden
        return {"c": Buffer(size, more_steps=1), "tanh_c": Buffer(size), "dc": Buffer(size, per_step=False)}

    def extra_state(self, tape: Tape) -> tuple[Array, Array]:
        """Return c and dL/dc."""
        return tape.extra["c"], tape.extra["dc"]

    def forward_step(self, tape: Tape, t: int) -> None:
        """c_t = c_{t-1} + i * g, h_t = o * tanh(c_t)."""
        c, tanh_c = tape.extra["c"], tape.extra["tanh_c"]
        active = tape.active(t)
        i, o, g = self._gates(tape, t)
        c[:, t + 1] = np.where(active, c[:, t] + i * g, c[:, t])
        tanh_c[:, t] = np.tanh(c[:, t + 1])
        tape.h[:, t + 1] = np.where(active, o * tanh_c[:, t], tape.h[:, t])

    def backward_step(self, tape: Tape, t: int) -> None:
        """Gradients of the three gates; dL/dc_{t-1} = dL/dc_t."""
        c, tanh_c, dc = tape.extra["c"], tape.extra["tanh_c"], tape.extra["dc"]
        active = tape.active(t)
        i, o, g = self._gates(tape, t)
        z_i, z_o, z_g = blocks(tape.z[:, t], 3)
        d_h = tape.back + tape.carry
        d_c = dc + d_h * o * tanh_slope(c[:, t + 1])
        d_z = (d_c * g * sigmoid_slope(z_i), d_h * tanh_c[:, t] * sigmoid_slope(z_o), d_c * i * tanh_slope(z_g))
        tape.z[:, t] = np.where(active, np.concatenate(d_z, axis=-1), 0)
        dc[...] = np.where(active, d_c, dc)
        tape.carry[...] = np.where(active, 0, d_h)

    def forward_fused(self, p: dict[str, Array], tape: Tape) -> None:
        """c_1 .. c_T and h_1 .. h_T."""
        c, tanh_c = tape.extra["c"], tape.extra["tanh_c"]
        kernels_1997.lstm_1997_forward(tape.n, product.packed(p["W"]), tape.hx, tape.z, c, tanh_c)

    def backward_fused(self, p: dict[str, Array], tape: Tape, every: Array, whole: bool) -> dict[str, Array]:
        """dL/dz_T .. dL/dz_1, and dL/dc_0."""
        w, d_w = recurrent_t(p, "W", self.n_hidden), product.sums_like(p["W"])
        gradients = tape.back, tape.carry, tape.extra["dc"], d_w
        kernels_1997.lstm_1997_backward(
            tape.n, tape.window, w, tape.hx, tape.extra["tanh_c"], every, whole, tape.z, *gradients
        )
        return {"W": d_w[..., : self.width]}

    def jacobian(self, p: dict[str, Array], tape: Tape, t: int) -> Array:
        """Blocks dh/dh, dh/dc above dc/dh, dc/dc = 1."""
        i, o, g = self._gates(tape, t)
        z_i, z_o, z_g = blocks(tape.z[:, t], 3)
        w_i, w_o, w_g = blocks(p["W"][:, : self.n_hidden], 3)
        through_c = o * tanh_slope(tape.extra["c"][:, t + 1])  # dh_t/dc_t
        c_by_h = scaled_rows(g * sigmoid_slope(z_i), w_i) + scaled_rows(i * tanh_slope(z_g), w_g)
        size = self.n_hidden
        rows = np.zeros((*c_by_h.shape[:2], 2 * size, 2 * size))
        o_by_h = scaled_rows(tape.extra["tanh_c"][:, t] * sigmoid_slope(z_o), w_o)
        rows[..., :size, :size] = o_by_h + through_c[..., None] * c_by_h
        rows[..., size:, :size] = c_by_h
        unit = np.arange(size)
        rows[..., unit, size + unit] = through_c
        rows[..., size + unit, size + unit] = 1
        return where_active(rows, tape.active(t))

    def _gates(self, tape: Tape, t: int) -> tuple[Array, Array, Array]:
        """i, o, g from z, which stays, so that slopes keep their precision where gates saturate."""
        z_i, z_o, z_g = blocks(tape.z[:, t], 3)
        return sigmoid(z_i), sigmoid(z_o), np.tanh(z_g)
