"""One sigmoid unit that feeds itself: where its error surface has a cliff, and that no bifurcation makes it.

    x_t = w sigma(x_{t-1}) + b        E(b) = (sigma(x_T) - target)^2

For w > 4 there are biases with two attractors. Doya (1993) saw the error jump where the number of attractors changes;
Pascanu, Mikolov & Bengio (2013, section 2.2) point out that it is enough for the start x_0 to cross from one basin into
the other, which here happens at a bias where both attractors exist (REFERENCE A18).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn.cells.base import sigmoid, sigmoid_slope


@dataclass(frozen=True)
class SigmoidUnit:
    """The unit of weight ``w``, its start, the number of steps, and what sigma(x_T) should be."""

    w: float = 5.0
    start: float = 0.5
    steps: int = 50
    target: float = 0.7

    def path(self, bias: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return x_0 .. x_T for biases of any shape: (T + 1, *shape)."""
        x = np.full((self.steps + 1, *bias.shape), self.start)
        for t in range(self.steps):
            x[t + 1] = self.w * sigmoid(x[t]) + bias
        return x

    def error(self, bias: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return E for biases of any shape."""
        return np.asarray((sigmoid(self.path(bias)[-1]) - self.target) ** 2)

    def gradient(self, bias: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return dE/db for biases of any shape, by back-propagation through time."""
        x = self.path(bias)
        back = 2 * (sigmoid(x[-1]) - self.target) * sigmoid_slope(x[-1])
        total = np.zeros_like(back)
        for t in reversed(range(self.steps)):
            total += back
            back = back * self.w * sigmoid_slope(x[t])
        return np.asarray(total)

    @property
    def saddle_nodes(self) -> tuple[float, float]:
        """The biases between which there are two attractors, the smaller first.

        There the fixed point x = w sigma(x) + b has slope w sigma'(x) = 1: sigma(x) = (1 -+ sqrt(1 - 4/w)) / 2.

        Raises
        ------
        ValueError
            w <= 4: there is one attractor for every bias.
        """
        if self.w <= 4:
            raise ValueError(
                f"A unit of weight {self.w:g} has one attractor for every bias; two take a weight above 4."
            )
        root = math.sqrt(1 - 4 / self.w)
        return self._bias_of((1 + root) / 2), self._bias_of((1 - root) / 2)

    @property
    def cliff(self) -> float:
        """The bias at which the start itself is the unstable fixed point, the border of the two basins.

        Below it the unit falls to the lower attractor, above it it climbs to the upper one: b = x_0 - w sigma(x_0).

        Raises
        ------
        ValueError
            The start is no unstable fixed point of any bias, w sigma'(x_0) <= 1: it never lies on a border.
        """
        s = float(sigmoid(np.asarray(self.start)))
        if self.w * s * (1 - s) <= 1:
            raise ValueError(
                f"From a start of {self.start:g} a unit of weight {self.w:g} meets no border between two basins."
            )
        return self.start - self.w * s

    def _bias_of(self, s: float) -> float:
        """The bias at which x = logit(s) is a fixed point."""
        return math.log(s / (1 - s)) - self.w * s
