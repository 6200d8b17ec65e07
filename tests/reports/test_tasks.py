"""Tasks whose evidence stands at a required lag are printed like the others, under the names of their own lengths."""

import json
import re

import pytest

from reports.figures.figure import length_title
from reports.inputs import Setting
from reports.names import INIT
from reports.sentences import score, study
from reports.sentences.gradient import most_and_least
from reports.summaries import equally_long, gradient_by_lag
from reports.tabulate import score as score_tables
from rnn.tasks import TASKS
from tests.reports.conftest import Printed, print_whole
from tests.reports.synthetic import study as all_tables
from tests.reports.synthetic_tasks import STUDY

CELLS = [("rnn", "default"), ("lstm", "default"), ("gru", "default")]
LENGTHS = {"reviews": [0, 10], "shakespeare": [25], "order": [20, 40], "copy": [10, 30]}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return print_whole(all_tables(LENGTHS, seeds=2, models=CELLS).write(tmp_path_factory.mktemp("lags")))


@pytest.fixture(scope="module")
def inputs(whole):
    return whole.inputs


@pytest.mark.parametrize("name", STUDY)
def test_the_made_up_study_has_lengths_that_tasks_can_have(name):
    assert TASKS[name].min_length <= STUDY[name][0]


def test_what_the_lengths_are(inputs):
    assert study.what_length_is(inputs) == (
        "k is the number of filler words behind the sentence (up to 10); T is the sequence length (up to 40); d is the "
        "delay between the symbols and the sign to repeat them (up to 30). Each is called a length here."
    )
    assert length_title(inputs.tasks) == "sequence length T, or k for reviews, or d for copy"


def test_no_delay_is_called_a_sequence_length(whole):
    text = json.dumps(whole.document, ensure_ascii=False)
    text += json.dumps([figure.spec for of_section in whole.drawn.values() for figure in of_section])
    assert re.search(r"\bcopy”?(?:, | at )d = 30", text)
    assert not re.search(r"\bcopy”?,? (?:at )?T = ", text)
    assert not re.search(r"\bafter a delay” (?:at )?\(?T = ", text)


def test_a_criterion_that_differs_by_length_is_said_for_each(inputs):
    assert (
        "It is error rate below 0.01 (order) and cross-entropy below 0.0693 and 0.0416 nats a step (copy at d = 10 and "
        "30)." in score_tables.solved(inputs).caption
    )


def test_who_solves_them(inputs):
    """In the made-up study every cell does, at these lengths."""
    assert score.solved_in_short(inputs) == (
        "At the greatest length, solved are “order” (T = 40) and “copy” (d = 30) by every seed."
    )
    assert score.classical_wins(inputs, "copy") == ""
    assert score.classical_wins(inputs, "order") == (
        "At no length of “order” does the classical predictor (bag of symbols) beat every cell’s median."
    )


def test_scores_stand_beside_the_simple_predictors(inputs):
    of_order, of_copy = (score_tables.scores(inputs, task) for task in ("order", "copy"))
    assert of_order.header[1:] == ("T = 20", "T = 40")
    assert [row[0] for row in of_order.rows[3:]] == ["one class, expected (trivial)", "bag of symbols (classical)"]
    assert of_copy.header[1:] == ("d = 10", "d = 30")
    assert [row[0] for row in of_copy.rows[3:]] == ["memoryless, expected (trivial)"]
    assert "(cross-entropy, nats a step; lower is better)" in of_copy.caption


def test_real_data_or_else_the_first_whose_lags_are_known_stand_for_a_family(inputs):
    assert inputs.examples(inputs.tasks) == ["reviews", "shakespeare"]
    assert inputs.examples(["copy", "order", "reviews"]) == ["reviews", "order"]
    assert study.family_examples(inputs) == (
        "Where one task stands for its family it is “reviews”, in which it is known how far before the loss the "
        "evidence stands; “shakespeare”, real data, whose evidence is mostly near."
    )


def test_lags_are_those_of_the_whole_sequence(inputs):
    assert equally_long(inputs, "copy")
    assert gradient_by_lag(inputs, Setting("copy", "rnn", "default", 30), INIT).lag.max() == 49
    assert "of it reaches the first step." in most_and_least(inputs, "copy", INIT)


def test_every_task_has_its_card(whole):
    assert [found["task"] for found in whole.document["cards"]] == list(LENGTHS)
