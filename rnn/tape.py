"""The memory of one unrolled batch: everything the backward pass needs, allocated once and reused at every step."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rnn.cells.base import Cell, FusedCell

Array = NDArray[Any]
CACHE = 8 * 2**20  # bytes; measured: of a last level of 32 MB, shared with other processes, no more than that is kept


@dataclass(frozen=True)
class Tape:
    """Preallocated arrays of S stacked seeds, T steps and B sequences.

    ``hx[:, t]`` is the input row [h_{t-1}, x_t, 1] of step t+1, so that one matrix holds every weight and bias;
    ``z[:, t]`` holds the pre-activations (in float32 the gates, if the cell needs them on the way back), and after the
    backward pass dL/dz.
    ``back`` + ``carry`` is dL/dh of the step being visited, ``extra`` holds what a cell keeps besides, ``weights`` the
    matrices (S, ...) of a cell that needs more than the one stacked product inside a step, set by its ``before``, and
    ``sums`` the gradients (S, ...) of the cell's parameters that the fused backward pass has summed on its way.
    ``window``: how many steps at a time the gradient flows back through, counted from each sequence's own last step,
    where it is truncated; 0: all. The values of states know of no window.
    """

    cell: Cell
    hx: Array  # (S, T+1, B, H+D+1)
    z: Array  # (S, T, B, G)
    n: NDArray[np.int64]  # (S, B) sequence lengths
    back: Array  # (S, B, H)
    carry: Array  # (S, B, H)
    extra: dict[str, Array] = field(default_factory=dict)
    weights: dict[str, Array] = field(default_factory=dict)
    sums: dict[str, Array] = field(default_factory=dict)
    window: int = 0

    @classmethod
    def allocate(
        cls, cell: Cell, seeds: int, steps: int, batch: int, dtype: DTypeLike = np.float32, window: int = 0
    ) -> "Tape":
        """Reserve memory for (seeds, steps, batch); float32 runs the cell's fused kernels, other types plain NumPy."""
        size, width = cell.n_hidden, cell.n_hidden + cell.n_inputs + 1
        hx = np.zeros((seeds, steps + 1, batch, width), dtype)
        hx[..., -1] = 1
        extra = {name: np.zeros(kept.shape(seeds, steps, batch), dtype) for name, kept in cell.buffers().items()}
        return cls(
            cell,
            hx,
            np.zeros((seeds, steps, batch, cell.width), dtype),
            np.full((seeds, batch), steps, np.int64),
            np.zeros((seeds, batch, size), dtype),
            np.zeros((seeds, batch, size), dtype),
            extra,
            window=window,
        )

    @classmethod
    def in_cache(cls, cell: Cell, seeds: int, steps: int, batch: int, window: int = 0) -> "Tape":
        """Reserve float32 memory for as many of the seeds as stay in the cache from the way there to the way back.

        At least one; all of them where one alone is too large, since then nothing is won.
        """
        one = cls.allocate(cell, 1, steps, batch)
        size = sum(array.nbytes for array in (one.hx, one.z, *one.extra.values()))
        at_once = seeds if size > CACHE else min(seeds, CACHE // size)
        return cls.allocate(cell, at_once, steps, batch, window=window)

    def first(self, seeds: int) -> "Tape":
        """Return the same memory seen as a stack of fewer seeds."""
        extra = {name: array[:seeds] for name, array in self.extra.items()}
        return Tape(
            self.cell,
            self.hx[:seeds],
            self.z[:seeds],
            self.n[:seeds],
            self.back[:seeds],
            self.carry[:seeds],
            extra,
            window=self.window,
        )

    @property
    def fused_cell(self) -> FusedCell | None:
        """The cell, if its float32 kernels run."""
        return self.cell if isinstance(self.cell, FusedCell) and self.hx.dtype == np.float32 else None

    @property
    def steps(self) -> int:
        """T."""
        return int(self.z.shape[1])

    @property
    def x(self) -> Array:
        """Input part of the rows, (S, T, B, D): input layers write here."""
        return self.hx[:, :-1, :, self.cell.n_hidden : -1]

    @property
    def h(self) -> Array:
        """Hidden states h_0 .. h_T, (S, T+1, B, H)."""
        return self.hx[..., : self.cell.n_hidden]

    def active(self, t: int) -> NDArray[np.bool_]:
        """Which sequences have a step t (0-based), (S, B, 1)."""
        return (t < self.n)[..., None]
