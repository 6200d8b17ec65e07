"""Yearly sunspot numbers, 1700 to 2008: the number of the next year.

Activity rises and falls in a cycle of about eleven years, whose height differs from one cycle to the next. There are
few examples, and the test years are more active than the training years; an autoregression of order 9 is the classical
model. Test targets are the same for every window length.
"""

import csv
import io

import numpy as np

from rnn.tasks.base import Task
from rnn.tasks.data import Data
from rnn.tasks.files import package_file
from rnn.tasks.series import targets_by_time, windows

PACKAGE, FILE = "statsmodels", "datasets/sunspots/sunspots.csv"
SHA256 = "f67889b1d9002cd5227f0e0ef54e35b419cdd85a31279adef6f73fb41e5c0a9b"
AHEAD = 1  # years
CYCLE = 11  # years
ORDER = 9  # of the autoregression (Morris 1977)


class Sunspots(Task):
    """Windows of T years, split by the time of their target."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Cut the series, scale by the training part, and score the baselines."""
        from rnn.tasks.baselines import autoregression  # slow to import, and needed only here

        text = package_file(PACKAGE, FILE, SHA256).decode("ascii")
        rows = list(csv.DictReader(io.StringIO(text)))
        values = np.array([float(row["SUNACTIVITY"]) for row in rows])
        targets_of = targets_by_time(len(values), length, AHEAD)
        training = values[: targets_of["train"][-1] + 1]
        mean, scale = float(np.mean(training)), float(np.std(training))
        splits = windows((values - mean) / scale, targets_of, length, AHEAD, relative=False)
        targets, order = targets_of["test"], min(ORDER, length)
        error = {
            "persistence": values[targets] - values[targets - AHEAD],
            f"{CYCLE} years ago": values[targets] - values[targets - CYCLE],
            "autoregression": scale * (splits["test"].y - autoregression(splits["train"], splits["test"], order)),
        }
        card = {
            "source": "yearly mean sunspot numbers of the National Geophysical Data Center; file sunspots.csv of the "
            "statsmodels package",
            "licence": "public domain",
            "files": {FILE: SHA256},
            "split": {name: len(split) for name, split in splits.items()},
            "input": f"{length} yearly values, less {mean:.1f}, divided by {scale:.1f} (mean and standard deviation of "
            "the training years)",
            "target": "the value of the next year",
            "example": f"targets of the test set run from {rows[targets[0]]['YEAR']} to {rows[targets[-1]]['YEAR']}",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {name: float(np.mean(difference**2)) for name, difference in error.items()},
            "trivial": "persistence",
            "classical": "autoregression",
            "notes": "split by the time of the target; the mean of the test years is "
            f"{np.mean(values[targets]):.1f}, so they are more active than the years of training; the autoregression "
            f"sees the last {order} of the same {length} values",
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


SUNSPOTS = Sunspots(
    name="sunspots",
    title="Yearly sunspot numbers, next year",
    family="time series",
    form="many-to-one",
    metric="mean squared error",
    unit="",
    min_length=2,
    max_length=120,
)
