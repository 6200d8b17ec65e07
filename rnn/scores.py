"""What a network's outputs are scored by: which positions or sequences of a batch are mistakes.

Outputs ``o`` (S, T, B, K) or, at the last step alone, (S, B, K); targets as the network orders them; ``counted``,
(S, T, B) or (S, B), where there is a target.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Flags = NDArray[np.bool_]

# The loss, or the share of mistakes, by what one is: a position with a wrong class; a sequence with such a position; a
# sequence with an output that misses its target by the tolerance or more; a sequence with a step at which a class that
# may not come has an output as high as one that may (Hochreiter & Schmidhuber 1997, section 5.1).
SCORES = ("loss", "errors", "sequences", "beyond", "illegal")


def wrong(o: Array, y: Array) -> Flags:
    """Return where the highest output is not that of the target; y (...) holds class indices."""
    return np.asarray(o.argmax(axis=-1) != y)


def beyond(o: Array, y: Array, tolerance: float) -> Flags:
    """Return where an output misses its target by the tolerance or more, or is not a number; y (..., K)."""
    return np.asarray(~np.all(np.abs(o - y) < tolerance, axis=-1))


def illegal(o: Array, legal: Flags) -> Flags:
    """Return where the least output of a legal class is not above the highest of another one; legal (..., K)."""
    least = np.where(legal, o, np.inf).min(axis=-1)
    highest = np.where(legal, -np.inf, o).max(axis=-1)
    return np.asarray(~(least > highest))


def in_sequences(mistake: Flags, counted: Flags) -> Flags:
    """Return which sequences have a mistake at a counted position, (S, B)."""
    found = mistake & counted
    return found if found.ndim == 2 else np.logical_or.reduce(found, axis=1)
