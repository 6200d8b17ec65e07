"""Vanilla networks with a given recurrent matrix, as most of the cases need."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.cells import Vanilla
from rnn.gradients.trajectory import Trajectory
from rnn.layers import Dense, Readout
from rnn.network import Batch, Network

Array = NDArray[Any]


def vanilla(
    activation: str, w_hh: Array, rng: np.random.Generator, drive: float = 0.0
) -> tuple[Network, dict[str, Array]]:
    """Return a network with one input and one output, and its parameters.

    Parameters
    ----------
    w_hh
        (S, H, H): one recurrent matrix a seed. Biases are zero, the readout is drawn.
    drive
        Standard deviation of the input weights.
    """
    seeds, size, _ = w_hh.shape
    network = Network(Dense(1), Vanilla(1, size, activation), Readout(size, 1))
    p = {name: np.zeros((seeds, *shape)) for name, shape in network.shapes().items()}
    p["W"][:, :size] = w_hh
    p["W"][:, size] = drive * rng.normal(size=(seeds, size))
    p["W_ho"][...] = rng.normal(size=(seeds, size, 1))
    return network, p


def trajectory(network: Network, p: dict[str, Array], rng: np.random.Generator, steps: int) -> Trajectory:
    """Run one sequence of standard normal inputs for each seed; the target, 1, is never reached."""
    seeds = len(p["W"])
    x = rng.normal(size=(seeds, 1, steps, 1))
    return Trajectory.run(network, p, Batch(x, np.ones((seeds, 1, 1)), np.full((seeds, 1), steps)))
