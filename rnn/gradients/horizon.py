"""The memory horizon: how far back a loss still reaches."""

import numpy as np
from numpy.typing import NDArray

THRESHOLD = 0.01


def memory_horizon(log_ratio: NDArray[np.float64], threshold: float = THRESHOLD) -> tuple[int | None, bool | None]:
    """Return the first lag at which the median over samples of the gradient's relative norm falls below a threshold.

    Parameters
    ----------
    log_ratio
        (B, T): ln(||dL_T/ds_t|| / ||dL_T/dh_T||) by lag; -inf is an exact zero and counts as one, NaN a lag that a
        sample does not have.

    Returns
    -------
    The lag and False, or (T, True) where the median never falls below: the horizon is then censored, at least T. Both
    are None where no sample has a gradient at lag 0.
    """
    if np.isnan(log_ratio[:, 0]).all():
        return None, None
    median = np.array(
        [np.median(column[~np.isnan(column)]) if not np.isnan(column).all() else np.nan for column in log_ratio.T]
    )
    below = np.flatnonzero(median < np.log(threshold))
    return (int(below[0]), False) if len(below) else (log_ratio.shape[1], True)
