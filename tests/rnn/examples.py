"""Networks, parameters and batches that the tests of the library share.

Everything random is drawn in float32 precision, so that the float32 kernels and the float64 path start from the same
numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from hypothesis import strategies as st

from rnn.cells import ACTIVATIONS, CELLS, Cell, Vanilla
from rnn.layers import Dense, Embedding, Input, OneHot, Readout
from rnn.network import Batch, Network
from rnn.setup import Setup
from rnn.tape import Tape
from rnn.tasks.data import Data, Split
from rnn.variants import VARIANTS

# every registered cell, and every other form that a variant gives to one
CELL_FORMS = CELLS | {variant.form.name: variant.form for variant in VARIANTS.values() if variant.form}
# all of these, the vanilla cell with each activation
CELL_KINDS: dict[str, Callable[[int, int], Cell]] = {
    **{f"rnn-{name}": partial(Vanilla, activation=name) for name in ACTIVATIONS},
    **{name: cell for name, cell in CELL_FORMS.items() if cell is not Vanilla},
}
INPUT_KINDS: dict[str, Callable[[int], Input]] = {
    "dense": Dense,
    "one-hot": OneHot,
    "embedding": lambda size: Embedding(size, 2),
}
LOSS_KINDS = ("mse", "cross-entropy", "binary cross-entropy")
PLACES = ("last", "every")


def make_network(
    cell: str, inputs: str = "dense", loss: str = "mse", at: str = "last", d: int = 3, h: int = 4, k: int = 2
) -> Network:
    """Return a network by the names of its parts."""
    layer = INPUT_KINDS[inputs](d)
    return Network(layer, CELL_KINDS[cell](layer.width, h), Readout(h, k), loss, at)


def float32(array: np.ndarray) -> np.ndarray:
    """Round to float32, kept as float64."""
    return array.astype(np.float32).astype(np.float64)


def make_parameters(network: Network, rng: np.random.Generator, seeds: int = 1) -> dict[str, np.ndarray]:
    """Draw every entry, biases too, with the variance of 1 / number of rows."""
    p = {
        name: float32(rng.normal(size=(seeds, *shape)) / np.sqrt(shape[0] if len(shape) == 2 else 4))
        for name, shape in network.shapes().items()
    }
    network.cell.clear_structural_zeros(p["W"])
    return p


def make_batch(
    network: Network, rng: np.random.Generator, seeds: int = 1, size: int = 3, steps: int = 5, n: object = None
) -> Batch:
    """Draw inputs and targets; ``n`` gives the lengths, by default full ones."""
    lengths = np.full((seeds, size), steps) if n is None else np.broadcast_to(n, (seeds, size)).astype(np.int64)
    shape = (seeds, size, steps)
    if isinstance(network.inputs, Dense):
        x = float32(rng.normal(size=(*shape, network.inputs.size)))
    else:
        x = rng.integers(network.inputs.size, size=shape)
    places = shape if network.at == "every" else shape[:2]
    if network.loss == "mse":
        y = float32(rng.normal(size=(*places, network.readout.n_outputs)))
    elif network.loss == "binary cross-entropy":
        y = rng.integers(2, size=(*places, network.readout.n_outputs)).astype(np.float64)
    else:
        y = rng.integers(network.readout.n_outputs, size=places)
    return Batch(x, y, lengths)


def without_some_targets(batch: Batch, rng: np.random.Generator) -> Batch:
    """Take targets away, classes at every step, but never a sequence's last one."""
    last = np.arange(batch.y.shape[2]) == batch.n[..., None] - 1
    return replace(batch, y=np.where(last | (rng.random(batch.y.shape) < 0.5), batch.y, -1))


def make_state(network: Network, rng: np.random.Generator, seeds: int = 1, size: int = 3) -> tuple[np.ndarray, ...]:
    """Draw a state before the first step."""
    return tuple(float32(rng.normal(size=(seeds, size, network.cell.n_hidden)) / 2) for _ in network.cell.state)


@dataclass(frozen=True)
class Case:
    """A network with everything that its loss depends on."""

    network: Network
    p: dict[str, np.ndarray]
    batch: Batch
    initial: tuple[np.ndarray, ...] | None

    @property
    def sizes(self) -> tuple[int, int, int]:
        """S, T and B."""
        seeds, size = self.batch.n.shape
        return seeds, self.batch.x.shape[2], size


@st.composite
def cases(draw: st.DrawFn, cells: tuple[str, ...] = tuple(CELL_KINDS), max_steps: int = 7, max_hidden: int = 5) -> Case:
    """Any configuration: cell, input layer, loss, place of the loss, sizes, lengths, targets, initial state."""
    network = make_network(
        draw(st.sampled_from(cells)),
        draw(st.sampled_from(tuple(INPUT_KINDS))),
        draw(st.sampled_from(LOSS_KINDS)),
        draw(st.sampled_from(PLACES)),
        d=draw(st.integers(1, 4)),
        h=draw(st.integers(1, max_hidden)),
        k=draw(st.integers(1, 3)),
    )
    seeds, size, steps = draw(st.integers(1, 3)), draw(st.integers(1, 4)), draw(st.integers(1, max_steps))
    n = draw(st.lists(st.integers(1, steps), min_size=seeds * size, max_size=seeds * size))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    p, batch = (
        make_parameters(network, rng, seeds),
        make_batch(network, rng, seeds, size, steps, np.reshape(n, (seeds, size))),
    )
    if network.at == "every" and network.loss == "cross-entropy" and draw(st.booleans()):
        batch = without_some_targets(batch, rng)
    return Case(
        network,
        p,
        batch,
        make_state(network, rng, seeds, size) if draw(st.booleans()) else None,
    )


def gradient(
    case: Case, dtype: type = np.float64, batch: Batch | None = None, window: int = 0
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Return loss (S,), outputs, and the gradients of all parameters and of the initial state, by name."""
    network, batch = case.network, batch or case.batch
    seeds, size = batch.n.shape
    tape = Tape.allocate(network.cell, seeds, batch.x.shape[2], size, dtype, window)
    p = {name: array.astype(dtype) for name, array in case.p.items()}
    grad = {name: np.full_like(array, np.nan) for name, array in p.items()}
    batch = Batch(*(a.astype(dtype) if a.dtype.kind == "f" else a for a in (batch.x, batch.y)), batch.n)
    initial = None if case.initial is None else tuple(part.astype(dtype) for part in case.initial)
    outputs = network.forward(p, batch, tape, initial).copy()
    loss, d_initial = network.gradient(p, batch, tape, grad, initial)
    states = {f"{part}_0": g.copy() for part, g in zip(network.cell.state, d_initial, strict=True)}
    return loss, outputs, grad | states


def symbol_data(seed: int = 0) -> Data:
    """Return sequences of symbols of different lengths: is the majority of the symbols, 0 to 4, above 1?

    Trained as task "co2", which draws batches from the training split as any task does that has one.
    """
    rng = np.random.default_rng(seed)

    def split(size: int) -> Split:
        n = rng.integers(3, 8, size=size)
        x = np.where(np.arange(7) < n[:, None], rng.integers(5, size=(size, 7)), 0).astype(np.int32)
        y = 2 * np.count_nonzero(x > 1, axis=1) > n
        return Split(x, y.astype(np.int32), n)

    return Data(
        task="co2",
        length=7,
        inputs="embedding",
        n_inputs=5,
        n_outputs=2,
        loss="cross-entropy",
        at="last",
        metric_scale=1.0,
        valid=split(40),
        test=split(200),
        train=split(100),
        card={"baselines": {"majority class": 0.5}, "trivial": "majority class", "classical": None},
        scored_by="errors",
        dimension=3,
        symbols=["a", "b", "c", "d", "e"],
        classes=["no", "yes"],
    )


def pre_activation_margin(case: Case) -> float:
    """Return the smallest abs z of a run, the distance of a ReLU network from its nearest kink."""
    seeds, steps, size = case.sizes
    tape = case.network.tape(seeds, steps, size, np.float64)
    case.network.forward(case.p, case.batch, tape, case.initial)
    active = np.stack([tape.active(t) for t in range(steps)], axis=1)
    return float(np.min(np.abs(tape.z), where=active, initial=np.inf))


def relative_error(found: np.ndarray, right: np.ndarray) -> float:
    """||found - right|| / ||right||, or ||found|| where the right value is zero."""
    scale = np.linalg.norm(right)
    return float(np.linalg.norm(found - right) / (scale if scale > 0 else 1))


def small_setup(**changes: object) -> Setup:
    """Return a setup that trains in a fraction of a second."""
    fields: dict[str, object] = {
        "experiment_seed": 7,
        "task": "adding",
        "cell": "rnn",
        "variant": "default",
        "length": 8,
        "hidden": 5,
        "batch": 8,
        "steps": 60,
        "log_every": 20,
        "patience": 0,
        "clip": 1.0,
        "optimiser": "adam",
    }
    return Setup(**(fields | changes))
