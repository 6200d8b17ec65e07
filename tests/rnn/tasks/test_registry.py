"""What every task in TASKS must hold; a new task is tested by being registered."""

import json
import time
from functools import cache

import numpy as np
import pytest

from rnn.cells import CELLS
from rnn.decode import END
from rnn.network import Batch
from rnn.scores import SCORES
from rnn.setup import build_network
from rnn.streams import stream
from rnn.tasks import TASKS
from rnn.tasks.data import Data
from rnn.train import initial_weights
from tests.rnn.examples import Case, gradient, small_setup

FAMILIES = {"time series", "text sentiment", "character sequences", "other forms"}
FORMS = {"one-to-one", "one-to-many", "many-to-one", "many-to-many"}
CARD = {
    *("source", "licence", "files", "split", "input", "target", "example"),
    *("metric", "unit", "baselines", "trivial", "classical", "notes"),
}

pytestmark = pytest.mark.parametrize("name", TASKS)


def small_length(name):
    return TASKS[name].natural_length or max(TASKS[name].min_length, 8)


@cache
def prepared(name):
    return TASKS[name].prepare(small_length(name), 7)


def splits(data):
    return {part: getattr(data, part) for part in ("train", "valid", "test") if getattr(data, part) is not None}


def test_it_describes_itself(name):
    task = TASKS[name]
    assert task.name == name
    assert task.family in FAMILIES
    assert task.form in FORMS
    assert task.title
    assert task.metric
    assert 0 <= task.min_length <= (task.max_length or task.min_length)
    assert task.n_steps(task.min_length) >= 1
    assert task.axis
    assert task.axis_title
    assert task.natural_length is None or task.min_length == task.natural_length == task.max_length
    length = small_length(name)
    assert task.criterion(length) is None or 0 < task.criterion(length) < prepared(name).baseline
    assert task.required_lag(length) is None or 0 <= task.required_lag(length) < task.n_steps(length)
    assert task.known_lags or task.required_lag(length) is None


def test_card_has_what_the_report_prints(name):
    data = prepared(name)
    assert data.card.keys() >= CARD
    assert json.loads(json.dumps(data.card)) == data.card, "not JSON-able"
    assert (data.card["metric"], data.card["unit"]) == (TASKS[name].metric, TASKS[name].unit)
    assert data.card["trivial"] in data.card["baselines"]
    assert data.card["classical"] in {None, *data.card["baselines"]}
    assert all(np.isfinite(value) and value > 0 for value in data.card["baselines"].values())
    assert data.baseline == data.card["baselines"][data.card["trivial"]] > 0
    for part, split in splits(data).items():
        assert data.card["split"][part] == len(split), part
    assert all(len(digest) == 64 for digest in data.card["files"].values())


def test_arrays_have_the_shapes_and_types_of_the_engine(name):
    data = prepared(name)
    assert (data.task, data.length) == (name, small_length(name))
    assert splits(data).keys() >= {"valid", "test"}
    # what training is drawn from may have another form; what is drawn has not
    for split in (data.valid, data.test, TASKS[name].batch(data, stream("training", 0), 4)):
        n, steps = split.x.shape[:2]
        assert len(split) == n > 0
        assert split.n.shape == (n,)
        assert steps == TASKS[name].n_steps(data.length)
        assert ((split.n >= 1) & (split.n <= steps)).all()
        if data.inputs == "dense":
            assert split.x.shape == (n, steps, data.n_inputs)
            assert split.x.dtype == np.float32
        else:
            assert split.x.shape == (n, steps)
            assert split.x.dtype.kind in "iu"
            assert ((split.x >= 0) & (split.x < data.n_inputs)).all()
        places = (n, steps) if data.at == "every" else (n,)
        if data.loss != "cross-entropy":
            assert split.y.shape == (*places, data.n_outputs)
            assert split.y.dtype == np.float32
        else:
            assert split.y.shape == places
            assert split.y.dtype.kind in "iu"
            assert (split.y < data.n_outputs).all()
            # a class below 0 is no target, which the last step always has
            last = split.y[np.arange(n), split.n - 1] if data.at == "every" else split.y
            assert (last >= 0).all()
        assert np.isfinite(split.x).all()
        assert np.isfinite(split.y).all()


def test_it_says_how_it_is_scored_and_what_its_symbols_are_called(name):
    data = prepared(name)
    assert data.scored_by in SCORES
    assert data.scored_by == "loss" or (data.loss == "mse") == (data.scored_by == "beyond") == (data.tolerance > 0)
    for split in splits(data).values():
        assert (split.legal is not None) == (data.scored_by == "illegal")
    assert (data.feedback is not None) == (data.scored_by == "sequences")
    assert (data.scored_by == "errors") == (TASKS[name].metric == "error rate")
    assert (data.dimension > 0) == (data.inputs == "embedding")
    if data.symbols is not None:
        assert len(data.symbols) == len(set(data.symbols)) == data.n_inputs
    if data.classes is not None:
        assert len(data.classes) == len(set(data.classes)) == data.n_outputs


def test_the_same_seed_gives_the_same_digest(name):
    assert TASKS[name].prepare(small_length(name), 7).sha256 == prepared(name).sha256


def test_round_trip_through_a_file(name, tmp_path):
    """Loading, which every job pays for, costs less than 2 s of processor time (a hundredth of that where measured)."""
    data = prepared(name)
    data.save(tmp_path / "new" / "data.npz")
    started = time.process_time()
    again = Data.load(tmp_path / "new" / "data.npz")
    assert time.process_time() - started < 2
    assert again.sha256 == data.sha256
    assert again.card == data.card
    for part, split in splits(data).items():
        for array in "xyn":
            np.testing.assert_array_equal(getattr(getattr(again, part), array), getattr(split, array))
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["data.npz"], "a temporary file was left"


@pytest.mark.parametrize("cell", CELLS)
def test_one_training_batch_through_every_cell(name, cell):
    """Finite loss and gradients with the initial weights of a run, through the float32 kernels."""
    task, data = TASKS[name], prepared(name)
    setup = small_setup(task=name, cell=cell, length=data.length)
    network = build_network(setup, data)
    split = task.batch(data, stream("training", 0), 4)
    assert len(split) == 4
    assert split.x.shape[1:] == data.valid.x.shape[1:]
    assert (split.x.dtype, split.y.dtype) == (data.valid.x.dtype, data.valid.y.dtype)
    p = {part: array[None] for part, array in initial_weights(setup, network, 0).items()}
    batch = Batch(split.x[None], split.y[None], split.n[None])
    loss, _, grads = gradient(Case(network, p, batch, None), np.float32)
    assert np.isfinite(loss).all()
    assert all(np.isfinite(array).all() for array in grads.values())
    assert np.any(grads["W"])


def test_training_examples_depend_on_the_stream_alone(name):
    task, data = TASKS[name], prepared(name)
    one, same = (task.batch(data, stream("training", 3), 6) for _ in range(2))
    np.testing.assert_array_equal(one.x, same.x)
    np.testing.assert_array_equal(one.y, same.y)


def test_smallest_and_largest_length_can_be_prepared(name):
    """What the experiment files may ask for; a task without a largest length is tried at 300."""
    for length in (TASKS[name].min_length, TASKS[name].max_length or 300):
        data = TASKS[name].prepare(length, 7)
        assert data.valid.x.shape[1] == data.test.x.shape[1] == TASKS[name].n_steps(length)
        assert data.train is None or len(data.train) > 0


def test_what_is_fed_back_is_an_input_for_each_class(name):
    """Distinct ones, and the very inputs of the step after each target in every split."""
    data = prepared(name)
    if data.feedback is None:
        return
    assert len(data.feedback) == data.n_outputs
    assert len(np.unique(data.feedback, axis=0)) >= data.n_outputs - 1  # nobody reads what stands for the end
    for split in splits(data).values():
        steps = np.arange(split.x.shape[1] - 1)
        row, t = np.nonzero((split.y[:, :-1] >= 0) & (steps < split.n[:, None] - 1))
        np.testing.assert_array_equal(split.x[row, t + 1], data.feedback[split.y[row, t]])
        assert (split.y[np.arange(len(split)), split.n - 1] == END).all()
