"""Monthly sunspots: the file's format, windows a year before their target, and baselines computed a second time."""

import numpy as np
import pandas as pd
import pytest

from rnn.errors import DataError
from rnn.tasks import TASKS
from rnn.tasks.sunspots_monthly import AHEAD, CYCLE, FILE, read

TASK = "sunspots-monthly"
LENGTHS = (12, 150)
HEAD = '"Month","Sunspots"\r\n'


@pytest.fixture(scope="module")
def series():
    return pd.read_csv(TASKS[TASK].folder / FILE, index_col="Month")["Sunspots"]


@pytest.fixture(scope="module")
def prepared():
    return {length: TASKS[TASK].prepare(length, 7) for length in LENGTHS}


def test_months_and_values_are_read():
    months, values = read(f'{HEAD}"1749-12",58.0\r\n"1750-01",62.6'.encode())
    assert months == ["1749-12", "1750-01"]
    np.testing.assert_array_equal(values, [58.0, 62.6])


@pytest.mark.parametrize(
    "content",
    [
        "",
        HEAD,
        f'{HEAD}"1749-01",58.0\r\n"1749-03",1.0',
        f'{HEAD}"1749-01",58.0,1\r\n',
        f'{HEAD}"1749-01",many\r\n',
        'month,value\r\n"1749-01",58.0\r\n',
        f'{HEAD}"1749-01",58.0\r\n\r\n"1749-02",58.0\r\n',
    ],
)
def test_another_table_is_refused(content):
    with pytest.raises(DataError, match=rf"^{FILE} .*download it again\.$"):
        read(content.encode())


@pytest.mark.parametrize("length", LENGTHS)
def test_every_window_ends_a_year_before_its_target(prepared, series, length):
    data, train = prepared[length], series.iloc[: int(0.6 * len(series))]
    sd = np.sqrt(data.metric_scale)
    assert sd == pytest.approx(train.std(ddof=0), rel=1e-12)
    parts = (data.train, data.valid, data.test)
    x = np.concatenate([split.x[..., 0] for split in parts]) * sd + train.mean()
    y = np.concatenate([split.y[:, 0] for split in parts]) * sd + train.mean()
    stretches = np.lib.stride_tricks.sliding_window_view(series.to_numpy(), length + AHEAD)
    np.testing.assert_allclose(x, stretches[:, :length], atol=1e-4)
    np.testing.assert_allclose(y, stretches[:, -1], atol=1e-4)


@pytest.mark.parametrize("length", LENGTHS)
def test_baselines(prepared, series, length):
    data = prepared[length]
    test = series.iloc[int(0.8 * len(series)) :]
    for name, lag in (("persistence", AHEAD), (f"{CYCLE} months ago", CYCLE)):
        error = (series - series.shift(lag)).loc[test.index]
        assert data.card["baselines"][name] == pytest.approx(np.mean(error**2), rel=1e-12)
    order = min(CYCLE, length)

    def design(split):
        return np.column_stack((np.ones(len(split)), split.x[:, -order:, 0].astype(np.float64)))

    weights, *_ = np.linalg.lstsq(design(data.train), data.train.y[:, 0].astype(np.float64), rcond=None)
    error = data.test.y[:, 0] - design(data.test) @ weights
    assert data.classical == pytest.approx(np.mean(error**2) * data.metric_scale, rel=1e-6)


def test_the_same_months_are_asked_for_at_every_length(prepared):
    first, second = prepared.values()
    np.testing.assert_array_equal(first.test.y, second.test.y)
    assert first.card["example"] == second.card["example"] == "targets of the test set run from 1882-05 to 1915-08"
