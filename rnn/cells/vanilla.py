"""The vanilla (Elman) cell.

    z_t = h_{t-1} W_hh + x_t W_xh + b        h_t = f(z_t)

f is tanh, sigmoid, ReLU or the identity (Elman 1990, "Finding structure in time").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from rnn.cells import kernels, product
from rnn.cells.base import (
    Array,
    FusedCell,
    log_sigmoid_slope,
    log_tanh_slope,
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
class Activation:
    """f, f' and ln f', all of z."""

    code: int  # which branch of the kernels
    f: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    log_slope: Callable[[Array], Array]  # where the slope itself would be zero in float64; -inf where it is zero


ACTIVATIONS = {
    "tanh": Activation(kernels.TANH, np.tanh, tanh_slope, log_tanh_slope),
    "sigmoid": Activation(kernels.SIGMOID, sigmoid, sigmoid_slope, log_sigmoid_slope),
    "relu": Activation(
        kernels.RELU,
        lambda z: z * (z.real > 0),
        lambda z: (z > 0).astype(z.dtype),
        lambda z: np.where(z > 0, 0, -np.inf),
    ),
    "linear": Activation(kernels.LINEAR, lambda z: z, np.ones_like, np.zeros_like),
}


@dataclass(frozen=True)
class Vanilla(FusedCell):
    """h_t = f(h_{t-1} W_hh + x_t W_xh + b)."""

    activation: str = "tanh"

    name: ClassVar[str] = "rnn"
    gates: ClassVar[tuple[str, ...]] = ("h",)
    state: ClassVar[tuple[str, ...]] = ("h",)

    @property
    def n_parameters(self) -> int:
        """DH + H^2 + H."""
        return self.n_hidden * (self.n_inputs + self.n_hidden + 1)

    def forward_step(self, tape: Tape, t: int) -> None:
        """h_t = f(z_t)."""
        f = ACTIVATIONS[self.activation]
        tape.h[:, t + 1] = np.where(tape.active(t), f.f(tape.z[:, t]), tape.h[:, t])

    def backward_step(self, tape: Tape, t: int) -> None:
        """dL/dz_t = dL/dh_t * f'(z_t)."""
        f = ACTIVATIONS[self.activation]
        active = tape.active(t)
        d_h = tape.back + tape.carry
        tape.z[:, t] = np.where(active, d_h * f.slope(tape.z[:, t]), 0)
        tape.carry[...] = np.where(active, 0, d_h)

    def forward_fused(self, p: dict[str, Array], tape: Tape) -> None:
        """h_1 .. h_T."""
        code = ACTIVATIONS[self.activation].code
        kernels.vanilla_forward(tape.n, code, product.packed(p["W"]), tape.hx, tape.z)

    def backward_fused(self, p: dict[str, Array], tape: Tape, every: Array, whole: bool) -> dict[str, Array]:
        """dL/dz_T .. dL/dz_1."""
        code, w, d_w = ACTIVATIONS[self.activation].code, recurrent_t(p, "W", self.n_hidden), product.sums_like(p["W"])
        gradients = tape.back, tape.carry, d_w
        kernels.vanilla_backward(tape.n, tape.window, code, w, tape.hx, every, whole, tape.z, *gradients)
        return {"W": d_w[..., : self.width]}

    def jacobian(self, p: dict[str, Array], tape: Tape, t: int) -> Array:
        """J_t = diag(f'(z_t)) W_hh^T."""
        slope = ACTIVATIONS[self.activation].slope(tape.z[:, t])
        w_hh = p["W"][:, : self.n_hidden]
        return where_active(scaled_rows(slope, w_hh), tape.active(t))
