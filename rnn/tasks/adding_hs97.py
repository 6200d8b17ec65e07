"""The adding problem as published first (Hochreiter & Schmidhuber 1997, section 5.4; REFERENCE B1).

Sequences of T to T + T/10 pairs of a value from U[-1, 1] and a marker. One of the first ten pairs is marked, then one
of the first T/2 - 1 pairs that are not; their markers are 1. The markers of the first and the last pair are -1, all
others 0. The target, at the last step, is 1/2 + (a + b)/4 of the marked values a and b, between 0 and 1, and a sequence
is right if the output misses it by less than .04.

Where the first pair is marked its value is set to zero. The paper says so of the first of the two marks; here it holds
for the second too, and the pair keeps its marker of -1.
"""

import numpy as np

from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split

VALID, TEST = 512, 4096
TOLERANCE = 0.04  # of the published criterion
FIRST_WINDOW = 10  # pairs
MIN_LENGTH = 20  # from here on the first ten pairs are in the first half, as the second marked one is


class AddingHS97(Task):
    """The length is that of the shortest sequence; training sequences are drawn anew for every batch."""

    def n_steps(self, length: int) -> int:
        """Return the steps of the longest sequence, a tenth more."""
        return length + length // 10

    def required_lag(self, length: int) -> int:
        """Return the steps from the middle, where the last marked pair may stand, to the end of the shortest."""
        return length - length // 2

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Draw validation and test sequences."""
        rng = stream("splits", experiment_seed, self.name, length)
        valid, test = draw(rng, VALID, length), draw(rng, TEST, length)
        values, markers = test.x[0, :, 0], test.x[0, :, 1]
        marked = [f"x[{step + 1}] = {values[step]:.3f}" for step in np.flatnonzero(markers == 1)]
        missed = float(np.mean(np.abs(test.y - 0.5) >= TOLERANCE))
        card = {
            "source": "generated",
            "licence": "none needed",
            "files": {},
            "split": {"train": "drawn anew for every batch", "valid": VALID, "test": TEST},
            "input": "a value from U[-1, 1] and a marker: -1 at the first and the last step, 1 at the marked ones, "
            f"else 0; {length} to {self.n_steps(length)} steps",
            "target": "1/2 + (a + b)/4 of the marked values a and b, at the last step",
            "example": f"{' and '.join(marked)}: target {test.y[0, 0]:.3f}",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {"constant 1/2": missed, "constant 1/2, expected": missed_by_constant(length)},
            "trivial": "constant 1/2, expected",
            "classical": None,
            "notes": f"one of the first {FIRST_WINDOW} steps is marked, then one of the first {length // 2 - 1} "
            f"others, so nothing nearer than {self.required_lag(length)} steps to the loss says anything about the "
            "target; if the first step is marked, its value is 0 and its marker stays -1 "
            f"({100 * first_is_marked(length):.1f} % of the sequences); the constant's mean squared error is 1/24 in "
            f"all others, {constant_error(length):.4f} in all; trained on the squared error; solved below "
            f"{self.solved_below} on validation, where the published training ends after 2000 sequences without a miss "
            "and the published tests miss one or none of 2560",
        }
        return Data(
            task=self.name,
            length=length,
            inputs="dense",
            n_inputs=2,
            n_outputs=1,
            loss="mse",
            at="last",
            metric_scale=1.0,
            valid=valid,
            test=test,
            train=None,
            card=card,
            scored_by="beyond",
            tolerance=TOLERANCE,
        )

    def batch(self, data: Data, rng: np.random.Generator, size: int) -> Split:
        """Draw new sequences."""
        return draw(rng, size, data.length)


def draw(rng: np.random.Generator, n: int, length: int) -> Split:
    """Return n sequences of ``length`` to ``length`` + ``length`` // 10 steps, each number as likely as any other.

    Returns
    -------
    x (N, ``length`` + ``length`` // 10, 2), 0 in the padding; y (N, 1); lengths (N,).

    Raises
    ------
    ValueError
        The length is below 20.
    """
    _check(length)
    longest = length + length // 10
    lengths = rng.integers(length, longest, size=n, endpoint=True)
    x = np.zeros((n, longest, 2), np.float32)
    x[..., 0] = 2 * rng.random((n, longest), np.float32) - 1
    each = np.arange(n)
    first, second = rng.integers(FIRST_WINDOW, size=n), rng.integers(length // 2 - 1, size=n)
    second += second >= first  # counted among the pairs that are not marked
    x[each, first, 1] = x[each, second, 1] = 1
    x[(first == 0) | (second == 0), 0, 0] = 0
    y = np.float32(0.5) + (x[each, first, 0] + x[each, second, 0]) / 4
    x[:, 0, 1] = x[each, lengths - 1, 1] = -1
    x[np.arange(longest) >= lengths[:, None]] = 0
    return Split(x, y[:, None], lengths)


def first_is_marked(length: int) -> float:
    """Return the probability that one of the two marks falls on the first pair, whose value then is zero.

    Raises
    ------
    ValueError
        The length is below 20.
    """
    _check(length)
    by_first = 1 / FIRST_WINDOW
    return by_first + (1 - by_first) / (length // 2 - 1)


def missed_by_constant(length: int, tolerance: float = TOLERANCE) -> float:
    """Return in which share of sequences the constant 1/2 misses the target by the tolerance (at most 1/4) or more.

    The sum of two values from U[-1, 1] has density (2 - |s|)/4, so that |a + b| < e has probability e - e^2/4, with
    e = 4 ``tolerance``: .1536 for .04. Where the first pair is marked one value is left, and |a| < e has probability e.
    """
    e, one = 4 * tolerance, first_is_marked(length)
    return 1 - (1 - one) * (e - e**2 / 4) - one * e


def constant_error(length: int) -> float:
    """Return the expected mean squared error of the constant 1/2: 1/24 for two values, 1/48 for one (REFERENCE A12)."""
    one = first_is_marked(length)
    return (1 - one) / 24 + one / 48


def _check(length: int) -> None:
    if length < MIN_LENGTH:
        raise ValueError(f"The adding problem of 1997 needs lengths from {MIN_LENGTH} on, not {length}.")


ADDING_HS97 = AddingHS97(
    name="adding-hs97",
    title="Adding problem as published first (1997)",
    family="time series",
    form="many-to-one",
    metric=f"share of sequences missed by {TOLERANCE} or more",
    unit="",
    min_length=MIN_LENGTH,
    solved_below=0.01,
    known_lags=True,
    axis_title="length of the shortest sequence",
)
