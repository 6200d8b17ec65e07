"""The summary is short, names the families, and says who learns what and where a simple predictor wins."""

import pytest

from reports.document import abstract
from reports.sentences import score, study, training

SENTIMENT = {"task": "reviews"}


def test_it_fits_on_a_page_and_names_the_three_families(every, read):
    inputs = read(every)
    said = " ".join(f"{lead} {findings}" for lead, findings in abstract(inputs))
    assert len(said.split()) < 565
    assert "The tasks are of 3 families. Time series: “adding” (Adding problem), “co2” (Weekly CO2" in said
    assert "; text sentiment: “reviews” (" in said
    assert "; character sequences: “hello” (the lecture’s example) and “shakespeare” (" in said


def test_ablations_are_said_with_their_tasks_where_they_are_not_on_all(every, made, read):
    assert (
        study.in_short(read(every)).count("ReLU and linear on “hello”, “adding”, “co2”, “sunspots” and “reviews”.") == 1
    )
    assert "the vanilla RNN also as sigmoid, ReLU and linear." in study.in_short(read(made))
    every.drop_variants("reviews", but=("default", "relu"))
    assert (
        "the vanilla RNN also as sigmoid, ReLU and linear on “hello”, “adding”, “co2” and “sunspots”, as ReLU on "
        "“reviews”." in study.in_short(read(every))
    )


def test_who_solves_what_at_the_greatest_length(made, read):
    assert score.solved_in_short(read(made)) == (
        "At the greatest length, solved are “hello” (T = 4) and “adding” (T = 40) by every seed."
    )
    made.put("runs", "solved", False, task="adding", cell="rnn", length=40, seed=0)
    assert score.solved_in_short(read(made)) == (
        "At the greatest length, solved are “hello” (T = 4) by every seed; “adding” (T = 40) by 2 of 3 seeds of the "
        "vanilla RNN, 3 of 3 seeds of the LSTM and 3 of 3 seeds of the GRU."
    )


def test_up_to_which_length_a_cell_learns(every, read):
    inputs = read(every)
    said = score.learned_in_short(inputs, inputs.tasks)
    assert said.startswith(
        "Every cell beats the trivial predictor at every length of “co2”, “sunspots”, “reviews-long” and "
        "“shakespeare”. The trivial predictor is beaten on “reviews” by the vanilla RNN up to k = 10"
    )
    every.put("runs", "value", 0.5, **SENTIMENT, cell="lstm")
    every.put("runs", "skill", -0.1, task="co2", length=26, cell="gru")
    every.put("runs", "value", 0.3, **SENTIMENT, cell="gru")
    every.put("runs", "value", 0.5, **SENTIMENT, cell="gru", length=10)
    inputs = read(every)
    said = score.learned_in_short(inputs, inputs.tasks)
    assert "on “co2” by the vanilla RNN at every length, by the LSTM at every length and by the GRU at T = 13" in said
    assert "by the LSTM at no length and by the GRU at k = 0 and 200." in said


@pytest.mark.parametrize(("errors", "learned"), [(0.478, True), (0.482, False)])
def test_fewer_errors_than_chance_are_learning_the_median_alone_is_not(every, read, errors, learned):
    every.put("runs", "value", errors, **SENTIMENT, cell="rnn", length=200)
    found = score.scores(read(every), "reviews", 200)["rnn"]
    assert found.skill.median < 0.05
    assert found.learned is learned


def test_where_the_classical_predictor_wins(every, read):
    said = score.classical_in_short(read(every))
    assert said == (
        "The classical predictor beats every cell’s median at every length of “sunspots” (autoregression), "
        "“reviews-long” (bag of words) and “shakespeare” (n-gram); at some lengths of “reviews” (bag of words; k = 10 "
        "and 200); at no length of “hello” (previous symbol) and “co2” (autoregression)."
    )
    every.put("runs", "classical", 0.9, **SENTIMENT, length=10)
    every.put("runs", "classical", 9.0, task="shakespeare")
    said = score.classical_in_short(read(every))
    assert "at some lengths of “reviews” (bag of words; k = 200)" in said
    assert "at no length of “hello” (previous symbol), “co2” (autoregression) and “shakespeare” (n-gram)." in said


def test_diverged_runs_are_counted_by_model(every, read):
    assert training.divergence_in_short(read(every)) == "No run diverged."
    for task, cell in (("adding", "gru"), ("co2", "gru"), ("reviews", "rnn")):
        every.put("runs", "status", "diverged", task=task, cell=cell, variant="default", length=every.lengths[task][1])
    assert training.divergence_in_short(read(every)) == "9 runs diverged and are kept: vanilla RNN (3) and GRU (6)."
