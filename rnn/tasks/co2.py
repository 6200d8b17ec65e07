"""Weekly CO2 at Mauna Loa, 1958 to 2001: the concentration a quarter of a year ahead.

The yearly cycle is 52 weeks long, so a window shorter than a year does not show where in the cycle it stands. A window
is given as differences from its own last value, which removes the rising level; the target is the change over the next
13 weeks. Test targets are the same for every window length.
"""

import csv
import io

import numpy as np
from numpy.typing import NDArray

from rnn.tasks.base import Task
from rnn.tasks.data import Data
from rnn.tasks.files import package_file
from rnn.tasks.series import targets_by_time, windows

PACKAGE, FILE = "statsmodels", "datasets/co2/co2.csv"
SHA256 = "16695fa2786e53414e5a6b54767a3fdf5de99cfbc68617f69d1362d92776a92f"
AHEAD = 13  # weeks
SEASON = 52  # weeks


class CO2(Task):
    """Windows of T weeks, split by the time of their target."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Cut the series, scale by the training part, and score the baselines."""
        from rnn.tasks.baselines import autoregression  # slow to import, and needed only here

        dates, values, missing = read_series()
        targets_of = targets_by_time(len(values), length, AHEAD)
        training = values[: targets_of["train"][-1] + 1]
        scale = float(np.std(training[AHEAD:] - training[:-AHEAD]))
        splits = windows(values / scale, targets_of, length, AHEAD, relative=True)
        targets = targets_of["test"]
        error = {
            "persistence": values[targets] - values[targets - AHEAD],
            "seasonal naive": values[targets] - values[targets - SEASON],
            "autoregression": scale * (splits["test"].y - autoregression(splits["train"], splits["test"], length)),
        }
        card = {
            "source": "Keeling & Whorf, Mauna Loa Observatory; file co2.csv of the statsmodels package",
            "licence": "public domain",
            "files": {FILE: SHA256},
            "split": {name: len(split) for name, split in splits.items()},
            "input": f"{length} weekly values, as differences from the last one, divided by {scale:.3f} ppm",
            "target": f"the change over the next {AHEAD} weeks",
            "example": f"targets of the test set run from {dates[targets[0]]} to {dates[targets[-1]]}",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {name: float(np.mean(difference**2)) for name, difference in error.items()},
            "trivial": "persistence",
            "classical": "autoregression",
            "notes": f"{missing} of {len(values)} weeks are missing and filled in by a straight line between their "
            f"neighbours; split by the time of the target; the autoregression sees the same {length} values",
        }
        return Data(
            task=self.name,
            length=length,
            inputs="dense",
            n_inputs=1,
            n_outputs=1,
            loss="mse",
            at="last",
            metric_scale=scale**2,
            valid=splits["valid"],
            test=splits["test"],
            train=splits["train"],
            card=card,
        )


def read_series() -> tuple[list[str], NDArray[np.float64], int]:
    """Return the dates (YYYYMMDD), the weekly values in ppm without gaps, and how many were missing."""
    text = package_file(PACKAGE, FILE, SHA256).decode("ascii")
    rows = list(csv.DictReader(io.StringIO(text)))
    values = np.array([float(row["co2"]) if row["co2"] else np.nan for row in rows])
    there = np.flatnonzero(~np.isnan(values))
    filled = np.interp(np.arange(len(values)), there, values[there])
    return [row["date"] for row in rows], filled, len(values) - len(there)


CO2_WEEKLY = CO2(
    name="co2",
    title="Weekly CO2 at Mauna Loa, 13 weeks ahead",
    family="time series",
    form="many-to-one",
    metric="mean squared error",
    unit="ppm²",
    min_length=2,
    max_length=1000,
)
