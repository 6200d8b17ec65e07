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


def binary_cross_entropy(o: Array, y: Array, w: Array) -> tuple[Array, Array]:
    """Cross-entropy of K independent yes-or-no answers in nats, summed over them; y (..., K) holds 0 or 1.

    Outputs are logits. The sum is what Boulanger-Lewandowski, Bengio & Vincent (2012) report a frame of music.
    """
    # the real part picks the branch, so that a complex step passes through; exponents are never positive
    yes = o.real > 0
    e = np.exp(np.where(yes, -o, o))
    loss = np.add.reduce(np.where(yes, o, 0) - o * y + np.log1p(e), axis=-1)
    # p - 1 where the answer is yes, as minus the chance of no, which keeps the digits of a sure prediction
    more, less = 1 / (1 + e), e / (1 + e)
    d_o = (1 - y) * np.where(yes, more, less) - y * np.where(yes, less, more)
    return loss, d_o * w[..., None]


LOSSES: dict[str, Callable[[Array, Array, Array], tuple[Array, Array]]] = {
    "mse": mse,
    "cross-entropy": cross_entropy,
    "binary cross-entropy": binary_cross_entropy,
}
