"""The vanilla (Elman) cell.

    z_t = h_{t-1} W_hh + x_t W_xh + b        h_t = f(z_t)

f is tanh, sigmoid, ReLU or the identity (Elman 1990, "Finding structure in time").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from rnn.cells import kernels
from rnn.cells.base import Array, Cell, sigmoid

if TYPE_CHECKING:
    from rnn.tape import Tape


@dataclass(frozen=True)
class Activation:
    """f, and f' written in terms of h = f(z)."""

    code: int  # which branch of the kernels
    f: Callable[[Array], Array]
    slope: Callable[[Array], Array]


ACTIVATIONS = {
    "tanh": Activation(kernels.TANH, np.tanh, lambda h: np.asarray(1 - h * h)),
    "sigmoid": Activation(kernels.SIGMOID, sigmoid, lambda h: np.asarray(h * (1 - h))),
    "relu": Activation(
        kernels.RELU, lambda z: np.asarray(z * (z.real > 0)), lambda h: np.asarray((h.real > 0).astype(h.dtype))
    ),
    "linear": Activation(kernels.LINEAR, lambda z: z, np.ones_like),
}


@dataclass(frozen=True)
class Vanilla(Cell):
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
        if tape.fused:
            kernels.vanilla_forward(t, tape.n, f.code, tape.z, tape.hx)
            return
        tape.h[:, t + 1] = np.where(tape.active(t), f.f(tape.z[:, t]), tape.h[:, t])

    def backward_step(self, tape: Tape, t: int) -> None:
        """dL/dz_t = dL/dh_t * f'(z_t)."""
        f = ACTIVATIONS[self.activation]
        if tape.fused:
            kernels.vanilla_backward(t, tape.n, f.code, tape.z, tape.hx, tape.back, tape.carry)
            return
        active = tape.active(t)
        d_h = tape.back + tape.carry
        tape.z[:, t] = np.where(active, d_h * f.slope(tape.h[:, t + 1]), 0)
        tape.carry[...] = np.where(active, 0, d_h)
