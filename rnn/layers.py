"""Input layers, which write x into the tape's rows, and the readout."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from rnn.tape import Tape

Array = NDArray[Any]


@dataclass(frozen=True)
class Input(ABC):
    """From a batch's inputs (S, B, T, ...) to the D inputs of the cell."""

    size: int  # D as the data have it: features, or symbols of the vocabulary

    name: ClassVar[str]

    @property
    def width(self) -> int:
        """D as the cell sees it."""
        return self.size

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the layer's parameters."""
        return {}

    @abstractmethod
    def write(self, p: dict[str, Array], x: Array, tape: Tape) -> None:
        """Write x_1 .. x_T into the tape."""

    def gradient(self, p: dict[str, Array], x: Array, tape: Tape, grad: dict[str, Array]) -> None:  # noqa: B027
        """Write the gradients of the layer's parameters; a layer without any has nothing to do."""


@dataclass(frozen=True)
class Dense(Input):
    """Real vectors as they are: x (S, B, T, D)."""

    name: ClassVar[str] = "dense"

    def write(self, p: dict[str, Array], x: Array, tape: Tape) -> None:
        """Copy."""
        if x.shape[-1] != self.size:
            raise ValueError(f"Inputs of {x.shape[-1]} features came to a layer of {self.size}.")
        _write(x, tape.x)


@dataclass(frozen=True)
class OneHot(Input):
    """Unit vectors of symbols: x (S, B, T) integers below D."""

    name: ClassVar[str] = "one-hot"

    def write(self, p: dict[str, Array], x: Array, tape: Tape) -> None:
        """Write a single 1 in each row."""
        tape.x[...] = 0
        np.put_along_axis(tape.x, x.swapaxes(1, 2)[..., None].astype(np.intp), 1, axis=-1)


@dataclass(frozen=True)
class Embedding(Input):
    """Trainable vectors "E" (size, dimension) of symbols: x (S, B, T) integers."""

    dimension: int

    name: ClassVar[str] = "embedding"

    @property
    def width(self) -> int:
        """The dimension of the vectors."""
        return self.dimension

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of "E", (size, dimension)."""
        return {"E": (self.size, self.dimension)}

    def write(self, p: dict[str, Array], x: Array, tape: Tape) -> None:
        """Look the vectors up."""
        _look_up(p["E"], x, tape.x)

    def gradient(self, p: dict[str, Array], x: Array, tape: Tape, grad: dict[str, Array]) -> None:
        """Sum dL/dx over all places where a symbol stands; padding adds exact zeros."""
        d_x = tape.cell.input_gradient(p, tape)
        grad["E"][...] = 0
        _add_rows(grad["E"], x, d_x)


@njit(cache=True)
def _write(x: Array, rows: Array) -> None:
    """Write x (S, B, T, D) to rows (S, T, B, D); NumPy takes four times as long where D is small."""
    for s in range(rows.shape[0]):
        for t in range(rows.shape[1]):
            for b in range(rows.shape[2]):
                for j in range(rows.shape[3]):
                    rows[s, t, b, j] = x[s, b, t, j]


@njit(cache=True)
def _look_up(table: Array, index: Array, rows: Array) -> None:
    """Write the rows of a table (S, V, D) that an index (S, B, T) names to rows (S, T, B, D)."""
    for s in range(rows.shape[0]):
        for t in range(rows.shape[1]):
            for b in range(rows.shape[2]):
                symbol = index[s, b, t]
                if not 0 <= symbol < table.shape[1]:  # it would read what lies behind the table
                    raise IndexError("a symbol is outside its vocabulary, which counts from 0")
                for j in range(rows.shape[3]):
                    rows[s, t, b, j] = table[s, symbol, j]


@njit(cache=True, error_model="numpy")
def _add_rows(table: Array, index: Array, rows: Array) -> None:
    """Add rows (S, T, B, D) to the rows of a table (S, V, D) that an index (S, B, T) names, step by step."""
    for s in range(rows.shape[0]):
        for t in range(rows.shape[1]):
            for b in range(rows.shape[2]):
                symbol = index[s, b, t]
                for j in range(rows.shape[3]):
                    table[s, symbol, j] += rows[s, t, b, j]


@dataclass(frozen=True)
class Readout:
    """o_t = h_t W_ho + b_o."""

    n_hidden: int
    n_outputs: int

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of "W_ho", (H, K), and "b_o", (K,)."""
        return {"W_ho": (self.n_hidden, self.n_outputs), "b_o": (self.n_outputs,)}

    def outputs(self, p: dict[str, Array], h: Array) -> Array:
        """Return o (S, N, K) of states h (S, N, H)."""
        return np.asarray(h @ p["W_ho"] + p["b_o"][:, None])

    def gradient(self, p: dict[str, Array], h: Array, d_o: Array, grad: dict[str, Array]) -> Array:
        """Write dL/dW_ho and dL/db_o, return dL/dh (S, N, H)."""
        np.matmul(h.swapaxes(1, 2), d_o, out=grad["W_ho"])
        # float32 would add thousands of terms one after the other
        grad["b_o"][...] = np.add.reduce(d_o, axis=1, dtype=np.result_type(d_o, np.float64))
        return np.asarray(d_o @ p["W_ho"].swapaxes(1, 2))
