"""The adding problem: the sum of the two marked numbers of a sequence.

Defined by Hochreiter & Schmidhuber (1997, section 5.4); this variant has values from U[0, 1], the first marker
anywhere in the first half, the second anywhere in the second half, and the plain sum as target, so a constant guess
of 1 has a mean squared error of 1/6 (REFERENCE A12).
"""

from collections.abc import Callable
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split

CONSTANT_ERROR = 1 / 6  # variance of the sum of two U[0, 1] values
VALID, TEST = 512, 4096  # the constant's error on the test set then is within 2 % of its expectation

Steps = NDArray[np.int64]
Places = Callable[[np.random.Generator, int, int], tuple[Steps, Steps]]


class Adding(Task):
    """Training sequences are drawn anew for every batch; variants differ in where the markers stand."""

    where: ClassVar[str] = "first marker in the first half, second marker in the second half"

    @staticmethod
    def places(rng: np.random.Generator, n: int, length: int) -> tuple[Steps, Steps]:
        """Return the 0-based steps of both markers of n sequences, (n,) each."""
        return rng.integers(length // 2, size=n), rng.integers(length // 2, length, size=n)

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Draw validation and test sequences."""
        rng = stream("splits", experiment_seed, self.name, length)
        valid, test = (draw(rng, size, length, self.places) for size in (VALID, TEST))
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
            "notes": f"{self.where}; solved below {self.solved_below} on validation",
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
        return draw(rng, size, data.length, self.places)


def draw(rng: np.random.Generator, n: int, length: int, places: Places = Adding.places) -> Split:
    """Return n sequences of the given length (at least 2), marked at two different steps."""
    x = np.zeros((n, length, 2), np.float32)
    x[..., 0] = rng.random((n, length), np.float32)
    each = np.arange(n)
    first, second = places(rng, n, length)
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
