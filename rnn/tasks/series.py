"""What the tasks on time series share: a split by the time of the target, and scores of simple predictors."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rnn.errors import DataError
from rnn.tasks.data import Split

TRAIN, VALID = 0.6, 0.8  # split points as shares of the series; what follows is the test set


def targets_by_time(n: int, length: int, ahead: int) -> dict[str, NDArray[np.intp]]:
    """Return which of n values are targets of each split.

    A window of ``length`` values ends ``ahead`` values before its target; targets of validation and test are the same
    for every length.

    Raises
    ------
    DataError
        No window fits into the training part.
    """
    ends = int(TRAIN * n), int(VALID * n)
    first = length - 1 + ahead
    if first >= ends[0]:
        raise DataError(
            f"The series has no training window of {length} values, its training part has {ends[0]}: use lengths up "
            f"to {ends[0] - ahead}."
        )
    return {"train": np.arange(first, ends[0]), "valid": np.arange(*ends), "test": np.arange(ends[1], n)}


def windows(
    values: NDArray[np.float64], targets: Mapping[str, NDArray[np.intp]], length: int, ahead: int, relative: bool
) -> dict[str, Split]:
    """Return the windows that end ``ahead`` values before each target, x (N, T, 1) and y (N, 1).

    ``relative`` takes everything as the difference from the window's last value.
    """

    def cut(of_split: NDArray[np.intp]) -> Split:
        last = of_split - ahead
        level = values[last][:, None] * relative
        x = values[last[:, None] + np.arange(1 - length, 1)] - level
        y = values[of_split][:, None] - level
        return Split(x.astype(np.float32)[..., None], y.astype(np.float32), np.full(len(of_split), length))

    return {name: cut(of_split) for name, of_split in targets.items()}
