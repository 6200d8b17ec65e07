"""The gradient check: exact back-propagation against central differences."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.network import Batch, Network

Array = NDArray[Any]
TOLERANCE = 1e-7


class GradientMismatch(AssertionError):
    """Back-propagation and differences disagree; the message holds both numbers."""


def check_gradient(
    network: Network, p: dict[str, Array], batch: Batch, epsilon: float = 1e-5, initial: tuple[Array, ...] | None = None
) -> float:
    """Compare every entry of the gradient with central differences of the loss, in float64 (REFERENCE A21).

    Differences have a rounding error of their own, about eps |loss| / epsilon an entry; the verdict allows for it, so
    that an array whose whole gradient is tiny raises no false alarm.

    Parameters
    ----------
    p
        Parameters of S seeds, (S, ...) each; all seeds are checked at once.
    initial
        State before the first step; its gradient is checked too.

    Returns
    -------
    The largest norm-wise relative error over the parameter arrays, ||exact - differences|| / ||differences||, without
    that allowance, absolute where the differences are zero; small entries do not spoil it as they would an element-wise
    bound.

    Raises
    ------
    GradientMismatch
        The error of some array is above 1e-7 by more than the differences' rounding.
    """
    p = {name: array.astype(np.float64) for name, array in p.items()}
    seeds, size = batch.n.shape
    tape = network.tape(seeds, batch.x.shape[2], size, np.float64)
    grad = {name: np.zeros_like(array) for name, array in p.items()}
    if initial is None:
        initial = tuple(np.zeros((seeds, size, network.cell.n_hidden)) for _ in network.cell.state)
    _, d_initial = network.gradient(p, batch, tape, grad, initial)
    exact = grad | {f"{part}_0": g.copy() for part, g in zip(network.cell.state, d_initial, strict=True)}
    variables = p | {f"{part}_0": array for part, array in zip(network.cell.state, initial, strict=True)}

    def loss() -> Array:
        return network.mean_loss(batch, network.forward(p, batch, tape, initial))

    worst = 0.0
    for name, array in variables.items():
        differences = np.zeros_like(array)
        flat, flat_differences = array.reshape(seeds, -1), differences.reshape(seeds, -1)
        for j in range(flat.shape[1]):
            kept = flat[:, j].copy()
            flat[:, j] = kept + epsilon
            above = loss()
            flat[:, j] = kept - epsilon
            flat_differences[:, j] = (above - loss()) / (2 * epsilon)
            flat[:, j] = kept
        if name == "W":
            network.cell.clear_structural_zeros(differences)
        norm = float(np.linalg.norm(differences))
        scale = norm if norm > 0 else 1
        rounding = np.sqrt(array.size) * np.finfo(np.float64).eps * np.abs(loss()).max() / epsilon
        error = float(np.linalg.norm(exact[name] - differences)) / scale
        if not error <= TOLERANCE + rounding / scale:
            raise GradientMismatch(
                f"dL/d{name}: back-propagation has norm {np.linalg.norm(exact[name]):.9g}, differences {norm:.9g}, "
                f"relative error {error:.2g} above {TOLERANCE:g}."
            )
        worst = max(worst, error)
    return worst
