"""The memory horizon: how far back a loss still reaches."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnn.gradients.quantiles import log_median

THRESHOLD = 0.01
THRESHOLDS = (0.1, THRESHOLD, 0.001)  # by which the horizon's dependence on its definition is shown
Crossing = Literal["first", "last"]
CROSSINGS: tuple[Crossing, ...] = ("first", "last")


@dataclass(frozen=True)
class Horizon:
    """A horizon by one definition; ``horizon`` and ``censored`` are None where no sample has a gradient at lag 0."""

    threshold: float
    crossing: Crossing
    horizon: int | None
    censored: bool | None


def memory_horizon(
    log_ratio: NDArray[np.float64], threshold: float = THRESHOLD, crossing: Crossing = "first"
) -> tuple[int | None, bool | None]:
    """Return the lag at which the median over samples of the gradient's relative norm falls below a threshold.

    Parameters
    ----------
    log_ratio
        (B, T) of one seed: natural logarithms of ||dL_T/ds_t|| / ||dL_T/dh_T|| by lag; -inf is an exact zero and counts
        as one, NaN a lag that a sample does not have.
    threshold
        Share of the gradient at lag 0, between 0 and 1.
    crossing
        "first": the first lag below; "last": the first lag from which on it stays below.

    Returns
    -------
    The lag and False, or (T, True) where the median does not fall, or not stay, below: the horizon is then censored, at
    least T. Both are None where no sample has a gradient at lag 0.

    Raises
    ------
    ValueError
        The ratios are not those of one seed, or there is no such threshold or crossing.
    """
    if log_ratio.ndim != 2:
        raise ValueError(f"log_ratio must be (B, T) of one seed, log_ratio[s], not of shape {log_ratio.shape}.")
    if not 0 < threshold < 1:
        raise ValueError(f"threshold must lie between 0 and 1, not be {threshold}.")
    if crossing not in CROSSINGS:
        raise ValueError(f"crossing must be one of {', '.join(CROSSINGS)}, not {crossing!r}.")
    if np.isnan(log_ratio[:, 0]).all():
        return None, None
    median = log_median(log_ratio)
    below, steps = median < np.log(threshold), len(median)
    if crossing == "last":
        above = np.flatnonzero(median >= np.log(threshold))
        lag = int(above[-1]) + 1 if len(above) else 0
    else:
        lag = int(np.argmax(below)) if below.any() else steps
    return lag, lag == steps


def horizons(log_ratio: NDArray[np.float64]) -> Iterator[Horizon]:
    """Yield the horizon by each threshold and crossing."""
    for threshold in THRESHOLDS:
        for crossing in CROSSINGS:
            yield Horizon(threshold, crossing, *memory_horizon(log_ratio, threshold, crossing))
