"""Losses and their gradients with respect to the outputs, weighted so that padding counts nothing.

Losses take outputs ``o`` (..., K), targets and weights ``w`` (...) that sum to 1 over a seed's positions, and return
the loss of each position, (...), before weighting, and dL/do, (..., K), after it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def mse(o: Array, y: Array, w: Array) -> tuple[Array, Array]:
    """Mean squared error over the K outputs; y (..., K)."""
    difference = o - y
    k = o.shape[-1]
    return np.add.reduce(difference * difference, axis=-1) / k, difference * (2 / k) * w[..., None]


def cross_entropy(o: Array, y: Array, w: Array) -> tuple[Array, Array]:
    """Softmax cross-entropy in nats; y (...) holds class indices; where one is below 0, w must be 0."""
    # the real part picks the pivot, so that a complex step passes through
    shifted = o - o.real.max(axis=-1, keepdims=True)
    e = np.exp(shifted)
    total = np.add.reduce(e, axis=-1, keepdims=True)
    index = y[..., None].astype(np.intp)
    loss = np.log(total[..., 0]) - np.take_along_axis(shifted, index, axis=-1)[..., 0]
    d_o = e / total
    # p - 1 of the target as minus the sum of the others, which keeps the digits of a sure prediction
    np.put_along_axis(d_o, index, 0, axis=-1)
    np.put_along_axis(d_o, index, -np.add.reduce(d_o, axis=-1, keepdims=True), axis=-1)
    return loss, d_o * w[..., None]


LOSSES: dict[str, Callable[[Array, Array, Array], tuple[Array, Array]]] = {"mse": mse, "cross-entropy": cross_entropy}
