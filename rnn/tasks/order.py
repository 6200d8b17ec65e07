"""Temporal order: in which order did two or three relevant symbols appear? (Hochreiter & Schmidhuber 1997, section 5.6)

A sequence begins with E and ends with B. Between them stand distractors a, b, c, d, and, each somewhere in a window of
its own, two (task 6a) or three (task 6b) relevant symbols, X or Y. The class, asked for at the last step, is which of
the 4 or 8 combinations it was.
"""

import math
from itertools import product

import numpy as np

from rnn.tasks.data import Split

SYMBOLS = ("E", "B", "a", "b", "c", "d", "X", "Y")
# first and last step of each relevant symbol's window, 1-based and in hundredths of the length: as published at 100
WINDOWS = {2: ((10, 20), (50, 60)), 3: ((10, 20), (33, 43), (66, 76))}
MIN_LENGTH = 20  # shorter, the first window would reach the E


def draw(rng: np.random.Generator, n: int, length: int, n_relevant: int = 2, longest: int | None = None) -> Split:
    """Return n sequences.

    Parameters
    ----------
    length
        The shortest sequence, at least 20; the windows are fractions of it. 100 gives the published windows, 10 to 20
        and 50 to 60 for two relevant symbols, 10 to 20, 33 to 43 and 66 to 76 for three.
    n_relevant
        2 or 3.
    longest
        Lengths are uniform on ``length`` .. ``longest`` (110 as published); None: all have the same.

    Returns
    -------
    x (N, longest) with the 8 ``SYMBOLS``, 0 in the padding; classes y (N,) in the order of ``class_names``; lengths.

    Raises
    ------
    ValueError
        The length is below 20, ``longest`` below it, or the number of relevant symbols neither 2 nor 3.
    """
    _check(n_relevant)
    longest = length if longest is None else longest
    if not MIN_LENGTH <= length <= longest:
        raise ValueError(
            f"Temporal order needs lengths from {MIN_LENGTH} on, the longest last, not {length} to {longest}."
        )
    lengths = rng.integers(length, longest, size=n, endpoint=True)
    x = rng.integers(SYMBOLS.index("a"), SYMBOLS.index("d"), size=(n, longest), dtype=np.int32, endpoint=True)
    relevant = rng.integers(2, size=(n, n_relevant), dtype=np.int32)
    each = np.arange(n)
    for i, (low, high) in enumerate(WINDOWS[n_relevant]):
        step = rng.integers(low * length // 100, high * length // 100, size=n, endpoint=True)
        x[each, step - 1] = SYMBOLS.index("X") + relevant[:, i]
    x[:, 0] = SYMBOLS.index("E")
    x[each, lengths - 1] = SYMBOLS.index("B")
    x[np.arange(longest) >= lengths[:, None]] = 0
    y = relevant @ (2 ** np.arange(n_relevant)[::-1])
    return Split(x, y.astype(np.int32), lengths)


def class_names(n_relevant: int = 2) -> list[str]:
    """Return what each class stands for, in order: XX, XY, YX, YY, or the eight combinations of three."""
    _check(n_relevant)
    return ["".join(combination) for combination in product("XY", repeat=n_relevant)]


def chance_loss(n_relevant: int = 2) -> float:
    """Return the cross-entropy of a guess, ln 4 or ln 8 nats (REFERENCE A14)."""
    return math.log(len(class_names(n_relevant)))


def chance_error(n_relevant: int = 2) -> float:
    """Return the error of a guess, 75 % or 87.5 % (REFERENCE A14)."""
    return 1 - 1 / len(class_names(n_relevant))


def _check(n_relevant: int) -> None:
    if n_relevant not in WINDOWS:
        raise ValueError(f"Temporal order is about 2 or 3 relevant symbols, not {n_relevant}.")
