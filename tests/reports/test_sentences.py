"""Every sentence takes its number and its direction from the tables, and turns when they do."""

import pytest
from scipy.stats import binom

from reports.chance import indistinct
from reports.document import figures
from reports.names import INIT, TRAINED
from reports.sentences import gradient, relation, score, study, training
from reports.summaries import compare, compare_with
from reports.tabulate import score as score_tables
from tests.reports.synthetic import study as all_tables

FIRST = "of the gradient up to the first step than the vanilla RNN"


@pytest.mark.parametrize(("phase", "when"), [(INIT, "Before training"), (TRAINED, "After training")])
def test_more_gradient_in_gated_cells_and_the_opposite(made, read, phase, when):
    said = gradient.gates_against_vanilla(read(made), phase)
    assert said.startswith(f"{when}, at the greatest lengths, the LSTM keeps more {FIRST} on all 3 tasks")
    assert "(intervals over seeds apart on 3) and the GRU keeps more on all 3 tasks" in said
    made.swap_cells("gradients", "rnn", "lstm")
    made.swap_cells("gradients", "rnn", "gru")
    said = gradient.gates_against_vanilla(read(made), phase)
    assert f"the LSTM keeps less {FIRST} on all 3 tasks" in said


def test_the_summary_tells_both_phases_apart(made, read):
    keeps = "At the greatest lengths the LSTM keeps more of the gradient than the vanilla RNN on"
    said = gradient.gates_in_short(read(made))
    assert said == f"{keeps} 3 of 3 tasks before and 3 of 3 after, the GRU on 3 of 3 before and 3 of 3 after training."
    made.put("gradients", "log10_norm_q50", -99.0, phase=INIT, cell="lstm")
    said = gradient.gates_in_short(read(made))
    assert said == f"{keeps} 0 of 3 tasks before and 3 of 3 after, the GRU on 3 of 3 before and 3 of 3 after training."


def test_what_is_left_of_the_gradient_is_said_of_every_cell_and_phase(made, read):
    for i, cell in enumerate(("rnn", "lstm", "gru")):
        for phase, value in ((INIT, -4.0 - i), (TRAINED, -1.0 - i)):
            made.put("gradients", "log10_norm_q50", value, task="adding", length=40, lag=39, cell=cell, phase=phase)
    assert gradient.decay(read(made), "adding") == (
        "Of the last step’s gradient, on “Adding problem” at T = 40, this share reaches the first step: before "
        "training 1.0 × 10⁻⁴ in the vanilla RNN, 1.0 × 10⁻⁵ in the LSTM and 1.0 × 10⁻⁶ in the GRU; after training 0.10 "
        "in the vanilla RNN, 0.010 in the LSTM and 0.0010 in the GRU."
    )


def test_who_carries_the_gradient_furthest(made, read):
    said = gradient.most_and_least(read(made), "adding", INIT)
    assert said.startswith("On “Adding problem” at T = 40, before training, the LSTM keeps most of the gradient: ")
    made.swap_cells("gradients", "rnn", "lstm")
    said = gradient.most_and_least(read(made), "adding", INIT)
    assert "the vanilla RNN keeps most of the gradient: " in said
    assert "The LSTM keeps least, " in said


def test_no_cell_keeps_most_where_none_learned_the_task(made, read):
    for name, value in (("solved", False), ("stopped_by", "budget")):
        made.put("runs", name, value, task="adding", length=40)
    inputs = read(made)
    assert "keeps most of the gradient" in gradient.most_and_least(inputs, "adding", INIT)
    said = gradient.most_and_least(inputs, "adding", TRAINED)
    assert said.startswith(
        "On “Adding problem” at T = 40, after training, no cell learned the task, and none keeps more of the gradient "
        "up to the first step than "
    )


def test_a_network_that_did_not_learn_is_marked_after_training_only(made, read):
    inputs = read(made)
    assert "not learn" not in gradient.most_and_least(inputs, "adding", TRAINED)
    assert "not learn" not in gradient.horizons(inputs, "adding")
    made.put("runs", "solved", False, task="adding", cell="rnn")
    made.put("runs", "skill", -0.1, task="co2", cell="lstm")
    inputs = read(made)
    marked = "vanilla RNN (which did not learn the task)"
    assert marked in gradient.most_and_least(inputs, "adding", TRAINED)
    assert gradient.horizons(inputs, "adding").count(marked) == 1
    assert "not learn" not in gradient.most_and_least(inputs, "adding", INIT)
    assert "not learn" not in gradient.gates_against_vanilla(inputs, INIT)
    for said in (gradient.gates_against_vanilla(inputs, TRAINED), gradient.trained_against_initial(inputs)):
        assert "did not learn their task: the vanilla RNN on “adding”; the LSTM on “co2”." in said


def test_cells_that_do_not_differ_are_not_ranked(made, read):
    made.put("gradients", "log10_norm_q50", -0.3)
    assert "differ by less than a factor of two" in gradient.most_and_least(read(made), "adding", INIT)


def test_a_gradient_of_exactly_zero_is_called_that(made, read):
    where = {"task": "adding", "cell": "rnn", "phase": TRAINED, "lag": 39, "length": 40, "variant": "default"}
    made.put("gradients", "log10_norm_q50", None, **where)
    made.put("gradients", "n_zero", 16, **where)
    said = gradient.most_and_least(read(made), "adding", TRAINED)
    assert "The vanilla RNN keeps least, exactly nothing." in said


@pytest.mark.parametrize(("n_zero", "zero"), [(8, False), (9, True)])
def test_more_than_half_of_the_samples_at_zero_is_zero(made, read, n_zero, zero):
    made.put("gradients", "n_zero", n_zero, task="adding", cell="rnn", phase=TRAINED, lag=39, length=40)
    inputs = read(made)
    assert ("exactly nothing" in gradient.most_and_least(inputs, "adding", TRAINED)) is zero
    captions = [figure.caption for figure in figures(inputs)["overview"]]
    assert ("below the axis; that happens in vanilla RNN." in captions[0]) is zero


def test_seeds_without_a_gradient_are_counted(made, read):
    assert "there is none here" in gradient.without_gradient(read(made))
    made.put("rates", "horizon", None, task="adding", cell="rnn", length=40, seed=0, phase=TRAINED)
    assert "(4 of 405 measurements)" in gradient.without_gradient(read(made))


@pytest.mark.parametrize("phase", [INIT, TRAINED])
def test_horizon_and_result_agree_or_do_not(read, phase):
    made = all_tables({"adding": [15, 40]}, seeds=3)
    when = {INIT: "Before", TRAINED: "After"}[phase]
    for cell, horizon, n in (("rnn", 5, 0), ("lstm", 20, 3), ("gru", 10, 2)):
        made.put("rates", "horizon", horizon, task="adding", cell=cell, length=40)
        made.put("rates", "horizon_censored", False, task="adding", cell=cell, length=40)
        for seed in range(3):
            made.put("runs", "solved", seed < n, task="adding", cell=cell, length=40, seed=seed)
    inputs = read(made)
    assert relation.pairs(inputs, "adding", phase) == relation.Pairs(3, 0, 0)
    said = f"{when} training the cell with the longer horizon does"
    differ = "of cells that differ in both"
    assert relation.horizon_and_result(inputs, phase) == f"{said} better in all 3 pairs {differ}."
    made.swap_cells("rates", "rnn", "lstm")
    assert relation.horizon_and_result(read(made), phase) == f"{said} worse in all 3 pairs {differ}."
    made.swap_cells("rates", "rnn", "gru")
    assert relation.horizon_and_result(read(made), phase) == (f"{said} better in 1 and worse in 2 of 3 pairs {differ}.")
    made.put("runs", "solved", True, task="adding", length=40)
    inputs = read(made)
    assert relation.pairs(inputs, "adding", phase) == relation.Pairs(0, 0, 3)
    assert "nothing can be said" in relation.horizon_and_result(inputs, phase)


def test_pairs_that_are_tied_are_counted_apart(read):
    made = all_tables({"adding": [15, 40]}, seeds=3)
    for cell, horizon in (("rnn", 5), ("lstm", 20), ("gru", 20)):
        made.put("rates", "horizon", horizon, task="adding", cell=cell, length=40)
        made.put("rates", "horizon_censored", False, task="adding", cell=cell, length=40)
    made.put("runs", "solved", False, task="adding", cell="rnn", length=40)
    said = relation.horizon_and_result(read(made), TRAINED)
    assert said.endswith("better in all 2 pairs of cells that differ in both; 1 more is tied in one of the two.")


def test_an_undefined_gradient_is_not_called_zero(made, read):
    made.put("gradients", "log10_norm_q50", None, cell="rnn")
    assert "vanilla RNN" not in gradient.most_and_least(read(made), "adding", TRAINED)


def test_the_linear_network_grows_or_fades(made, read):
    assert "the gradient grows" in gradient.linear_grows(read(made), INIT)
    made.put("gradients", "log10_norm_q50", -3.0, variant="linear")
    assert "the gradient fades" in gradient.linear_grows(read(made), INIT)


def test_the_spectral_radius_is_on_its_side_of_one(made, read):
    assert ", above 1," in gradient.linear_grows(read(made), INIT)
    made.put("rates", "w_spectral_radius", 0.8, variant="linear")
    assert "is 0.800, below 1," in gradient.linear_grows(read(made), INIT)


def test_a_censored_horizon_is_a_bound(made, read):
    said = gradient.horizons(read(made), "adding")
    assert "before training 17 in the vanilla RNN, at least 40 in the LSTM" in said
    assert "after training 36 in the vanilla RNN, at least 40 in the LSTM" in said


def test_a_horizon_censored_in_half_of_the_seeds_is_not_called_censored(made, read):
    inputs = read(made)
    where = {"task": "adding", "cell": "lstm", "length": 40, "phase": TRAINED}
    made.put("rates", "horizon", 5, **where)
    made.put("rates", "horizon_censored", False, **where)
    assert gradient.horizons(inputs, "adding").count("at least 40 in the LSTM") == 2
    assert "vanilla RNN, 5 in the LSTM" in gradient.horizons(read(made), "adding")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [(5, 9, "longer in 9 and shorter in 0 of 9"), (9, 5, "longer in 0 and shorter in 9 of 9")],
)
def test_training_lengthens_or_shortens_the_horizon(made, read, before, after, said):
    made.put("rates", "horizon_censored", False)
    for phase, horizon in ((INIT, before), (TRAINED, after)):
        made.put("rates", "horizon", horizon, phase=phase)
    for seed in (3, 4):  # drawn, not trained
        made.put("rates", "horizon", 7, phase=INIT, seed=seed)
    assert f"{said} settings" in gradient.trained_against_initial(read(made))


def test_solved_counts(made, read):
    assert score.solved(read(made), "adding") == "On “Adding problem” at T = 40 every seed of every cell is solved."
    made.put("runs", "solved", False, task="adding", cell="lstm", length=40, seed=0)
    assert "2 of 3 seeds with the LSTM" in score.solved(read(made), "adding")
    made.put("runs", "solved", False, task="adding")
    assert score.mostly_solved(read(made), "adding") == "No cell is solved in most seeds of “adding” at any length."


def test_a_task_without_a_criterion_is_not_called_unsolved(inputs):
    assert score.solved(inputs, "co2") == ""


def test_the_classical_predictor_wins_or_loses(made, read):
    assert "At no length" in score.classical_wins(read(made), "co2")
    made.put("runs", "classical", 0.001, task="co2", length=26)
    inputs = read(made)
    assert "(autoregression) beats every cell’s median" in score.classical_wins(inputs, "co2")
    assert "worse than autoregression" in score.best_against_baselines(inputs, "co2")


def test_the_trivial_predictor_wins_or_loses(made, read):
    assert "Each of the 3 cells beats" in score.beats_trivial(read(made), "co2")
    made.put("runs", "skill", -0.1, task="co2")
    assert score.beats_trivial(read(made), "co2").startswith(
        "No cell beats the trivial predictor (persistence) on “co2”"
    )
    made.put("runs", "skill", 0.1, task="co2", cell="gru")
    assert score.beats_trivial(read(made), "co2").startswith("The GRU beats")
    made.put("runs", "skill", 0.1, task="co2", cell="lstm", length=13)
    assert score.beats_trivial(read(made), "co2").startswith("The LSTM and the GRU beat ")


def test_the_trivial_predictor_is_beaten_by_what_is_not_solved_too(made, read):
    made.put("runs", "solved", False, task="adding")
    for cell in ("rnn", "gru"):
        made.put("runs", "skill", 0.1, task="adding", cell=cell)
    made.put("runs", "skill", -0.1, task="adding", cell="lstm")
    inputs = read(made)
    assert not any(found.learned for found in score.scores(inputs, "adding", 40).values())
    assert score.beats_trivial(inputs, "adding").startswith("The vanilla RNN and the GRU beat the trivial predictor ")


def test_guesses_are_not_ranked(every, read):
    """Two cells at chance are a tie, no cell there is the best one, and nothing is bold."""
    for cell, error in (("rnn", 0.499), ("lstm", 0.496), ("gru", 0.484)):
        every.put("runs", "value", error, task="reviews", length=200, cell=cell)
    inputs = read(every)
    found = score.scores(inputs, "reviews", 200)
    assert [compare(found["gru"], found[cell]) for cell in ("rnn", "lstm")] == [0, 0]
    assert score.best_against_baselines(inputs, "reviews") == (
        "On “Sentiment of film reviews, evidence k words or more from the end” at k = 200 no cell does better than "
        "majority class, so none is the best."
    )
    table = score_tables.scores(inputs, "reviews")
    column = table.header.index("k = 200")
    assert column not in {c for _, c in table.emphasised}
    every.put("runs", "value", 0.4, task="reviews", length=200, cell="gru")
    inputs = read(every)
    found = score.scores(inputs, "reviews", 200)
    assert [compare(found["gru"], found[cell]) for cell in ("rnn", "lstm")] == [1, 1]
    assert "the GRU, 0.4" in score.best_against_baselines(inputs, "reviews")


def test_small_differences_from_a_simple_predictor_are_none(every, read):
    """Errors are compared by the limits of the test set around the predictor's rate, other scores as they are."""
    inputs = read(every)
    n = inputs.card("reviews")["split"]["test"]
    assert compare_with(inputs, "reviews", 200, 0.25, 0.24) == 0
    assert compare_with(inputs, "reviews", 200, 0.3, 0.24) == -1
    assert compare_with(inputs, "reviews", 200, 0.2, 0.24) == 1
    low, high = indistinct(inputs, "reviews", 200, 0.24)
    assert binom.cdf(round(low * n) - 1, n, 0.24) <= 0.025 < binom.cdf(round(low * n), n, 0.24)
    assert binom.sf(round(high * n), n, 0.24) <= 0.025 < binom.sf(round(high * n) - 1, n, 0.24)
    assert compare_with(inputs, "co2", 26, 1.0001, 1.0) == -1


def test_gates_help_the_score_or_not(made, read):
    made.put("runs", "value", 5.0, task="co2", cell="rnn")
    made.put("runs", "solved", False, cell="rnn", task="adding")
    said = score.gates_help(read(made))
    assert "the LSTM wins 4, ties 1 and loses 0" in said
    made.put("runs", "value", 0.0001, task="co2", cell="rnn")
    made.put("runs", "solved", True, cell="rnn", task="adding")
    made.put("runs", "solved", False, cell="lstm", task="adding")
    assert "the LSTM wins 0, ties 1 and loses 4" in score.gates_help(read(made))


def test_scores_of_solved_runs_rank_nothing(made, read):
    made.put("runs", "value", 0.0001, task="adding", cell="rnn")
    inputs = read(made)
    assert "tie for the first place: 3 of 3 seeds each" in score.best_against_baselines(inputs, "adding")
    assert score_tables.scores(inputs, "adding").emphasised == ()
    assert len(score_tables.scores(inputs, "co2").emphasised) == 2
    for cell in ("rnn", "gru"):
        made.put("runs", "solved", False, task="adding", cell=cell)
    inputs = read(made)
    assert "the LSTM has most seeds solved, 3 of 3 seeds" in score.best_against_baselines(inputs, "adding")
    lstm = inputs.models.index(("lstm", "default"))
    assert score_tables.scores(inputs, "adding").emphasised == ((lstm, 1), (lstm, 2))


def test_another_simple_predictor_that_wins_is_named(made, read):
    assert score.others(read(made), "co2") == ""
    card = made.cards["co2"]["13"]
    card["baselines"] = {**card["baselines"], "seasonal naive": 0.9}
    said = score.others(read(made), "co2")
    assert said.startswith("Another simple predictor, seasonal naive, beats autoregression at T = 13 on")


def test_clipping_is_that_of_the_defaults(made, read):
    said = training.clipping(read(made))
    made.put("curves", "clipped", 0.9, variant="relu")
    assert training.clipping(read(made)) == said
    made.put("curves", "clipped", 0.9, variant="default", cell="rnn")
    assert "90 % in the vanilla RNN" in training.clipping(read(made))


def test_divergence_is_said(made, read):
    assert training.divergence(read(made)) == "No run diverged."
    made.put("runs", "status", "diverged", task="adding", cell="gru", length=40, seed=1)
    assert training.divergence(read(made)).startswith("1 run diverged and is kept: GRU on “Adding problem” (1)")


@pytest.mark.parametrize(
    ("rate", "edge"), [(1e-3, "lie at the edge"), (1e-2, "lie at the edge"), (3e-3, "lies inside the grid")]
)
def test_a_rate_at_the_edge_of_the_grid_is_said(made, read, rate, edge):
    made.columns["tuning"]["chosen"] = [found == rate for found in made.columns["tuning"]["learning_rate"]]
    assert edge in training.grid_edges(read(made))


def test_mixed_code_is_said(made, read):
    inputs = read(made)
    assert "one state of the library" in study.one_code(inputs)
    assert study.mixed_code(inputs) == ""
    made.put("runs", "code_sha256", "b" * 64, task="co2")
    inputs = read(made)
    assert study.one_code(inputs) == ""
    assert study.mixed_code(inputs).startswith("Attention: these runs mix 2 states of the library")


def test_mixed_machines_are_said(made, read):
    made.provenance["kernels"]["blas"] = ["openblas Haswell", "openblas SkylakeX"]
    assert "training jobs differ in blas" in study.one_machine(read(made))


def test_no_commit_and_local_changes_are_said(made, read):
    made.provenance["commit_dirty"] = True
    assert "not committed" in study.commit(read(made))
    made.provenance["commit"] = None
    assert "No commit is recorded" in study.commit(read(made))
