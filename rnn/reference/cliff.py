"""A18: one sigmoid unit whose loss falls off a cliff, where a small step of the bias crosses the border of a basin."""

import numpy as np

from rnn import unroll
from rnn.cells import Vanilla
from rnn.cells.base import sigmoid
from rnn.gradients.sigmoid_unit import SigmoidUnit
from rnn.reference.case import Case
from rnn.tape import Tape

PASCANU = "Pascanu, Mikolov & Bengio 2013, section 2.2"
DOYA = "Doya 1993"


def cliff_cases() -> list[Case]:
    """A18: the error on both sides of the cliff, and where cliff and bifurcations stand."""
    unit = SigmoidUnit()
    lower, upper = unit.saddle_nodes
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
            unit.cliff,
            5e-5,
            PASCANU,
        ),
        Case("A18", f"{named}: bias above which there is only the upper attractor.", -2.3444, upper, 5e-5, DOYA),
        Case("A18", f"{named}: bias below which there is only the lower attractor.", -2.6556, lower, 5e-5, DOYA),
    ]


def final_error(bias: float, w: float = 5.0, start: float = 0.5, steps: int = 50, target: float = 0.7) -> float:
    """Return (sigma(x_T) - target)^2 of x_t = w sigma(x_{t-1}) + b, as a vanilla cell of one unit whose z_t is x_t."""
    p = {"W": np.array([[[w], [0.0], [bias]]])}
    tape = Tape.allocate(Vanilla(1, 1, "sigmoid"), 1, steps, 1, np.float64)
    (h,) = unroll.forward(p, tape, (sigmoid(np.full((1, 1, 1), start)),))
    return float((h.item() - target) ** 2)
