"""Weekly CO2: the file, its windows and splits, and baselines computed a second time by other means."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rnn.errors import DataError
from rnn.tasks import TASKS
from rnn.tasks.co2 import AHEAD, FILE, PACKAGE, SEASON

LENGTHS = (2, 26, 104)


@pytest.fixture(scope="module")
def series():
    """The weekly values by pandas: dates as index, gaps filled linearly."""
    path = Path(find_spec(PACKAGE).submodule_search_locations[0]) / FILE
    table = pd.read_csv(path, parse_dates=["date"], date_format="%Y%m%d").set_index("date")
    assert (table.index[1:] - table.index[:-1] == pd.Timedelta(weeks=1)).all()
    return table["co2"].interpolate(method="linear")


@pytest.fixture(scope="module")
def prepared():
    return {length: TASKS["co2"].prepare(length, 7) for length in LENGTHS}


def changes(series):
    """The change over a quarter, indexed by the week of the target, from the first possible target on."""
    return (series - series.shift(AHEAD)).to_numpy()


@pytest.mark.parametrize("length", LENGTHS)
def test_targets_in_ppm_are_the_changes_in_their_order(prepared, series, length):
    """Training, validation and test targets, laid end to end, are the whole series: none twice, none in two splits."""
    data = prepared[length]
    scale = np.sqrt(data.metric_scale)
    laid = np.concatenate([split.y[:, 0] for split in (data.train, data.valid, data.test)]) * scale
    np.testing.assert_allclose(laid, changes(series)[length - 1 + AHEAD :], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("length", LENGTHS)
def test_windows_end_a_quarter_before_their_target(prepared, series, length):
    """x * scale plus the last value is the stretch of the series that ends 13 weeks before the target."""
    data, values = prepared[length], series.to_numpy()
    start = 0
    for split in (data.train, data.valid, data.test):
        for i in (0, len(split) // 2, len(split) - 1):
            window = values[start + i : start + i + length]
            found = split.x[i, :, 0] * np.sqrt(data.metric_scale) + window[-1]
            np.testing.assert_allclose(found, window, rtol=0, atol=1e-3)
            assert split.x[i, -1, 0] == 0
        start += len(split)


def test_scale_comes_from_the_training_part_alone(prepared, series):
    train = changes(series)[: int(0.6 * len(series))]
    for data in prepared.values():
        assert data.metric_scale == pytest.approx(np.var(train[AHEAD:]), rel=1e-12)


def test_test_targets_are_the_same_for_every_length(prepared):
    for part in ("valid", "test"):
        first, *others = (getattr(data, part).y for data in prepared.values())
        for other in others:
            np.testing.assert_array_equal(first, other)
    assert len({data.sha256 for data in prepared.values()}) == len(LENGTHS)


def test_split_is_by_time(prepared, series):
    """60 % to training, 20 % each to validation and test; the last targets are the test set."""
    n = len(series)
    for data in prepared.values():
        assert len(data.test) == n - int(0.8 * n)
        assert len(data.valid) == int(0.8 * n) - int(0.6 * n)
    first, last = series.index[int(0.8 * n)], series.index[-1]
    assert prepared[26].card["example"].endswith(f"from {first:%Y%m%d} to {last:%Y%m%d}")


@pytest.mark.parametrize("length", LENGTHS)
def test_naive_baselines(prepared, series, length):
    """Persistence says the value of 13 weeks ago, seasonal naive that of 52 weeks ago; in ppm^2, on the test part."""
    test = slice(int(0.8 * len(series)), None)
    for name, lag in (("persistence", AHEAD), ("seasonal naive", SEASON)):
        error = (series - series.shift(lag)).to_numpy()[test]
        assert prepared[length].card["baselines"][name] == pytest.approx(np.mean(error**2), rel=1e-12)
    assert prepared[length].card["trivial"] == "persistence"


@pytest.mark.parametrize("length", LENGTHS)
def test_autoregression_is_least_squares_on_the_training_windows(prepared, length):
    """By numpy's lstsq, with an intercept, in the unit of the metric."""
    data = prepared[length]

    def design(split):
        return np.column_stack((np.ones(len(split)), split.x[..., 0].astype(np.float64)))

    weights, *_ = np.linalg.lstsq(design(data.train), data.train.y[:, 0].astype(np.float64), rcond=None)
    error = data.test.y[:, 0] - design(data.test) @ weights
    assert data.classical == pytest.approx(np.mean(error**2) * data.metric_scale, rel=1e-6)


def test_a_year_of_window_shows_the_season(prepared):
    """The reason for this task: an autoregression on two years beats persistence by far, on two weeks not."""
    assert prepared[104].classical < 0.1 * prepared[104].baseline
    assert prepared[2].classical > 0.2 * prepared[2].baseline


def test_missing_weeks_are_counted_and_none_is_in_the_test_part(prepared):
    path = Path(find_spec(PACKAGE).submodule_search_locations[0]) / FILE
    raw = pd.read_csv(path)["co2"]
    assert f"{raw.isna().sum()} of {len(raw)} weeks are missing" in prepared[26].card["notes"]
    assert not raw[int(0.8 * len(raw)) :].isna().any()


def test_no_training_window_is_left_is_an_error():
    with pytest.raises(DataError, match=r"no training window of 2000 values, .*: use lengths up to 1357\.$"):
        TASKS["co2"].prepare(2000, 7)


def test_a_changed_file_is_refused(tmp_path, monkeypatch):
    """A package of the same name, found first, whose file has one digit more."""
    original = Path(find_spec(PACKAGE).submodule_search_locations[0]) / FILE
    changed = tmp_path / PACKAGE / FILE
    changed.parent.mkdir(parents=True)
    (tmp_path / PACKAGE / "__init__.py").touch()
    changed.write_bytes(original.read_bytes() + b"0")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(DataError) as caught:
        TASKS["co2"].prepare(26, 7)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    for part in (FILE, PACKAGE, "SHA-256", "run make"):
        assert part in message
