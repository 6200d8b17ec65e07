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
from rnn.tasks.sunspot_numbers import sunspot_data

PACKAGE, FILE = "statsmodels", "datasets/sunspots/sunspots.csv"
SHA256 = "f67889b1d9002cd5227f0e0ef54e35b419cdd85a31279adef6f73fb41e5c0a9b"
AHEAD = 1  # years
CYCLE = 11  # years
ORDER = 9  # of the autoregression (Morris 1977)


class Sunspots(Task):
    """Windows of T years, split by the time of their target."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Cut the series, scale by the training part, and score the baselines."""
        text = package_file(PACKAGE, FILE, SHA256).decode("ascii")
        rows = list(csv.DictReader(io.StringIO(text)))
        card = {
            "source": "yearly mean sunspot numbers of the National Geophysical Data Center; file sunspots.csv of the "
            "statsmodels package",
            "licence": "public domain",
            "files": {FILE: SHA256},
            "target": "the value of the next year",
        }
        values, years = np.array([float(row["SUNACTIVITY"]) for row in rows]), [row["YEAR"] for row in rows]
        return sunspot_data(self, length, values, years, card, period="year", ahead=AHEAD, cycle=CYCLE, order=ORDER)


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
