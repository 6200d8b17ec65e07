"""Sequences run forward once in float64: what every measurement starts from."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn import unroll
from rnn.gradients.logarithms import log_norm
from rnn.losses import LOSSES
from rnn.network import Batch, Network
from rnn.tape import Tape
from rnn.unroll import State

Array = NDArray[Any]


@dataclass(frozen=True)
class WayBack:
    """dL_T/ds_t after every step t (0-based), per sample, each row rescaled on its way and its logarithm carried.

    ``log_norm`` and ``log_part`` are natural logarithms (S, T, B), -inf where the gradient is exactly zero. The true
    dL_T/dz_t is ``tape.z`` times exp(``log_scale``) (S, T, B).
    """

    log_norm: NDArray[np.float64]
    log_part: dict[str, NDArray[np.float64]]
    log_scale: NDArray[np.float64]
    tape: Tape


@dataclass(frozen=True, eq=False)
class Trajectory:
    """B sequences of each of S seeds with all that the forward pass left: ``tape`` holds states and pre-activations.

    L_T is the loss of each sequence's own last step alone, also where the network is trained on a loss at every step,
    so that a lag has one meaning: the sequence's own last step minus t.
    """

    network: Network
    p: dict[str, Array]  # float64, (S, ...)
    batch: Batch
    tape: Tape

    @classmethod
    def run(cls, network: Network, p: dict[str, Array], batch: Batch, initial: State | None = None) -> "Trajectory":
        """Run the forward pass in float64.

        Parameters
        ----------
        p
            Parameters of S seeds, of any type.
        initial
            State before the first step, (S, B, H) a part; zero if None.

        Raises
        ------
        ValueError
            A sequence is empty.
        """
        p = {name: array.astype(np.float64) for name, array in p.items()}
        (seeds, size), steps = batch.n.shape, batch.x.shape[2]
        tape = network.tape(seeds, steps, size, np.float64)
        network.forward(p, batch, tape, initial)
        return cls(network, p, batch, tape)

    @cached_property
    def last_gradient(self) -> Array:
        """dL_T/dh_T of each sample's own loss at its own last step, (S, B, H)."""
        y = self.batch.y
        if self.network.at == "every":
            seed, sample = np.indices(self.batch.n.shape)
            y = y[seed, sample, self.batch.n - 1]
        o = self.network.readout.outputs(self.p, self.tape.h[:, -1])
        _, d_o = LOSSES[self.network.loss](o, y, np.ones(self.batch.n.shape))
        return np.asarray(d_o @ self.p["W_ho"].swapaxes(1, 2))

    @cached_property
    def way_back(self) -> WayBack:
        """The full backward pass; for the LSTM s is (h, c), with (dL/dh_T, 0) at lag 0."""
        # the backward pass writes over pre-activations, which other measurements read
        tape = replace(
            self.tape,
            z=self.tape.z.copy(),
            back=np.empty_like(self.tape.back),
            carry=np.empty_like(self.tape.carry),
            extra={name: array.copy() for name, array in self.tape.extra.items()},
        )
        unroll.start_backward(tape, (self.last_gradient,))
        w_hh_t = unroll.transposed_recurrent(self.p, tape)
        seeds, steps, size, _ = tape.z.shape
        shape = (seeds, steps, size)
        total, scales = np.empty(shape), np.empty(shape)
        parts = {name: np.empty(shape) for name in self.network.cell.state}
        log_scale = np.zeros((seeds, size))
        for t in reversed(range(steps)):
            gradients = unroll.state_gradient(tape)
            norm = log_norm(np.concatenate(gradients, axis=-1))
            total[:, t] = norm + log_scale
            for part, gradient in zip(parts.values(), gradients, strict=True):
                part[:, t] = log_norm(gradient) + log_scale
            norm = np.where(np.isneginf(norm), 0, norm)
            log_scale += norm
            unroll.divide_backward(tape, np.exp(norm))
            unroll.step_backward(w_hh_t, tape, t)
            scales[:, t] = log_scale
        return WayBack(total, parts, scales, tape)

    def by_lag(self, by_step: Array) -> Array:
        """Turn (S, T, B) by step into (S, B, T) by lag, NaN at lags that a sequence does not have."""
        step = self.batch.n[..., None] - 1 - np.arange(by_step.shape[1])
        taken = np.take_along_axis(by_step.swapaxes(1, 2), np.maximum(step, 0), axis=2)
        return np.where(step < 0, np.nan, taken)

    def one_sample(self, sample: int) -> "Trajectory":
        """Return one sequence's part of it, a view."""
        own = slice(sample, sample + 1)
        tape = self.tape
        extra = {name: array[..., own, :] for name, array in tape.extra.items()}
        tape = Tape(
            tape.cell,
            tape.hx[:, :, own],
            tape.z[:, :, own],
            tape.n[:, own],
            tape.back[:, own],
            tape.carry[:, own],
            extra,
            tape.weights,
        )
        batch = Batch(self.batch.x[:, own], self.batch.y[:, own], self.batch.n[:, own])
        return Trajectory(self.network, self.p, batch, tape)
