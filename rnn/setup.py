"""What fixes a stack of runs besides its seeds and rates, and the network that follows from it."""

from dataclasses import dataclass, replace

from rnn.cells import CELLS, Cell
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
    hidden: int  # units H; a variant that is matched has as many as it takes
    batch: int
    steps: int  # budget, in updates, where the variant has no factor of it
    log_every: int  # updates between two checks on validation
    patience: int  # updates without improvement on validation before a run has stalled; 0: never
    clip: float  # threshold of the global norm where the variant has none of its own; 0: no clipping
    optimiser: str

    @property
    def in_effect(self) -> "Setup":
        """The setup with the budget and the threshold of clipping that its variant makes of them."""
        variant = VARIANTS[self.variant]
        clip = self.clip if variant.clip is None else variant.clip
        return replace(self, steps=variant.budget * self.steps, clip=clip)


def build_network(setup: Setup, data: Data) -> Network:
    """Return the network of a setup on its data."""
    inputs: Input
    if data.inputs == "dense":
        inputs = Dense(data.n_inputs)
    elif data.inputs == "one-hot":
        inputs = OneHot(data.n_inputs)
    else:
        inputs = Embedding(data.n_inputs, data.dimension)

    def network_of(cell: Cell) -> Network:
        return Network(inputs, cell, Readout(cell.n_hidden, data.n_outputs), data.loss, data.at)

    variant = VARIANTS[setup.variant]
    network = network_of(variant.cell(setup.cell, inputs.width, setup.hidden))
    if not variant.matched:
        return network
    wanted = network_of(CELLS["lstm"](inputs.width, setup.hidden)).n_parameters
    # four times as many units have more parameters than four gates, whatever the cell
    sizes = range(setup.hidden, 4 * setup.hidden + 1)
    candidates = (network_of(variant.cell(setup.cell, inputs.width, size)) for size in sizes)
    return min(candidates, key=lambda candidate: abs(candidate.n_parameters - wanted))
