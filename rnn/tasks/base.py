"""What every task provides."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rnn.tasks.data import Data, Split


@dataclass(frozen=True)
class Task(ABC):
    """A task at any of its lengths; ``metric`` is always lower-is-better."""

    name: str
    title: str
    family: str  # "time series", "text sentiment", "character sequences" or "other forms"
    form: str  # "many-to-one", "many-to-many", ...
    metric: str
    unit: str
    natural_length: int | None = None  # the only length, where there is one
    min_length: int = 1
    max_length: int | None = None
    solved_below: float | None = None  # criterion on the validation metric, where it is one for all lengths
    axis: str = "T"  # symbol of the length
    axis_title: str = "sequence length"  # what the length is
    known_lags: bool = False  # whether it is known how far before the loss the evidence stands
    originals: tuple[str, ...] = ()  # downloaded files that it reads, named as in the mirror
    folder: Path | None = None  # where they are

    @abstractmethod
    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Return splits and baselines at one length.

        Raises
        ------
        DataError
            The source is missing or is not the file that was expected.
        """

    def n_steps(self, length: int) -> int:
        """Return the number of time steps of the longest sequence at a length."""
        return length

    def criterion(self, length: int) -> float | None:
        """Return below which validation metric a run is solved; None where the task has no criterion."""
        return self.solved_below

    def required_lag(self, length: int) -> int | None:
        """Return how many steps before the loss the nearest input may stand that helps to beat the trivial predictor.

        A gradient must reach at least this far back for the task to be learned at all. None where such an input may
        stand at any lag, or where it is not known.
        """
        return None

    def batch(self, data: Data, rng: np.random.Generator, size: int) -> Split:
        """Draw training examples, with replacement."""
        if data.train is None:
            raise TypeError(f"Task {self.name} generates its training examples and must say how.")
        return data.train.take(rng.integers(len(data.train), size=size))
