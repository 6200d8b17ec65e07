"""A12, A16: what networks reach that have learnt nothing."""

from collections.abc import Callable

import numpy as np

from rnn.cells import CELLS
from rnn.initialise import initial_parameters
from rnn.layers import OneHot, Readout
from rnn.losses import mse
from rnn.network import Batch, Network
from rnn.parameters import Parameters
from rnn.reference.case import CLOSED_FORM, OWN, Array, Case
from rnn.tasks.adding import draw

HOCHREITER = "Hochreiter & Schmidhuber 1997, section 5.4"
SYMBOLS = 65


def adding_cases() -> list[Case]:
    """A12: the best constant on the adding problem, for three choices of values and target."""
    y = draw(np.random.default_rng(12), 50_000, 10).y
    found = mse(np.ones_like(y), y, np.ones(len(y)))[0].mean()
    scatter = np.sqrt(1 / 15 - 1 / 36)  # of the squared error of one sequence
    variants: dict[str, tuple[float, float]] = {
        "values from U[0, 1], target a + b: mean squared error of always answering 1": (
            1 / 6,
            constant_error(lambda a, b: a + b, (0, 1), 1.0),
        ),
        "values from U[-1, 1], target 0.5 + (a + b)/4: mean squared error of always answering 0.5": (
            1 / 24,
            constant_error(lambda a, b: 0.5 + (a + b) / 4, (-1, 1), 0.5),
        ),
        "values from U[0, 1], target (a + b)/2: mean squared error of always answering 0.5": (
            1 / 24,
            constant_error(lambda a, b: (a + b) / 2, (0, 1), 0.5),
        ),
    }
    return [
        *(
            Case("A12", f"Adding, {text}.", right, error, 1e-14, HOCHREITER if "-1" in text else CLOSED_FORM)
            for text, (right, error) in variants.items()
        ),
        Case(
            "A12",
            f"Adding as generated here: mean squared error of always answering 1 on {len(y)} sequences.",
            1 / 6,
            float(found),
            4 * scatter / np.sqrt(len(y)),
            CLOSED_FORM,
        ),
    ]


def constant_error(target: Callable[[Array, Array], Array], values: tuple[float, float], constant: float) -> float:
    """Return the mean squared error of a constant, integrated over both values by Gauss' rule, exact here."""
    nodes, weights = np.polynomial.legendre.leggauss(4)
    low, high = values
    nodes = low + (high - low) * (nodes + 1) / 2
    a, b = (grid.reshape(-1, 1) for grid in np.meshgrid(nodes, nodes))
    weight = np.outer(weights, weights).ravel() / 4
    each, _ = mse(np.full_like(a, constant), target(a, b), weight)
    return float(np.sum(each * weight))


def fresh_model_cases() -> list[Case]:
    """A16: a character model before training."""
    seeds, steps, size = 5, 50, 20
    rng = np.random.default_rng(16)
    x, y = rng.integers(SYMBOLS, size=(2, seeds, size, steps))
    batch = Batch(x, y, np.full((seeds, size), steps))
    losses, cases = {}, []
    for name, cell in CELLS.items():
        network = Network(OneHot(SYMBOLS), cell(SYMBOLS, 128), Readout(128, SYMBOLS), "cross-entropy", "every")
        p = Parameters.stack([initial_parameters(network, rng) for _ in range(seeds)], np.float64).named
        tape = network.tape(seeds, steps, size, np.float64)
        o = network.forward(p, batch, tape)
        losses[name] = float(network.mean_loss(batch, o).mean())
        second_order = float(np.log(SYMBOLS) + o.var(axis=-1).mean() / 2)
        p["W_ho"][...] = 0
        none = float(network.mean_loss(batch, network.forward(p, batch, tape)).mean())
        fresh = f"Character model of V = {SYMBOLS} symbols before training, {name}"
        cases += [
            Case("A16", f"{fresh}, zero output layer: loss in nats, ln V.", 4.174387, none, 1e-6, CLOSED_FORM),
            Case("A16", f"{fresh}: loss in nats, ln V + Var(logit)/2.", second_order, losses[name], 0.005, CLOSED_FORM),
        ]
    # the gated cells' states are smaller, and their losses nearer to ln V
    said = f"Character model of V = {SYMBOLS} symbols before training, rnn, H = 128: loss in nats, 4.21 to 4.29."
    return [*cases, Case("A16", said, 4.25, losses["rnn"], 0.04, OWN)]
