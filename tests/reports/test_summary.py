"""The summary is short, names the families, and says who learns what and where a simple predictor wins."""

import pytest

from reports.document import abstract
from reports.sentences import claims, score, study, training

SENTIMENT = {"task": "reviews"}


def test_it_fits_on_a_page_and_names_the_three_families(every, read):
    inputs = read(every)
    said = " ".join(f"{lead} {findings}" for lead, findings in abstract(inputs))
    assert len(said.split()) < 565
    assert "The tasks are of 3 families. Time series: “adding” (Adding problem), “co2” (Weekly CO2" in said
    assert "; text sentiment: “reviews” (" in said
    assert "; character sequences: “hello” (the lecture’s example) and “shakespeare” (" in said


def test_few_variants_are_named_many_are_counted(every, made, read):
    named = "the GRU; the vanilla RNN also as sigmoid, ReLU and linear"
    assert f"{named} (45 of the networks). The tasks" in study.in_short(read(made))
    # five tasks with 1, 2, 2, 2 and 3 lengths
    partly = "not all on every task and at every length"
    assert f"{named} (90 of the networks, {partly}). The tasks" in study.in_short(read(every))
    made.ablate("adding", "rnn", "orthogonal", 15)
    made.ablate("adding", "lstm", "bias-4", 15)
    said = study.in_short(read(made))
    assert (
        "the vanilla RNN also as sigmoid, ReLU, linear and orthogonal and the LSTM as gate bias 4 (51 of the "
        f"networks, {partly})." in said
    )
    made.ablate("adding", "rnn", "identity", 15)
    assert "; the vanilla RNN also in 5 variants and the LSTM as gate bias 4 (54" in study.in_short(read(made))


def test_what_became_of_the_claims(made, read):
    assert claims.in_short(read(made)) == (
        "Of 3 claims written beforehand, 1 is supported, 1 is refuted and 1 is inconclusive. Refuted popular "
        "statement: “A largest singular value of W_hh above 1 means that gradients explode”."
    )
    made.claims[-1]["verdict"] = "supported"
    assert claims.in_short(read(made)) == "Of 3 claims written beforehand, 2 are supported and 1 is inconclusive."
    made.claims = []
    inputs = read(made)
    assert claims.in_short(inputs) == ""
    assert "Which claims hold." not in dict(abstract(inputs))


def test_who_solves_what_at_the_greatest_length(made, read):
    assert score.solved_in_short(read(made)) == (
        "At the greatest length, solved are “hello” (T = 4) and “adding” (T = 40) by every seed."
    )
    made.put("runs", "solved", False, task="adding", cell="rnn", length=40, seed=0)
    assert score.solved_in_short(read(made)) == (
        "At the greatest length, solved are “hello” (T = 4) by every seed; “adding” (T = 40) by 2 of 3 seeds of the "
        "vanilla RNN, 3 of the LSTM and 3 of the GRU."
    )
    made.put("runs", "solved", False, task="adding", length=40)
    assert score.solved_in_short(read(made)) == (
        "At the greatest length, solved are “hello” (T = 4) by every seed; “adding” (T = 40) by no seed."
    )
    made.put("runs", "solved", False, task="hello")
    for task, length in (("hello", 4), ("adding", 40)):
        made.put("runs", "solved", True, task=task, cell="lstm", length=length)
    assert score.solved_in_short(read(made)) == (
        "At the greatest length, solved are “hello” (T = 4) and “adding” (T = 40) by 0 of 3 seeds of the vanilla RNN, "
        "3 of the LSTM and 0 of the GRU."
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
    assert training.divergence_in_short(read(every)) == "9 runs diverged and are kept: GRU (6) and vanilla RNN (3)."
