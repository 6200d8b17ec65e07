"""The adding problem as Bai, Kolter & Koltun (2018, section 4.1) and their published code have it.

Values from U[0, 1] and the plain sum as target, as in ``adding``, but both markers may stand anywhere, so that both
may stand near the loss or both far from it.
"""

from typing import ClassVar

import numpy as np

from rnn.tasks.adding import Adding, Steps


class AddingBai(Adding):
    """Training sequences are drawn anew for every batch."""

    where: ClassVar[str] = "the markers stand at any two different steps"

    @staticmethod
    def places(rng: np.random.Generator, n: int, length: int) -> tuple[Steps, Steps]:
        """Return two different 0-based steps for each of n sequences, (n,) each; all pairs are alike."""
        first, second = rng.integers(length, size=n), rng.integers(length - 1, size=n)
        return first, second + (second >= first)


ADDING_BAI = AddingBai(
    name="adding-bai",
    title="Adding problem, markers anywhere (Bai et al. 2018)",
    family="time series",
    form="many-to-one",
    metric="mean squared error",
    unit="",
    min_length=2,
    solved_below=0.01,
    known_lags=True,
)
