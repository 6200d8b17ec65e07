"""A21: back-propagation against differences, which use nothing of it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn import unroll
from rnn.cells import GRU, LSTM, Cell, Vanilla
from rnn.gradients import GradientMismatch, Trajectory, check_gradient, gradient_norms
from rnn.gradients.check import TOLERANCE
from rnn.layers import Dense, Embedding, Input, OneHot, Readout
from rnn.losses import LOSSES
from rnn.network import Batch, Network
from rnn.reference.case import Case
from rnn.reference.cells import all_cells

Array = NDArray[Any]
COMPLEX_STEP = "complex step, Squire & Trapp 1998"
TINY = 1e-30
MARGIN = 1e-3  # no unit of a ReLU network may cross its kink by a difference of 1e-5
LONG = 350  # steps back
# A norm of e^-177 is known to the last digit of its logarithm, 2.8e-14; here errors are at most 1.7e-13 in 30 networks.
LONG_TOLERANCE = 1e-12


def gradient_cases() -> list[Case]:
    """A21: every cell, input, place of the loss and mask; then one lag that real differences cannot reach."""
    worst: dict[str, float] = {}
    inputs: tuple[Input, ...] = (Dense(2), OneHot(3), Embedding(3, 2))
    for layer in inputs:
        for name, cell in all_cells(layer.width, 2).items():
            for loss in LOSSES:
                for at in ("last", "every"):
                    network = Network(layer, cell, Readout(2, 2), loss, at)
                    worst[name] = max(worst.get(name, 0), _error(network))
    cases = [
        Case(
            "A21",
            f"{name}: gradients against central differences, every kind of input and loss and sequences of "
            "different lengths, largest norm-wise relative error over the arrays of parameters.",
            0,
            error,
            TOLERANCE,
            "central differences in float64",
        )
        for name, error in worst.items()
    ]
    long: dict[str, Cell] = {"rnn": Vanilla(1, 8), "lstm": LSTM(1, 8), "gru": GRU(1, 8)}
    return cases + [
        Case(
            "A21",
            f"{name}: gradient of the last loss with respect to the state {LONG} steps before, against a complex step, "
            "error of its norm relative to the norm, which is kept as a logarithm and so rounded to some 3e-14.",
            0,
            _long_error(cell),
            LONG_TOLERANCE,
            COMPLEX_STEP,
        )
        for name, cell in long.items()
    ]


def _error(network: Network) -> float:
    """Return the error of the gradient check, infinite where it fails."""
    try:
        return check_gradient(network, *_away_from_kinks(network))
    except GradientMismatch:
        return np.inf


def _away_from_kinks(network: Network) -> tuple[dict[str, Array], Batch]:
    """Draw parameters and three sequences of one to three steps until no pre-activation is near zero."""
    n = np.array([[3, 1, 2]])
    for seed in range(1000):
        rng = np.random.default_rng([21, seed])
        p = draw_parameters(network, rng)
        batch = draw_batch(network, rng, n)
        tape = network.tape(1, 3, 3, np.float64)
        network.forward(p, batch, tape)
        if np.abs(tape.z).min() > MARGIN:
            return p, batch
    raise ArithmeticError("Every draw of parameters has a pre-activation near zero.")


def draw_parameters(network: Network, rng: np.random.Generator) -> dict[str, Array]:
    """Draw every entry of one seed's parameters, biases too, of variance 1 / number of rows."""
    p = {name: rng.normal(size=(1, *shape)) / np.sqrt(shape[0]) for name, shape in network.shapes().items()}
    network.cell.clear_structural_zeros(p["W"])
    return p


def draw_batch(network: Network, rng: np.random.Generator, n: NDArray[np.int64]) -> Batch:
    """Draw inputs and targets of sequences of n (1, B) steps."""
    shape = (*n.shape, int(n.max()))
    places = shape if network.at == "every" else n.shape
    size, outputs = network.inputs.size, network.readout.n_outputs
    dense = isinstance(network.inputs, Dense)
    x = rng.normal(size=(*shape, size)) if dense else rng.integers(size, size=shape)
    y: Array
    if network.loss == "cross-entropy":
        y = rng.integers(outputs, size=places)
    elif network.loss == "mse":
        y = rng.normal(size=(*places, outputs))
    else:
        y = rng.integers(2, size=(*places, outputs))
    return Batch(x, y, n)


def _long_error(cell: Cell) -> float:
    rng = np.random.default_rng(350)
    network = Network(Dense(1), cell, Readout(cell.n_hidden, 1))
    p = draw_parameters(network, rng)
    batch = draw_batch(network, rng, np.array([[LONG + 10]]))
    log_norm = gradient_norms(Trajectory.run(network, p, batch)).log_norm[0, 0, LONG]
    right = np.log(np.linalg.norm(complex_step(network, p, batch, LONG)))
    return float(abs(np.expm1(log_norm - right)))


def complex_step(network: Network, p: dict[str, Array], batch: Batch, lag: int) -> NDArray[np.float64]:
    """Return dL_T/ds_{T-lag} of one sequence by component, (number of parts, H), from forward passes alone.

    One component of the state is moved by i * 1e-30; the imaginary part of the loss, divided by 1e-30, is the
    derivative, with no subtraction and so no loss of digits at any lag. One copy of the sequence for each component.
    """
    parts, size = len(network.cell.state), network.cell.n_hidden
    copies, steps = parts * size, batch.x.shape[2]
    state = np.zeros((1, 1, copies))
    if lag < steps:
        tape = network.tape(1, steps - lag, 1, np.float64)
        network.inputs.write(p, batch.x[:, :, : steps - lag], tape)
        state = np.concatenate(unroll.forward(p, tape), axis=-1)
    moved = np.split(state + 1j * TINY * np.eye(copies), parts, axis=-1)
    if lag > 0:
        tape = network.tape(1, lag, copies, np.complex128)
        network.inputs.write(p, np.repeat(batch.x[:, :, steps - lag :], copies, axis=1), tape)
        moved[0] = unroll.forward(p, tape, tuple(moved))[0]
    o = network.readout.outputs(p, moved[0])
    each, _ = LOSSES[network.loss](o, np.repeat(batch.y, copies, axis=1), np.ones(o.shape[:2]))
    return np.asarray(each[0].imag / TINY).reshape(parts, size)
