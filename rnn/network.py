"""A network: input layer, recurrent cell, readout and loss, for a stack of seeds."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rnn import unroll
from rnn.cells import Cell
from rnn.layers import Input, Readout
from rnn.losses import LOSSES
from rnn.tape import Tape
from rnn.unroll import State

Array = NDArray[Any]


@dataclass(frozen=True)
class Batch:
    """B sequences for each of S seeds.

    ``x`` (S, B, T, D) or, for symbols, (S, B, T); ``y`` (S, B, K) or classes (S, B) for a loss at the last step, the
    same with a T axis after B for a loss at every step; ``n`` (S, B) lengths, each at least 1 and at most T. A class
    below 0 is no target: at that step there is neither loss nor score. Padding may hold any values whose squares are
    finite.
    """

    x: Array
    y: Array
    n: NDArray[np.int64]

    def of(self, part: slice) -> "Batch":
        """Return the sequences of some of the seeds."""
        return Batch(self.x[part], self.y[part], self.n[part])


@dataclass(frozen=True)
class Network:
    """``at`` says where the loss stands: "last" (each sequence's own last step) or "every" (all steps up to it)."""

    inputs: Input
    cell: Cell
    readout: Readout
    loss: str = "mse"
    at: str = "last"

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of all parameters of one seed, in the order of the flat array."""
        return self.cell.shapes() | self.inputs.shapes() | self.readout.shapes()

    @property
    def n_parameters(self) -> int:
        """Number of trainable values; structural zeros of the GRU's packed matrix are none."""
        others = (self.inputs.shapes() | self.readout.shapes()).values()
        return self.cell.n_parameters + sum(int(np.prod(shape)) for shape in others)

    def tape(self, seeds: int, steps: int, batch: int, dtype: DTypeLike = np.float32) -> Tape:
        """Reserve memory for batches of this size."""
        return Tape.allocate(self.cell, seeds, steps, batch, dtype)

    def training_tape(self, seeds: int, steps: int, batch: int, window: int = 0) -> Tape:
        """Reserve memory for ``gradient``, which takes a stack's seeds in turn where the tape holds fewer.

        ``window`` is the tape's: over how many steps at a time the gradient flows back; 0: all.
        """
        return Tape.in_cache(self.cell, seeds, steps, batch, window)

    def forward(self, p: dict[str, Array], batch: Batch, tape: Tape, initial: State | None = None) -> Array:
        """Return outputs: (S, B, K) at the last step, or (S, T, B, K) at every step (time first).

        Raises
        ------
        ValueError
            A sequence is empty, or inputs or parameters do not fit the tape.
        """
        if batch.n.min() < 1:
            raise ValueError("An empty sequence has no last step: give each sequence a length of at least 1.")
        self._check(p, batch, tape)
        tape.n[...] = batch.n
        self.inputs.write(p, batch.x, tape)
        last = unroll.forward(p, tape, initial)
        if self.at == "last":
            return self.readout.outputs(p, last[0])
        return self.readout.outputs(p, _rows(tape)).reshape(*tape.z.shape[:3], -1)

    def _check(self, p: dict[str, Array], batch: Batch, tape: Tape) -> None:
        """Refuse what does not fit the tape: compiled loops would read the memory behind it."""
        seeds, size = tape.n.shape
        if batch.x.shape[:3] != (seeds, size, tape.steps):
            raise ValueError(
                f"Inputs of shape {batch.x.shape} do not fit a tape of {seeds} seeds, {size} sequences and "
                f"{tape.steps} steps: these are the first three axes."
            )
        for name, shape in self.shapes().items():
            if p[name].shape != (seeds, *shape):
                raise ValueError(f"Parameter {name} has shape {p[name].shape}, not {(seeds, *shape)}.")

    def targets(self, batch: Batch) -> Array:
        """Return the targets in the order of the outputs: time first where the loss stands at every step."""
        return batch.y if self.at == "last" else batch.y.swapaxes(1, 2)

    def losses(self, batch: Batch, o: Array) -> tuple[Array, Array, Array]:
        """Return the loss of each position, its weight and dL/do, in the shape of the outputs ``o``."""
        if self.at == "last":
            w = np.full(batch.n.shape, 1 / batch.n.shape[1], o.real.dtype)
        else:
            counted = np.arange(o.shape[1])[None, :, None] < batch.n[:, None]
            if self.loss == "cross-entropy":
                counted &= self.targets(batch) >= 0
            w = (counted / counted.sum(axis=(1, 2))[:, None, None]).astype(o.real.dtype)
        each, d_o = LOSSES[self.loss](o, self.targets(batch), w)
        return each, w, d_o

    def mean_loss(self, batch: Batch, o: Array) -> Array:
        """Return the loss of each seed, (S,): the mean over sequences, or over all their steps."""
        each, w, _ = self.losses(batch, o)
        return np.asarray(np.add.reduce((each * w).reshape(len(o), -1), axis=1))

    def gradient(
        self, p: dict[str, Array], batch: Batch, tape: Tape, grad: dict[str, Array], initial: State | None = None
    ) -> tuple[Array, State]:
        """Write the gradient of each seed's loss into ``grad``; the tape may be one of fewer seeds.

        It is exact unless the tape has a window: then it is that of a loss to which the state before each window is a
        constant (truncated back-propagation through time).

        Returns
        -------
        The loss (S,), and dL/ds_0, one (S, B, H) array for each part of the state.
        """
        found = []
        for part in in_turn(len(batch.n), tape):
            own = None if initial is None else tuple(state[part] for state in initial)
            arguments = part_of(p, part), batch.of(part), tape.first(part.stop - part.start), part_of(grad, part), own
            found.append(self._gradient(*arguments))
        losses, states = zip(*found, strict=True)
        return np.concatenate(losses), tuple(np.concatenate(parts) for parts in zip(*states, strict=True))

    def _gradient(
        self, p: dict[str, Array], batch: Batch, tape: Tape, grad: dict[str, Array], initial: State | None
    ) -> tuple[Array, State]:
        o = self.forward(p, batch, tape, initial)
        each, w, d_o = self.losses(batch, o)
        whole = bool(self.inputs.shapes())  # an input layer with parameters takes its gradient from dL/dz
        if self.at == "last":
            d_h = self.readout.gradient(p, tape.h[:, -1], d_o, grad)
            d_initial = unroll.backward(p, tape, (d_h,), whole=whole)
        else:
            d_h = self.readout.gradient(p, _rows(tape), d_o.reshape(len(o), -1, o.shape[-1]), grad)
            none = np.zeros_like(tape.back)
            d_initial = unroll.backward(p, tape, (none,), d_h.reshape(*tape.z.shape[:3], -1), whole)
        unroll.weight_gradient(tape, grad)
        self.inputs.gradient(p, batch.x, tape, grad)
        return np.add.reduce((each * w).reshape(len(o), -1), axis=1), d_initial


def in_turn(seeds: int, tape: Tape) -> list[slice]:
    """Return the parts of a stack that a tape takes one after the other."""
    at_once = len(tape.n)
    return [slice(start, min(start + at_once, seeds)) for start in range(0, seeds, at_once)]


def part_of(named: dict[str, Array], part: slice) -> dict[str, Array]:
    """Return the arrays of some of a stack's seeds."""
    return {name: array[part] for name, array in named.items()}


def _rows(tape: Tape) -> Array:
    """h_1 .. h_T as (S, T*B, H), a view."""
    h = tape.h[:, 1:]
    return h.reshape(h.shape[0], -1, h.shape[-1])
