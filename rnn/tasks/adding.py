"""The adding problem: the sum of the two marked numbers of a sequence.

Defined by Hochreiter & Schmidhuber (1997, section 5.4); this variant has values from U[0, 1], the first marker
anywhere in the first half, the second anywhere in the second half, and the plain sum as target, so a constant guess
of 1 has a mean squared error of 1/6 (REFERENCE A12).
"""

import numpy as np

from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split

CONSTANT_ERROR = 1 / 6  # variance of the sum of two U[0, 1] values
VALID, TEST = 512, 4096  # the constant's error on the test set then is within 2 % of its expectation


class Adding(Task):
    """Training sequences are drawn anew for every batch."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Draw validation and test sequences."""
        rng = stream("splits", experiment_seed, self.name, length)
        valid, test = draw(rng, VALID, length), draw(rng, TEST, length)
        values, markers = test.x[0, :, 0], test.x[0, :, 1]
        first, second = np.flatnonzero(markers)
        marked = f"x[{first + 1}] = {values[first]:.3f} and x[{second + 1}] = {values[second]:.3f}"
        card = {
            "source": "generated",
            "licence": "none needed",
            "files": {},
            "split": {"train": "drawn anew for every batch", "valid": VALID, "test": TEST},
            "input": "a value from U[0, 1] and a marker, 0 or 1",
            "target": "the sum of the two marked values, at the last step",
            "example": f"{marked}: target {test.y[0, 0]:.3f}",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {"constant 1": float(np.mean((test.y - 1.0) ** 2)), "constant 1, expected": CONSTANT_ERROR},
            "trivial": "constant 1, expected",
            "classical": None,
            "notes": "first marker in the first half, second marker in the second half; "
            f"solved below {self.solved_below} on validation",
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
        )

    def batch(self, data: Data, rng: np.random.Generator, size: int) -> Split:
        """Draw new sequences."""
        return draw(rng, size, data.length)


def draw(rng: np.random.Generator, n: int, length: int) -> Split:
    """Return n sequences of the given length (at least 2)."""
    x = np.zeros((n, length, 2), np.float32)
    x[..., 0] = rng.random((n, length), np.float32)
    each = np.arange(n)
    first, second = rng.integers(length // 2, size=n), rng.integers(length // 2, length, size=n)
    x[each, first, 1] = x[each, second, 1] = 1
    y = x[each, first, 0] + x[each, second, 0]
    return Split(x, y[:, None], np.full(n, length))


ADDING = Adding(
    name="adding",
    title="Adding problem",
    family="time series",
    form="many-to-one",
    metric="mean squared error",
    unit="",
    min_length=2,
    solved_below=0.01,
    known_lags=True,
)
