"""Every sentence takes its number and its direction from the tables, and turns when they do."""

import pytest

from reports.names import INIT, TRAINED
from reports.sentences import gradient, score, study, training


def test_more_gradient_in_gated_cells_and_the_opposite(made, read):
    said = gradient.gates_against_vanilla(read(made), TRAINED)
    assert "The LSTM does on 3 of 3 tasks, with intervals over seeds apart on 3; the GRU does on 3 of 3" in said
    made.swap_cells("gradients", "rnn", "lstm")
    made.swap_cells("gradients", "rnn", "gru")
    said = gradient.gates_against_vanilla(read(made), TRAINED)
    assert "The LSTM does on 0 of 3 tasks" in said


def test_who_carries_the_gradient_furthest(made, read):
    assert gradient.most_and_least(read(made), "adding", INIT).startswith("The LSTM carries the most")
    made.swap_cells("gradients", "rnn", "lstm")
    said = gradient.most_and_least(read(made), "adding", INIT)
    assert said.startswith("The vanilla RNN carries the most")
    assert "as the LSTM, which carries the least" in said


def test_cells_that_do_not_differ_are_not_ranked(made, read):
    made.put("gradients", "log10_norm_q50", -0.3)
    assert "differ by less than a factor of two" in gradient.most_and_least(read(made), "adding", INIT)


def test_a_gradient_of_exactly_zero_is_called_that(made, read):
    where = {"task": "adding", "cell": "rnn", "phase": TRAINED, "lag": 39, "length": 40, "variant": "default"}
    made.put("gradients", "log10_norm_q50", None, **where)
    made.put("gradients", "n_zero", 32, **where)
    inputs = read(made)
    assert "exactly 0 in the vanilla RNN" in gradient.reach(inputs, "adding", TRAINED)
    assert "in the vanilla RNN nothing is left" in gradient.most_and_least(inputs, "adding", TRAINED)


def test_an_undefined_gradient_is_not_called_zero(made, read):
    made.put("gradients", "log10_norm_q50", None, cell="rnn")
    assert "vanilla RNN" not in gradient.reach(read(made), "adding", TRAINED)


def test_the_linear_network_grows_or_fades(made, read):
    assert "the gradient grows" in gradient.linear_grows(read(made), "adding", INIT)
    made.put("gradients", "log10_norm_q50", -3.0, variant="linear")
    assert "the gradient fades" in gradient.linear_grows(read(made), "adding", INIT)


def test_the_spectral_radius_is_on_its_side_of_one(made, read):
    assert ", below 1," in gradient.linear_grows(read(made), "adding", INIT)
    made.put("rates", "w_spectral_radius", 1.2, variant="linear")
    assert "is 1.20, above 1," in gradient.linear_grows(read(made), "adding", INIT)


def test_a_censored_horizon_is_a_bound(made, read):
    said = gradient.horizons(read(made), "adding")
    assert "the vanilla RNN 17 and 36" in said
    assert "the LSTM ≥ 40 and ≥ 40" in said


def test_a_horizon_censored_in_half_of_the_seeds_is_not_called_censored(made, read):
    inputs = read(made)
    where = {"task": "adding", "cell": "lstm", "length": 40, "phase": TRAINED}
    made.put("rates", "horizon", 5, **where)
    made.put("rates", "horizon_censored", False, **where)
    assert "the LSTM ≥ 40 and ≥ 40" in gradient.horizons(inputs, "adding")
    assert "the LSTM ≥ 40 and 5" in gradient.horizons(read(made), "adding")


def test_training_lengthens_or_shortens_the_horizon(made, read):
    assert "longer in 3 and shorter in 0 of 3 settings" in gradient.trained_against_initial(read(made))
    made.columns["rates"]["phase"] = [{INIT: TRAINED, TRAINED: INIT}[p] for p in made.columns["rates"]["phase"]]
    assert "longer in 0 and shorter in 3 of 3 settings" in gradient.trained_against_initial(read(made))


def test_solved_counts(made, read):
    assert "LSTM 3 of 3" in score.solved(read(made), "adding")
    made.put("runs", "solved", False, task="adding", cell="lstm", length=40, seed=0)
    assert "LSTM 2 of 3" in score.solved(read(made), "adding")
    made.put("runs", "solved", False, task="adding")
    assert (
        score.mostly_solved(read(made), "adding")
        == "No cell is solved in most seeds of “Adding problem” at any length."
    )


def test_a_task_without_a_criterion_is_not_called_unsolved(inputs):
    assert score.solved(inputs, "co2") == ""


def test_the_classical_predictor_wins_or_loses(made, read):
    assert "At no length" in score.classical_wins(read(made), "co2")
    made.put("runs", "classical", 0.001, task="co2", length=26)
    inputs = read(made)
    assert "(autoregression) beats every cell's median" in score.classical_wins(inputs, "co2")
    assert "worse than autoregression" in score.best_against_baselines(inputs, "co2")


def test_the_trivial_predictor_wins_or_loses(made, read):
    assert "Each of the 3 cells beats" in score.beats_trivial(read(made), "co2")
    made.put("runs", "skill", -0.1, task="co2")
    assert "None of the 3 cells beats" in score.beats_trivial(read(made), "co2")
    made.put("runs", "skill", 0.1, task="co2", cell="gru")
    assert score.beats_trivial(read(made), "co2").startswith("The GRU beats")


def test_gates_help_the_score_or_not(made, read):
    made.put("runs", "value", 5.0, cell="rnn")
    assert "the LSTM in 5 of 5" in score.gates_help(read(made))
    made.put("runs", "value", 0.0001, cell="rnn")
    assert "the LSTM in 0 of 5" in score.gates_help(read(made))


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


def test_mlflow_complete_short_or_missing(made, read, tmp_path):
    assert study.logged(read(made)) == "MLflow holds all 90 runs."
    for column in made.columns["mlflow"].values():
        column.pop()
    assert "MLflow holds 89 of 90 runs" in study.logged(read(made))
    del made.columns["mlflow"]
    (tmp_path / "mlflow.parquet").unlink()
    assert "The table mlflow is missing" in study.logged(read(made))


def test_mixed_code_is_said(made, read):
    assert "one state of the library" in study.one_code(read(made))
    made.put("runs", "code_sha256", "b" * 64, task="co2")
    assert "Attention: these runs mix 2 states of the library" in study.one_code(read(made))


def test_mixed_machines_are_said(made, read):
    made.provenance["kernels"]["blas"] = ["openblas Haswell", "openblas SkylakeX"]
    assert "training jobs differ in blas" in study.one_machine(read(made))


def test_no_commit_and_local_changes_are_said(made, read):
    made.provenance["commit_dirty"] = True
    assert "not committed" in study.commit(read(made))
    made.provenance["commit"] = None
    assert "No commit is recorded" in study.commit(read(made))
