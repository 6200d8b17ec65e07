"""How long a gate of a given bias keeps what it holds, in steps: two numbers that are often taken for one another.

A gate sigma(b) with zero weights multiplies a state by sigma(b) at each step, so that sigma(b)^k of it is left after k
steps. The LSTM's forget gate and the GRU's update (keep) gate are such gates (REFERENCE A10; the reading of gates as
time constants is that of Tallec & Ollivier 2018).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def mean_lifetime(bias: ArrayLike) -> NDArray[np.float64]:
    """Return sum_k sigma(b)^k = 1 / (1 - sigma(b)) = 1 + e^b.

    The mean number of steps until a unit is lost, if each is lost with probability 1 - sigma(b) at each step; 2 for a
    bias of 0. Any shape.
    """
    return np.asarray(1 + np.exp(np.asarray(bias, np.float64)))


def e_folding_time(bias: ArrayLike) -> NDArray[np.float64]:
    """Return -1 / ln sigma(b) = 1 / ln(1 + e^-b), after which 1/e of the state is left.

    1 / ln 2 = 1.4427 for a bias of 0. Any shape.
    """
    return np.asarray(1 / np.logaddexp(0, -np.asarray(bias, np.float64)))
