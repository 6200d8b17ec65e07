"""A length is called what it is, and sequences that differ in length are measured as far as half of them reach."""

import json
import re

import pytest

from reports import names
from reports.figures.figure import length_title
from reports.inputs import Setting
from reports.names import INIT, TRAINED
from reports.sentences import gradient, study
from reports.summaries import equally_long, gradient_by_lag, horizon
from reports.tabulate import gradient as gradient_tables
from tests.reports.synthetic import study as all_tables
from tests.reports.synthetic_tasks import MIDDLE_SENTENCE

CELLS = [("rnn", "default"), ("lstm", "default"), ("gru", "default")]
LAGS = 200 + MIDDLE_SENTENCE


@pytest.fixture
def texts():
    return all_tables({"adding": [15, 40], "reviews": [0, 10, 200]}, seeds=3, models=CELLS)


def test_each_task_has_its_own_symbol():
    assert names.at_length("adding", 25) == "T = 25"
    assert names.at_length("reviews", 25) == "k = 25"
    assert names.at_lengths("reviews", [0, 10, 25]) == "k = 0, 10 and 25"
    assert names.at_length("not registered", 7) == "T = 7"
    assert length_title(["co2", "adding"]) == "sequence length T"
    assert length_title(["co2", "reviews"]) == "sequence length T, or k for reviews"


def test_no_distance_is_called_a_sequence_length(troubled_print):
    text = json.dumps(troubled_print.document, ensure_ascii=False)
    text += json.dumps([figure.spec for of_section in troubled_print.drawn.values() for figure in of_section])
    assert re.search(r"\breviews”?(?:, | at )k = 200", text)
    assert not re.search(r"\breviews”?,? (?:at )?T = ", text)
    assert not re.search(r"k words or more from the end” (?:at )?\(?T = ", text)


def test_what_the_symbols_mean_is_said_once_for_each(texts, read):
    assert study.what_length_is(read(texts)) == (
        "T is the sequence length (up to 40); k is the number of filler words behind the sentence (up to 200). "
        "Either is called a length here."
    )
    assert study.what_length_is(read(all_tables({"co2": [13]}, seeds=1, models=CELLS))) == (
        "T is the sequence length (up to 13)."
    )


@pytest.mark.parametrize(
    ("lengths", "task", "why"),
    [
        ({"co2": [13, 40], "adding": [15, 40], "reviews": [0, 60]}, "adding", "the lags of its evidence are known"),
        ({"co2": [13, 40], "reviews": [0, 10]}, "reviews", "the lags of its evidence are known"),
        ({"co2": [13, 26], "sunspots": [11, 44]}, "sunspots", "its length is the greatest of this experiment"),
    ],
)
def test_the_task_that_stands_for_all_is_chosen_with_a_reason(read, lengths, task, why):
    inputs = read(all_tables(lengths, seeds=1, models=CELLS))
    assert inputs.example(inputs.tasks) == task
    assert study.example(inputs) == f"Where one task stands for all it is {names.quoted(task)}: {why}."


def test_one_task_a_family_is_chosen(every, read):
    inputs = read(every)
    assert inputs.examples(inputs.tasks) == ["adding", "reviews", "shakespeare"]
    assert inputs.examples(["hello", "sunspots"]) == ["sunspots", "hello"]


def test_the_greatest_lag_is_not_called_the_first_step_where_sequences_differ_in_length(texts, read):
    inputs = read(texts)
    assert equally_long(inputs, "adding")
    assert not equally_long(inputs, "reviews")
    assert "of it reaches the first step." in gradient.most_and_least(inputs, "adding", INIT)
    reaches = f"reaches lag {LAGS - 1}, the greatest that half of the sequences have"
    assert f"of it {reaches}." in gradient.most_and_least(inputs, "reviews", INIT)
    assert f"this share {reaches}: before training" in gradient.decay(inputs, "reviews")
    assert "of the gradient up to the greatest lag than the vanilla RNN" in gradient.gates_against_vanilla(inputs, INIT)
    assert "or, where sequences differ in length, the greatest lag" in gradient_tables.reach(inputs).caption
    inputs = read(all_tables({"adding": [15]}, seeds=1, models=CELLS))
    assert "differ in length" not in gradient_tables.reach(inputs).caption


def test_a_censored_horizon_is_at_least_the_number_of_lags(texts, read):
    inputs = read(texts)
    found = horizon(inputs, Setting("reviews", "lstm", "default", 200), TRAINED)
    assert (found.censored, found.bound) == (True, LAGS)
    assert gradient.horizon_text(found) == f"≥ {LAGS}"
    assert f"at least {LAGS} in the LSTM (which did not learn the task) and at least {LAGS} in the GRU." in (
        gradient.horizons(inputs, "reviews")
    )
    texts.put("rates", "horizon", 50, task="reviews", cell="lstm", length=200, phase=TRAINED, seed=0)
    texts.put("rates", "horizon", 60, task="reviews", cell="lstm", length=200, phase=TRAINED, seed=1)
    for seed in (0, 1):
        texts.put("rates", "horizon_censored", False, task="reviews", cell="lstm", length=200, phase=TRAINED, seed=seed)
    found = horizon(read(texts), Setting("reviews", "lstm", "default", 200), TRAINED)
    assert gradient.horizon_text(found) == f"60 (50 to ≥ {LAGS})"


@pytest.mark.parametrize(("n_zero", "zero"), [(8, 0), (9, 3)])
def test_zeros_are_counted_among_the_samples_that_have_the_lag(texts, read, n_zero, zero):
    where = {"task": "reviews", "cell": "rnn", "length": 200, "phase": TRAINED, "lag": LAGS - 1}
    texts.put("gradients", "n_samples", 17, **where)
    texts.put("gradients", "n_zero", n_zero, **where)
    last = gradient_by_lag(read(texts), Setting("reviews", "rnn", "default", 200), TRAINED).iloc[-1]
    assert (last.lag, last.n_zero) == (LAGS - 1, zero)
