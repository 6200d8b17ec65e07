"""Which sequences of a split are measured."""

import numpy as np
from numpy.typing import NDArray

from rnn.tasks.data import Split


def spread(split: Split, most: int) -> NDArray[np.intp]:
    """Return the indices of at most ``most`` sequences, evenly over the split: neighbouring windows are alike."""
    return np.linspace(0, len(split) - 1, min(most, len(split))).round().astype(np.intp)
