"""Which sequences of a split are measured."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.tasks.data import Split

Array = NDArray[Any]


def spread(split: Split, most: int) -> NDArray[np.intp]:
    """Return the indices of at most ``most`` sequences, evenly over the split: neighbouring windows are alike."""
    return np.linspace(0, len(split) - 1, min(most, len(split))).round().astype(np.intp)


def laid_end_to_end(split: Split, steps: int) -> Array:
    """Return the inputs of whole sequences in their order, (L, D) or symbols (L,), until L is at least ``steps``.

    Fewer where the split has no more; padding is left out.
    """
    needed = int(np.searchsorted(np.cumsum(split.n), steps)) + 1
    return np.concatenate([x[:n] for x, n in zip(split.x[:needed], split.n[:needed], strict=True)])
