"""Temporal order: in which order did two or three relevant symbols appear? (Hochreiter & Schmidhuber 1997, section 5.6)

A sequence begins with E and ends with B. Between them stand distractors a, b, c, d, and, each somewhere in a window of
its own, two (task 6a) or three (task 6b) relevant symbols, X or Y. The class, asked for at the last step, is which of
the 4 or 8 combinations it was.
"""

import math
from itertools import product

import numpy as np

from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split

VALID, TEST = 512, 4096
SYMBOLS = ("E", "B", "a", "b", "c", "d", "X", "Y")
# first and last step of each relevant symbol's window, 1-based and in hundredths of the length: as published at 100
WINDOWS = {2: ((10, 20), (50, 60)), 3: ((10, 20), (33, 43), (66, 76))}
MIN_LENGTH = 20  # shorter, the first window would reach the E


class Order(Task):
    """Two relevant symbols among distractors, all sequences of one length; training sequences are drawn anew."""

    def required_lag(self, length: int) -> int:
        """Return the steps from the end of the last relevant symbol's window to the B."""
        return length - WINDOWS[2][-1][1] * length // 100

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Draw validation and test sequences."""
        rng = stream("splits", experiment_seed, self.name, length)
        valid, test = draw(rng, VALID, length), draw(rng, TEST, length)
        classes = class_names()
        relevant = np.flatnonzero(test.x[0] >= SYMBOLS.index("X"))
        shown = [f"{SYMBOLS[test.x[0, t]]} at step {t + 1}" for t in relevant]
        windows = [f"{low * length // 100} to {high * length // 100}" for low, high in WINDOWS[2]]
        card = {
            "source": "generated",
            "licence": "none needed",
            "files": {},
            "split": {"train": "drawn anew for every batch", "valid": VALID, "test": TEST},
            "input": f"one-hot symbols: E first, B last, two relevant symbols, each X or Y, among distractors "
            f"{', '.join(SYMBOLS[2:6])}",
            "target": f"which of {', '.join(classes)} the relevant symbols were, in order, at the last step",
            "example": f"{' and '.join(shown)}: class {classes[test.y[0]]}",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {
                "one class": float(np.mean(test.y != 0)),
                "one class, expected": chance_error(),
                "bag of symbols": counting_error(test),
            },
            "trivial": "one class, expected",
            "classical": "bag of symbols",
            "notes": f"the first relevant symbol stands at a step from {windows[0]}, the second from {windows[1]}, so "
            f"nothing nearer than {self.required_lag(length)} steps to the loss says anything about the class; the bag "
            "of symbols knows how many X and Y there are, but no order (expected: 0.25); all sequences have the same "
            f"length, where the published ones differ by up to a tenth; solved below {self.solved_below} on validation",
        }
        return Data(
            task=self.name,
            length=length,
            inputs="one-hot",
            n_inputs=len(SYMBOLS),
            n_outputs=len(classes),
            loss="cross-entropy",
            at="last",
            metric_scale=1.0,
            valid=valid,
            test=test,
            train=None,
            card=card,
            scored_by="errors",
            symbols=list(SYMBOLS),
            classes=classes,
        )

    def batch(self, data: Data, rng: np.random.Generator, size: int) -> Split:
        """Draw new sequences."""
        return draw(rng, size, data.length)


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


def counting_error(split: Split) -> float:
    """Return the error of a predictor that counts X and Y, the best without order: it cannot tell XY from YX."""
    answers = np.array([class_names().index(name) for name in ("YY", "XY", "XX")])  # to none, one and two X
    n_x = np.count_nonzero(split.x == SYMBOLS.index("X"), axis=1)
    return float(np.mean(split.y != answers[n_x]))


def _check(n_relevant: int) -> None:
    if n_relevant not in WINDOWS:
        raise ValueError(f"Temporal order is about 2 or 3 relevant symbols, not {n_relevant}.")


ORDER = Order(
    name="order",
    title="Temporal order of two symbols",
    family="character sequences",
    form="many-to-one",
    metric="error rate",
    unit="",
    min_length=MIN_LENGTH,
    solved_below=0.01,
    known_lags=True,
)
