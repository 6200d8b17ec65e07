"""Monthly sunspot numbers, 1749 to 1983: the number of the same month of the next year.

Activity rises and falls in a cycle of about eleven years, 132 months, whose height differs from one cycle to the next.
A year ahead the phase of the cycle counts for more than the last month, so a window that shows a whole cycle shows more
than one of a year. Test targets are the same for every window length.
"""

import csv
import io
from hashlib import sha256

import numpy as np

from rnn.errors import DataError
from rnn.tasks.base import Task
from rnn.tasks.data import Data
from rnn.tasks.files import original_file
from rnn.tasks.sunspot_numbers import sunspot_data

FILE = "monthly-sunspots.csv"
HEADER = ["Month", "Sunspots"]
AHEAD = 12  # months
CYCLE = 132  # months; also the order of the autoregression, where the window shows so much


class MonthlySunspots(Task):
    """Windows of T months, split by the time of their target."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Cut the series, scale by the training part, and score the baselines."""
        content = original_file(self.folder, FILE)
        months, values = read(content)
        card = {
            "source": f"{len(values):,} monthly mean sunspot numbers from {months[0]} to {months[-1]}, as Andrews & "
            "Herzberg (1985) and the Time Series Data Library hold them: file monthly-sunspots.csv of the GitHub "
            "repository jbrownlee/Datasets",
            "licence": "the repository states none; the numbers are observed facts",
            "files": {FILE: sha256(content).hexdigest()},
            "target": "the value a year after the last one",
        }
        return sunspot_data(self, length, values, months, card, period="month", ahead=AHEAD, cycle=CYCLE, order=CYCLE)


def read(content: bytes) -> tuple[list[str], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return the months, as "1749-01", and their values.

    Raises
    ------
    DataError
        The content is not a table of months that follow one another.
    """
    try:
        header, *rows = csv.reader(io.StringIO(content.decode("ascii"), newline=""))
        months = [month for month, _ in rows]
        values = np.array([float(value) for _, value in rows])
        since = np.array([12 * int(month[:4]) + int(month[5:]) for month in months])
    except ValueError as error:
        raise DataError(f"{FILE} is no table of months and numbers ({error}): download it again.") from error
    if header != HEADER or not len(rows) or (np.diff(since) != 1).any():
        raise DataError(f"{FILE} does not hold the columns {HEADER} of months in a row: download it again.")
    return months, values


SUNSPOTS_MONTHLY = MonthlySunspots(
    name="sunspots-monthly",
    title="Monthly sunspot numbers, a year ahead",
    family="time series",
    form="many-to-one",
    metric="mean squared error",
    unit="",
    min_length=2,
    max_length=600,
    originals=(FILE,),
)
