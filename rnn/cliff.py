"""One sigmoid unit that feeds itself: where its error surface has a cliff, and what gradient descent does there.

    x_t = w sigma(x_{t-1}) + b        E(w, b) = (sigma(x_T) - target)^2

For w > 4 there are biases with two attractors. Doya (1993) saw the error jump where the number of attractors changes;
Pascanu, Mikolov & Bengio (2013, section 2.2) point out that it is enough for the start x_0 to cross from one basin into
the other, which here happens at biases where both attractors exist (REFERENCE A18).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn.cells.base import sigmoid, sigmoid_slope
from rnn.optimise import SGD, Clip

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SigmoidUnit:
    """The unit's start x_0, the number of steps T, and what sigma(x_T) should be; weights and biases broadcast."""

    start: float = 0.5
    steps: int = 50
    target: float = 0.7

    def path(self, w: ArrayLike, b: ArrayLike) -> Array:
        """Return x_0 .. x_T: (T + 1, *shape)."""
        w, b = np.asarray(w), np.asarray(b)
        x = np.full((self.steps + 1, *np.broadcast_shapes(w.shape, b.shape)), self.start)
        for t in range(self.steps):
            x[t + 1] = w * sigmoid(x[t]) + b
        return x

    def error(self, w: ArrayLike, b: ArrayLike) -> Array:
        """Return E."""
        return self._error(self.path(w, b))

    def gradient(self, w: ArrayLike, b: ArrayLike) -> Array:
        """Return dE/dw and dE/db through all T steps: (2, *shape).

        Back from x_T, dE/dx_{t-1} = dE/dx_t w sigma'(x_{t-1}); dE/db is their sum over t = 1 .. T, and dE/dw that of
        dE/dx_t sigma(x_{t-1}).
        """
        return self._gradient(np.asarray(w), self.path(w, b))

    def growth(self, w: ArrayLike) -> Array:
        """Return w sigma'(x_0): what one step multiplies a small change by while the state stands still at x_0."""
        return np.asarray(np.asarray(w) * sigmoid_slope(np.asarray(self.start)))

    @property
    def least_weight(self) -> float:
        """The weight of growth 1; only above it the start can be an unstable fixed point."""
        return 1 / float(sigmoid_slope(np.asarray(self.start)))

    def border(self, w: ArrayLike) -> Array:
        """Return the bias at which the start itself is the unstable fixed point, the border of the two basins.

        Below it the unit falls to the lower attractor, above it it climbs to the upper one: b = x_0 - w sigma(x_0).

        Raises
        ------
        ValueError
            With a growth of 1 or less the start is no unstable fixed point of any bias: it never lies on a border.
        """
        if (self.growth(w) <= 1).any():
            raise ValueError(
                f"From a start of {self.start:g} a unit of weight {np.min(w):g} meets no border between two basins; "
                f"that takes a weight above {self.least_weight:.4g}."
            )
        return np.asarray(self.start - np.asarray(w) * sigmoid(np.asarray(self.start)))

    def _error(self, x: Array) -> Array:
        return np.asarray((sigmoid(x[-1]) - self.target) ** 2)

    def _gradient(self, w: Array, x: Array) -> Array:
        last = 2 * (sigmoid(x[-1]) - self.target) * sigmoid_slope(x[-1])
        # from x_T back to x_1
        growth = np.cumprod(np.concatenate([np.ones_like(x[:1]), w * sigmoid_slope(x[-2:0:-1])]), axis=0)
        # cumsum adds one after the other; the order of sum depends on how many units stand side by side
        by_w, by_b = (np.cumsum(terms, axis=0)[-1] for terms in (growth * sigmoid(x[-2::-1]), growth))
        return np.stack([last * by_w, last * by_b])


def saddle_nodes(w: ArrayLike) -> tuple[Array, Array]:
    """Return the biases between which there are two attractors, the smaller first; at w = 4 they meet.

    There the fixed point x = w sigma(x) + b has slope w sigma'(x) = 1: sigma(x) = (1 -+ sqrt(1 - 4/w)) / 2.

    Raises
    ------
    ValueError
        w < 4: there is one attractor for every bias.
    """
    w = np.asarray(w, dtype=np.float64)
    if (w < 4).any():
        raise ValueError(f"A unit of weight {w.min():g} has one attractor for every bias; two take a weight above 4.")
    root = np.sqrt(1 - 4 / w)
    upper, lower = (1 - root) / 2, (1 + root) / 2
    return np.log(lower / (1 - lower)) - w * lower, np.log(upper / (1 - upper)) - w * upper


@dataclass(frozen=True)
class Descent:
    """Paths of gradient descent from S starts.

    Attributes
    ----------
    points
        w and b before the first update and after each: (updates + 1, S, 2).
    error, norm
        E there, and the norm of the whole gradient, before any clipping: (updates + 1, S).
    """

    points: Array
    error: Array
    norm: Array

    def outside(self, low: tuple[float, float], high: tuple[float, float]) -> NDArray[np.bool_]:
        """Return where a path is outside the rectangle from corner (w, b) to corner: (updates + 1, S)."""
        return np.asarray(((self.points < low) | (self.points > high)).any(axis=-1))


def descend(unit: SigmoidUnit, starts: Array, rate: float, threshold: float, updates: int) -> Descent:
    """Take plain gradient steps on E(w, b), the gradient clipped by its norm.

    Parameters
    ----------
    starts
        w and b of each path: (S, 2).
    threshold
        Of ``Clip``; 0: never.
    """
    flat = np.array(starts, dtype=np.float64)
    step, clip = SGD(np.full(len(flat), rate), momentum=0), Clip(threshold)
    points, errors, norms = [], [], []
    for update in range(updates + 1):
        w, b = flat.T
        x = unit.path(w, b)
        grad = np.ascontiguousarray(unit._gradient(w, x).T)
        points.append(flat.copy())
        errors.append(unit._error(x))
        norms.append(clip(grad)[0])
        if update < updates:
            step.update(flat, grad)
    return Descent(np.array(points), np.array(errors), np.array(norms))
