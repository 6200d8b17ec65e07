"""What fixes a stack of runs besides its seeds and rates, and the network that follows from it."""

from dataclasses import dataclass

from rnn.layers import Dense, Embedding, Input, OneHot, Readout
from rnn.network import Network
from rnn.tasks.data import Data
from rnn.variants import VARIANTS


@dataclass(frozen=True)
class Setup:
    """One (task, cell, variant, length) with its budget; every field is a scalar."""

    experiment_seed: int
    task: str
    cell: str
    variant: str
    length: int
    hidden: int
    batch: int
    steps: int  # budget, in updates
    log_every: int  # updates between two checks on validation
    patience: int  # updates without improvement on validation before a run has stalled; 0: never
    clip: float  # threshold of the global norm; 0: no clipping
    optimiser: str


def build_network(setup: Setup, data: Data) -> Network:
    """Return the network of a setup on its data."""
    inputs: Input
    if data.inputs == "dense":
        inputs = Dense(data.n_inputs)
    elif data.inputs == "one-hot":
        inputs = OneHot(data.n_inputs)
    else:
        inputs = Embedding(data.n_inputs, data.dimension)
    cell = VARIANTS[setup.variant].cell(setup.cell, inputs.width, setup.hidden)
    return Network(inputs, cell, Readout(setup.hidden, data.n_outputs), data.loss, data.at)
