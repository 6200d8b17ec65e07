import numpy as np
import pyarrow.parquet as pq
import pytest

from reports.stored import TableError, read, write
from reports.tables import GRADIENTS, HORIZONS, MLFLOW, RATES, RUNS, TABLES
from tests.reports.synthetic import study

SMALL = {"hello": [4]}


@pytest.fixture
def rates():
    """Four rows."""
    columns = study(SMALL, seeds=2, models=[("rnn", "default")]).columns["rates"]
    return {name: column[:4] for name, column in columns.items()}


def test_what_is_written_is_read_back(tmp_path):
    made = study(SMALL, seeds=2)
    made.write(tmp_path)
    for name, table in TABLES.items():
        stored = read(tmp_path, table)
        assert stored.schema.equals(table.schema)
        assert len(stored) == len(next(iter(made.columns[name].values())))


def test_rows_are_stored_in_one_order_so_the_bytes_do_not_depend_on_theirs(tmp_path, rates):
    write(tmp_path / "a", RATES, rates)
    write(tmp_path / "b", RATES, {name: column[::-1] for name, column in rates.items()})
    assert RATES.file(tmp_path / "a").read_bytes() == RATES.file(tmp_path / "b").read_bytes()


def test_numbers_that_are_not_finite_become_null(tmp_path, rates):
    rates["w_sigma_max"] = np.array([np.nan, np.inf, 1.5, -np.inf])
    write(tmp_path, RATES, rates)
    assert read(tmp_path, RATES)["w_sigma_max"].null_count == 3


def test_many_real_numbers_take_little_room(tmp_path):
    """A slow curve, as gradients by lag are: less than with a dictionary."""
    study(SMALL, seeds=1).write(tmp_path)
    row = {name: column[0] for name, column in read(tmp_path, GRADIENTS).to_pydict().items()}
    lags = np.arange(20_000)
    curve = np.cumsum(np.random.default_rng(0).normal(-0.1, 0.02, len(lags)))
    columns = {name: [value] * len(lags) for name, value in row.items()} | {"lag": lags, "log10_norm_q50": curve}
    write(tmp_path, GRADIENTS, columns)
    stored = read(tmp_path, GRADIENTS)
    np.testing.assert_array_equal(stored["log10_norm_q50"], curve)
    pq.write_table(stored, tmp_path / "plain.parquet", compression="zstd")
    assert GRADIENTS.file(tmp_path).stat().st_size < 0.9 * (tmp_path / "plain.parquet").stat().st_size


@pytest.mark.parametrize("column", ["threshold", "crossing"])
def test_a_horizon_is_named_by_its_question(tmp_path, column):
    columns = study(SMALL, seeds=1).columns["horizons"]
    with pytest.raises(TableError, match="names a row twice"):
        write(tmp_path, HORIZONS, {**columns, column: columns[column][:1] * len(columns[column])})


@pytest.mark.parametrize(
    ("column", "values", "sentence"),
    [
        ("length", [4, None, 4, 4], "'length' of table rates holds a null"),
        ("seed", ["0", "x", "1", "1"], "'seed' of table rates must be int64"),
        ("w_sigma_max", [1.0], "differ in length"),
        ("seed", [0, 0, 0, 0], "names a row twice"),
    ],
)
def test_a_wrong_column_is_named(tmp_path, rates, column, values, sentence):
    with pytest.raises(TableError, match=sentence):
        write(tmp_path, RATES, {**rates, column: values})


def test_a_column_too_many_or_too_few_is_named(tmp_path, rates):
    with pytest.raises(TableError, match="no column 'speed'"):
        write(tmp_path, RATES, {**rates, "speed": [0] * 4})
    del rates["horizon"]
    with pytest.raises(TableError, match="'horizon' of table rates was not given"):
        write(tmp_path, RATES, rates)


def test_nothing_is_left_of_a_table_that_could_not_be_written(tmp_path, rates):
    with pytest.raises(TableError):
        write(tmp_path, RATES, {**rates, "seed": [0, 0, 0, 0]})
    assert list(tmp_path.iterdir()) == []


def test_a_missing_table_or_column_is_named(tmp_path):
    study(SMALL, seeds=1).write(tmp_path)
    MLFLOW.file(tmp_path).unlink()
    with pytest.raises(TableError, match="Table mlflow is missing"):
        read(tmp_path, MLFLOW)
    stored = pq.read_table(RUNS.file(tmp_path))
    pq.write_table(stored.drop_columns(["skill"]), RUNS.file(tmp_path))
    with pytest.raises(TableError, match="'skill' is missing in table runs"):
        read(tmp_path, RUNS)


def test_a_stored_nan_is_refused(tmp_path):
    study(SMALL, seeds=1).write(tmp_path)
    stored = pq.read_table(RATES.file(tmp_path)).to_pandas()
    table = pq.read_table(RATES.file(tmp_path))
    nan = table.set_column(table.column_names.index("w_sigma_max"), "w_sigma_max", [[float("nan")] * len(stored)])
    pq.write_table(nan, RATES.file(tmp_path))
    with pytest.raises(TableError, match="'w_sigma_max' of table rates holds NaN"):
        read(tmp_path, RATES)


def test_half_a_file_is_told_in_one_sentence(tmp_path):
    study(SMALL, seeds=1).write(tmp_path)
    whole = RUNS.file(tmp_path).read_bytes()
    RUNS.file(tmp_path).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TableError, match="is not a whole Parquet file"):
        read(tmp_path, RUNS)
