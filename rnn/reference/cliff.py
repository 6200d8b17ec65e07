"""A18: one sigmoid unit whose loss falls off a cliff, where a small step of the bias crosses the border of a basin."""

import numpy as np

from rnn import unroll
from rnn.cells import Vanilla
from rnn.cells.base import sigmoid
from rnn.cliff import SigmoidUnit, saddle_nodes
from rnn.reference.case import Case
from rnn.tape import Tape

PASCANU = "Pascanu, Mikolov & Bengio 2013, section 2.2"
DOYA = "Doya 1993"

UNIT = SigmoidUnit()
WEIGHT = 5.0


def cliff_cases() -> list[Case]:
    """A18: the error on both sides of the cliff, and where cliff and bifurcations stand."""
    lower, upper = map(float, saddle_nodes(WEIGHT))
    named = "One sigmoid unit of weight 5"
    return [
        *(
            Case("A18", f"{named}, bias {bias:g}: error after 50 steps.", right, final_error(bias), 1e-6, PASCANU)
            for bias, right in ((-2.5, 0.0240889), (-3.0, 0.4041981))
        ),
        Case(
            "A18",
            f"{named}: bias at which its start lies on the border of both basins.",
            -2.6123,
            float(UNIT.border(WEIGHT)),
            5e-5,
            PASCANU,
        ),
        Case("A18", f"{named}: bias above which there is only the upper attractor.", -2.3444, upper, 5e-5, DOYA),
        Case("A18", f"{named}: bias below which there is only the lower attractor.", -2.6556, lower, 5e-5, DOYA),
    ]


def final_error(bias: float) -> float:
    """Return the unit's error as the library computes it: a vanilla cell of one unit whose z_t is x_t."""
    p = {"W": np.array([[[WEIGHT], [0.0], [bias]]])}
    tape = Tape.allocate(Vanilla(1, 1, "sigmoid"), 1, UNIT.steps, 1, np.float64)
    (h,) = unroll.forward(p, tape, (sigmoid(np.full((1, 1, 1), UNIT.start)),))
    return float((h.item() - UNIT.target) ** 2)
