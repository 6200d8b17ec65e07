"""What every recurrent cell provides; ``unroll`` runs any of them through time.

Row vectors: one step computes ``z = [h, x, 1] W`` for all gates in one stacked product, then the cell's own gate pass.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rnn.cells import product

if TYPE_CHECKING:
    from rnn.tape import Tape

Array = NDArray[Any]


@dataclass(frozen=True)
class Buffer:
    """An array that a cell keeps on the tape: one row a step (and more), or one in all."""

    width: int
    per_step: bool = True
    more_steps: int = 0

    def shape(self, seeds: int, steps: int, batch: int) -> tuple[int, ...]:
        """(S, T + more_steps, B, width), or (S, B, width)."""
        return (seeds, steps + self.more_steps, batch, self.width) if self.per_step else (seeds, batch, self.width)


@dataclass(frozen=True)
class Cell(ABC):
    """A recurrent cell with D inputs and H hidden units."""

    n_inputs: int
    n_hidden: int

    name: ClassVar[str]
    gates: ClassVar[tuple[str, ...]]  # order of the column blocks of W, each H wide
    state: ClassVar[tuple[str, ...]]  # parts of the full state
    keep_gate: ClassVar[str | None] = None  # the gate whose bias decides how long the state is kept

    @property
    def width(self) -> int:
        """G, the number of columns of z."""
        return len(self.gates) * self.n_hidden

    @property
    @abstractmethod
    def n_parameters(self) -> int:
        """Number of trainable values."""

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each parameter array of one seed; "W" stacks W_hh, W_xh and b by rows."""
        return {"W": (self.n_hidden + self.n_inputs + 1, self.width)}

    def clear_structural_zeros(self, w: Array) -> None:  # noqa: B027 (most cells have none)
        """Set the entries of an array like "W", (..., H+D+1, G), to zero that are no parameters."""

    def buffers(self) -> dict[str, Buffer]:
        """Return what the cell keeps on the tape besides the common arrays."""
        return {}

    def before(self, p: dict[str, Array], tape: Tape) -> None:  # noqa: B027 (most cells have nothing to do)
        """Prepare what does not depend on the state, for all steps at once."""

    @abstractmethod
    def forward_step(self, tape: Tape, t: int) -> None:
        """From z at step t (0-based) compute the state after it."""

    @abstractmethod
    def backward_step(self, tape: Tape, t: int) -> None:
        """From dL/ds after step t write dL/dz into z, and into ``carry`` (and the like) what passes around W_hh."""

    @abstractmethod
    def jacobian(self, p: dict[str, Array], tape: Tape, t: int) -> Array:
        """Return J_t = ds_t/ds_{t-1} of the full state, (S, B, N, N), from z at step t (0-based) of a float64 tape.

        A row gradient moves back by g_{t-1} = g_t J_t: entry (i, j) is ds_t[i]/ds_{t-1}[j]. N is H times the number of
        parts of the state, in their order. Where a sequence has no step t it is the identity.
        """

    def weight_gradient(self, tape: Tape, grad: dict[str, Array]) -> None:
        """Write dL/dW, one product over all steps: (S, H+D+1, G), from a tape that is not fused."""
        rows, d_z = tape.hx[:, :-1], tape.z
        seeds, steps, batch, width = rows.shape
        np.matmul(
            rows.reshape(seeds, steps * batch, width).swapaxes(1, 2),
            d_z.reshape(seeds, steps * batch, self.width),
            out=grad["W"],
        )

    def recurrent_products(self, tape: Tape) -> list[tuple[Array, Array]]:
        """Return pairs of rows (S, T, B, H) and (S, T, B, G), after the backward pass.

        The sum over steps of their products, row^T row, is dL/dW_hh, of all gates side by side.
        """
        return [(tape.h[:, :-1], tape.z)]

    def input_gradient(self, p: dict[str, Array], tape: Tape) -> Array:
        """Return dL/dx, (S, T, B, D), after the backward pass."""
        w_xh = p["W"][:, self.n_hidden : -1]
        return rows_times(tape.z, w_xh.swapaxes(1, 2))

    def kept_gradient(self, tape: Tape, d_h: Array) -> Array:
        """From dL/dh after each sequence's last step (S, B, H) return dL/d of what the keep gate keeps, (S, B, H)."""
        return d_h

    def extra_state(self, tape: Tape) -> tuple[Array, Array] | None:
        """Return (states (S, T+1, B, H), gradient (S, B, H)) of the second part of the state, if there is one."""
        return None


class FusedCell(Cell):
    """A cell with float32 kernels that run all steps at once; others take the steps in NumPy."""

    @abstractmethod
    def forward_fused(self, p: dict[str, Array], tape: Tape) -> None:
        """All steps of a float32 tape, products included."""

    @abstractmethod
    def backward_fused(self, p: dict[str, Array], tape: Tape, every: Array, whole: bool) -> dict[str, Array]:
        """All steps of a float32 tape backward, products included; ``every`` (S, T, B, H), or empty.

        Where the gradient has become 0 and stays so, dL/dz is written to the tape only if ``whole``.

        Returns
        -------
        The gradient of each of the cell's parameter arrays.
        """


def blocks(columns: Array, count: int) -> list[Array]:
    """Return the equal blocks of the last axis, one a gate, as views; np.split takes ten times as long."""
    width = columns.shape[-1] // count
    return [columns[..., i * width : (i + 1) * width] for i in range(count)]


def where_active(jacobian: Array, active: NDArray[np.bool_]) -> Array:
    """Return J (S, B, N, N) with the identity where a sequence has no such step; active (S, B, 1)."""
    return jacobian if active.all() else np.where(active[..., None], jacobian, np.eye(jacobian.shape[-1]))


def scaled_rows(slope: Array, w: Array) -> Array:
    """Return diag(slope) w^T for slopes (S, B, H) and each seed's matrix w (S, H, H): (S, B, H, H)."""
    return slope[..., None] * w.swapaxes(1, 2)[:, None]


def diagonal(values: Array) -> Array:
    """Return diag(values) of rows (S, B, H): (S, B, H, H)."""
    return values[..., None] * np.eye(values.shape[-1])


def recurrent_t(p: dict[str, Array], name: str, size: int) -> Array:
    """Return W_hh^T of each seed, packed for the kernels: the first ``size`` rows of a matrix, transposed."""
    return product.packed(p[name][:, :size].swapaxes(1, 2))


def rows_times(rows: Array, matrix: Array) -> Array:
    """Multiply all rows (S, T, B, F) by each seed's matrix (S, F, D), one product a seed: (S, T, B, D)."""
    seeds, steps, batch, width = rows.shape
    return np.asarray(rows.reshape(seeds, steps * batch, width) @ matrix).reshape(seeds, steps, batch, -1)


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + exp(-z)), to full relative precision on both sides; complex values pass through."""
    sign = np.where(z.real < 0, -1, 1)
    e = np.exp(-sign * z)
    return np.asarray(np.where(sign > 0, 1, e) / (1 + e))


def sigmoid_slope(z: Array) -> Array:
    """Return sigmoid'(z) from z itself: s (1 - s) is 0 from z = 37 on, where the slope is 1e-16."""
    e = np.exp(-np.abs(z))
    return np.asarray(e / (1 + e) ** 2)


def log_sigmoid(z: Array) -> Array:
    """Return ln sigmoid(z), finite for every finite z."""
    return np.asarray(-np.logaddexp(0, -z))


def log_sigmoid_slope(z: Array) -> Array:
    """Return ln sigmoid'(z), finite for every finite z."""
    size = np.abs(z)
    return np.asarray(-size - 2 * np.log1p(np.exp(-size)))


def log_tanh_slope(z: Array) -> Array:
    """Return ln tanh'(z) = 2 (ln 2 - abs z - log1p(exp(-2 abs z))), finite for every finite z."""
    return np.asarray(np.log(4) + log_sigmoid_slope(2 * z))


def tanh_slope(z: Array) -> Array:
    """Return tanh'(z) from z itself: 1 - tanh(z)^2 is 0 from z = 19 on, where the slope is 1e-16."""
    return 4 * sigmoid_slope(2 * z)
