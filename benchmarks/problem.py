"""The training step that all engines take: the same weights, batch, loss, clipping and Adam."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.cells import CELLS
from rnn.initialise import initial_parameters
from rnn.layers import Dense, Readout
from rnn.network import Batch, Network
from rnn.optimise import Adam, Clip
from rnn.parameters import Parameters

Array = NDArray[Any]

OURS = "ours"
CLIP = 1.0
# Factor of the orthogonal recurrent matrix and bias of the gate that keeps the state, of which dL/dh_0 neither vanishes
# nor explodes within 1000 steps: a vanished gradient would be cheaper, and of a chaotic network engines disagree.
START = {"rnn": (1.0, 0.0), "lstm": (0.25, 2.7), "gru": (1.0, 3.0)}
# So small that weights stay where they were drawn, whatever the engine and the number of steps it is timed for.
RATE = 1e-7
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Setting:
    """One training step: S seeds, B sequences of T steps and D inputs, H hidden units, float32, mean squared error.

    The loss stands at the last step (one output), or at every step (as many outputs as inputs).
    """

    cell: str
    hidden: int = 64
    steps: int = 200
    seeds: int = 5
    inputs: int = 2
    batch: int = 32
    at: str = "last"

    def __str__(self) -> str:
        """Return the sizes, cell first."""
        every = ", loss at every step" if self.at == "every" else ""
        return f"{self.cell} H={self.hidden} T={self.steps} S={self.seeds} D={self.inputs} B={self.batch}{every}"

    @property
    def outputs(self) -> int:
        """K."""
        return 1 if self.at == "last" else self.inputs


@dataclass(frozen=True)
class Problem:
    """A setting with weights and data."""

    setting: Setting
    gain: float | None = None  # another factor of the recurrent matrix than that of START
    network: Network = field(init=False)

    def __post_init__(self) -> None:
        """Build the network."""
        s = self.setting
        cell = CELLS[s.cell](s.inputs, s.hidden)
        object.__setattr__(self, "network", Network(Dense(s.inputs), cell, Readout(s.hidden, s.outputs), at=s.at))

    @cached_property
    def weights(self) -> Parameters:
        """Weights of S seeds, float32."""
        s = self.setting
        gain, bias = START[s.cell]
        gain = gain if self.gain is None else self.gain
        rngs = [np.random.default_rng(seed) for seed in range(s.seeds)]
        drawn = [initial_parameters(self.network, rng, "orthogonal", gain, bias) for rng in rngs]
        return Parameters.stack(drawn, np.float32)

    @cached_property
    def batch(self) -> Batch:
        """Inputs that keep a tanh unit in its linear part, and normal targets."""
        s = self.setting
        rng = np.random.default_rng(1234)
        x = rng.normal(scale=0.1 / np.sqrt(s.inputs), size=(s.seeds, s.batch, s.steps, s.inputs)).astype(np.float32)
        shape = (s.seeds, s.batch, s.outputs) if s.at == "last" else (s.seeds, s.batch, s.steps, s.outputs)
        y = rng.normal(size=shape).astype(np.float32)
        return Batch(x, y, np.full((s.seeds, s.batch), s.steps))


def common(cell: str, hidden: int, p: dict[str, Array]) -> dict[str, Array]:
    """Return our parameters (or gradients) as every engine names them, views where they can be.

    W_hh (S, H, G), W_xh (S, D, G), b (S, G), W_ho (S, H, K), b_o (S, K), and for the GRU b_a (S, H), the bias inside
    its reset gate.
    """
    w = p["W"]
    found = {"W_hh": w[:, :hidden], "W_xh": w[:, hidden:-1], "b": w[:, -1], "W_ho": p["W_ho"], "b_o": p["b_o"]}
    if cell == "gru":
        w_n, gates = p["W_n"], 2 * hidden
        found["W_xh"] = np.concatenate([w[:, hidden:-1, :gates], w_n[:, :-1]], axis=-1)
        found["b"] = np.concatenate([w[:, -1, :gates], w_n[:, -1]], axis=-1)
        found["b_a"] = w[:, -1, gates:]
    return found


class Ours:
    """The engine of this project."""

    name = OURS

    def __init__(self, problem: Problem) -> None:
        """Reserve everything that lives as long as a run."""
        s = problem.setting
        self.problem, self.network = problem, problem.network
        self.p = Parameters.wrap(problem.weights.flat.copy(), self.network.shapes())
        self.grad = Parameters.zeros(self.network.shapes(), s.seeds)
        self.tape = self.network.training_tape(s.seeds, s.steps, s.batch)
        self.clip, self.optimiser = Clip(CLIP), Adam(np.full(s.seeds, RATE))

    def step(self) -> None:
        """Take one training step, as ``rnn.train`` does."""
        self.network.gradient(self.p.named, self.problem.batch, self.tape, self.grad.named)
        self.clip(self.grad.flat)
        self.optimiser.update(self.p.flat, self.grad.flat)

    def gradient(self) -> dict[str, Array]:
        """Return the gradient before clipping, under common names."""
        self.network.gradient(self.p.named, self.problem.batch, self.tape, self.grad.named)
        s = self.problem.setting
        return {name: array.copy() for name, array in common(s.cell, s.hidden, self.grad.named).items()}

    def share_vanished(self) -> float:
        """Return the share of dL/dh_0 that is exactly zero."""
        _, d_first = self.network.gradient(self.p.named, self.problem.batch, self.tape, self.grad.named)
        return float(np.mean(d_first[0] == 0))
