"""Yearly sunspots: the file, its windows and splits, and baselines computed a second time by other means."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rnn.errors import DataError
from rnn.tasks import TASKS
from rnn.tasks.sunspots import CYCLE, FILE, ORDER, PACKAGE

LENGTHS = (2, 11, 44)


@pytest.fixture(scope="module")
def series():
    path = Path(find_spec(PACKAGE).submodule_search_locations[0]) / FILE
    return pd.read_csv(path, index_col="YEAR")["SUNACTIVITY"]


@pytest.fixture(scope="module")
def prepared():
    return {length: TASKS["sunspots"].prepare(length, 7) for length in LENGTHS}


def levels(data, split, series):
    """Windows and targets in the unit of the series."""
    train = series.iloc[: int(0.6 * len(series))]
    sd = np.sqrt(data.metric_scale)
    assert sd == pytest.approx(train.std(ddof=0), rel=1e-12)
    return split.x[..., 0] * sd + train.mean(), split.y[:, 0] * sd + train.mean()


@pytest.mark.parametrize("length", LENGTHS)
def test_every_window_is_followed_by_its_target(prepared, series, length):
    """Laid end to end, the splits are all stretches of T + 1 years in their order."""
    data = prepared[length]
    parts = [levels(data, split, series) for split in (data.train, data.valid, data.test)]
    x, y = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    stretches = np.lib.stride_tricks.sliding_window_view(series.to_numpy(), length + 1)
    np.testing.assert_allclose(x, stretches[:, :-1], atol=1e-4)
    np.testing.assert_allclose(y, stretches[:, -1], atol=1e-4)


def test_validation_and_test_years_are_the_same_for_every_length(prepared, series):
    n = len(series)
    for data in prepared.values():
        assert (len(data.valid), len(data.test)) == (int(0.8 * n) - int(0.6 * n), n - int(0.8 * n))
        assert data.card["example"].endswith("from 1947 to 2008")


@pytest.mark.parametrize("length", LENGTHS)
def test_baselines(prepared, series, length):
    data = prepared[length]
    test = series.iloc[int(0.8 * len(series)) :]
    for name, lag in (("persistence", 1), (f"{CYCLE} years ago", CYCLE)):
        error = (series - series.shift(lag)).loc[test.index]
        assert data.card["baselines"][name] == pytest.approx(np.mean(error**2), rel=1e-12)
    order = min(ORDER, length)

    def design(split):
        return np.column_stack((np.ones(len(split)), split.x[:, -order:, 0].astype(np.float64)))

    weights, *_ = np.linalg.lstsq(design(data.train), data.train.y[:, 0].astype(np.float64), rcond=None)
    error = data.test.y[:, 0] - design(data.test) @ weights
    assert data.classical == pytest.approx(np.mean(error**2) * data.metric_scale, rel=1e-6)
    assert data.card["trivial"] == "persistence"


def test_an_autoregression_of_a_cycle_beats_persistence_by_far(prepared):
    assert prepared[11].classical < 0.5 * prepared[11].baseline


def test_the_card_says_that_the_test_years_differ(prepared, series):
    test = series.iloc[int(0.8 * len(series)) :]
    assert f"the mean of the test years is {test.mean():.1f}" in prepared[11].card["notes"]


def test_too_long_a_window_is_an_error():
    with pytest.raises(DataError, match=r"no training window of 185 values, .* 185: use lengths up to 184\.$"):
        TASKS["sunspots"].prepare(185, 7)
