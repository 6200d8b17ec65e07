"""Variants of a cell, most of them trained at one length: what stands together, where, and what is said of them."""

import pytest

from reports.figures import figure, gradient, length, score
from reports.figures.figure import Series
from reports.load import load
from reports.names import INIT, TRAINED, VARIANT_GROUPS, ordered_variants, variant_group
from reports.sentences import gradient as gradient_sentences
from reports.sentences import study, training
from reports.sentences.words import handful
from reports.tabulate import design, factors
from reports.tabulate import gradient as gradient_tables
from reports.tabulate import score as score_tables
from reports.tabulate import text as text_tables
from reports.tabulate import training as training_tables
from reports.tabulate.tabulation import by_cell
from reports.variants import ACTIVATIONS, BIASES, CHARTS, MATRICES, blocks, charted, compared_at, followed
from rnn.variants import VARIANTS
from tests.reports.conftest import LENGTHS
from tests.reports.synthetic import study as all_tables

SHORT, LONG = 15, 40
ABLATIONS = {
    "rnn": ("orthogonal", "identity", "gain-0-5", "clip-0", "long-budget"),
    "lstm": ("bias-minus-2", "bias-4", "chrono", "no-forget"),
}


def with_ablations():
    """Return tables with activations at every length of every task, other variants at the shorter length of one."""
    made = all_tables(LENGTHS, seeds=3)
    for cell, variants in ABLATIONS.items():
        for variant in variants:
            made.ablate("adding", cell, variant, SHORT)
    return made


@pytest.fixture
def ablated():
    return with_ablations()


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """What these tables are read as."""
    return load(with_ablations().write(tmp_path_factory.mktemp("ablated")))


def series(drawn):
    return list(dict.fromkeys(row["series"] for row in drawn.spec["datasets"]["rows"] if "series" in row))


def panels(drawn):
    return list(dict.fromkeys(row["panel"] for row in drawn.spec["datasets"]["rows"]))


# --- what stands together ------------------------------------------------------------


def test_groups_stand_in_their_order():
    assert ordered_variants({"clip-0", "matched", "bias-0", "relu", "default", "own"}) == [
        "default",
        "relu",
        "bias-0",
        "clip-0",
        "matched",
        "own",
    ]
    assert (variant_group("chrono"), variant_group("default"), variant_group("own")) == ("gate bias", "", "")
    assert all(group in VARIANT_GROUPS for groups in CHARTS.values() for group in groups)


def test_a_chart_holds_its_groups_and_biases_stand_in_order(inputs):
    assert charted(inputs, "rnn", ACTIVATIONS) == ["default", "sigmoid", "relu", "linear"]
    assert charted(inputs, "rnn", MATRICES) == ["default", "orthogonal", "identity"]
    assert charted(inputs, "lstm", MATRICES) == ["default", "no-forget"]
    assert charted(inputs, "lstm", BIASES) == ["bias-minus-2", "default", "bias-4", "chrono"]
    assert charted(inputs, "gru", BIASES) == []


def test_no_chart_of_all_variants_has_more_series_than_can_be_told_apart(read):
    models = [("rnn", "default"), ("lstm", "default"), ("gru", "default")]
    made = all_tables({"adding": [15]}, seeds=1, models=models)
    for cell, _ in models:
        for variant in VARIANTS:
            if variant != "default" and cell in VARIANTS[variant].cells:
                made.ablate("adding", cell, variant, 15)
    inputs = read(made)
    for cell, _ in models:
        for chart in CHARTS:
            variants = charted(inputs, cell, chart)
            marks = Series.of_variants(cell, variants)
            assert len(set(zip(map(str, marks.dashes), marks.shapes, strict=True))) == len(variants) <= 8
            assert len(set(marks.colours)) == len(variants)


def test_variants_are_compared_at_the_greatest_length_at_which_most_were_trained(inputs):
    variants = inputs.variants("rnn")
    assert compared_at(inputs, "adding", "rnn", variants) == SHORT
    assert compared_at(inputs, "adding", "rnn", charted(inputs, "rnn", ACTIVATIONS)) == LONG
    of_adding = [block for block in blocks(inputs, "rnn", variants) if block.task == "adding"]
    assert [(block.length, block.variants) for block in of_adding] == [
        (SHORT, ("default", "sigmoid", "relu", "linear", *ABLATIONS["rnn"])),
        (LONG, ("default", "sigmoid", "relu", "linear")),
    ]
    assert blocks(inputs, "gru", inputs.variants("gru")) == []


def test_only_what_was_trained_at_every_length_is_followed_over_lengths(inputs):
    assert followed(inputs, "adding", "rnn", inputs.variants("rnn")) == ["default", "sigmoid", "relu", "linear"]
    assert followed(inputs, "adding", "lstm", inputs.variants("lstm")) == []
    assert followed(inputs, "hello", "rnn", inputs.variants("rnn")) == []  # one length is no line


# --- charts ------------------------------------------------------------


def test_ablations_are_drawn_at_their_own_length_beside_the_default(inputs):
    drawn = gradient.by_variant(inputs, "rnn", MATRICES)
    assert panels(drawn) == [f"adding, T = {SHORT}, {when}" for when in ("before", "after")]
    assert series(drawn) == ["tanh", "orthogonal", "identity"]
    assert "for the recurrent matrices of the vanilla RNN, on “Adding problem” at T = 15" in drawn.caption
    assert {f"adding, T = {LONG}, before", "hello, T = 4, after"} < set(
        panels(gradient.by_variant(inputs, "rnn", ACTIVATIONS))
    )
    assert series(gradient.by_variant(inputs, "lstm", BIASES))[:2] == ["gate bias −2", "default"]
    assert gradient.by_variant(inputs, "gru", BIASES) is None


def test_what_has_one_length_has_no_chart_over_lengths(ablated, every, read):
    inputs = read(ablated)
    assert score.by_variant(inputs, "rnn", MATRICES) is None
    assert score.by_variant(inputs, "lstm", BIASES) is None
    assert series(score.by_variant(inputs, "rnn", ACTIVATIONS)) == ["tanh", "sigmoid", "ReLU", "linear"]
    every.ablate("reviews", "lstm", "no-forget", 10)
    inputs = read(every)
    assert length.accuracy_by_variant(inputs, "reviews", "lstm", MATRICES) is None
    drawn = length.accuracy_by_variant(inputs, "reviews", "rnn", ACTIVATIONS)
    assert series(drawn) == ["tanh", "sigmoid", "ReLU", "linear"]


def test_a_legend_that_is_too_long_stands_in_columns():
    assert figure._columns(["tanh", "sigmoid", "ReLU", "linear"]) is None
    many = ["gate bias −2", "gate bias −1", "gate bias 0", "default", "gate bias 2", "gate bias 4", "chrono biases"]
    assert figure._columns(many) == 4
    spec = {"usermeta": {"legend_columns": 4}}
    assert figure.theme(figure.legend_columns(spec))["legend"]["columns"] == 4


# --- tables ------------------------------------------------------------


def test_every_variant_is_in_the_table_with_its_own_gradient_and_horizon(ablated, read):
    where = {"task": "adding", "cell": "rnn", "variant": "clip-0", "length": SHORT, "phase": TRAINED}
    ablated.put("gradients", "log10_norm_q50", -3.0, lag=SHORT - 1, **where)
    ablated.put("rates", "horizon", 7, **where)
    ablated.put("rates", "horizon_censored", False, **where)
    table = gradient_tables.of_variants(read(ablated), "rnn")
    rows = {row[0]: row for row in table.rows}
    assert rows["no clipping"][2] == "0.0010"
    assert rows["no clipping"][4] == "7"
    assert "–" not in rows["no clipping"]
    names = [row[0] for row in table.rows]
    start = {words: row for row, words in table.headings}
    assert names[start["adding, T = 15"] : start["adding, T = 40"]][:5] == [
        "tanh",
        "sigmoid",
        "ReLU",
        "linear",
        "orthogonal",
    ]
    assert len(names) == 4 + (4 + 5) + 4 + 4
    assert gradient_tables.of_variants(read(ablated), "gru") is None


def test_tables_by_length_have_no_column_of_an_ablation(inputs):
    assert len(gradient_tables.horizons(inputs, "time series").header) == 2 + 6
    scores = score_tables.scores(inputs, "adding")
    assert scores.headings == ((0, "Vanilla RNN"), (9, "LSTM"), (14, "GRU"), (15, "Simple predictors"))
    row = next(row for row in scores.rows if row[0] == "no clipping")
    assert row[1] != "–"
    assert row[2] == "–"
    solved = score_tables.solved(inputs)
    row = next(row for row in solved.rows if row[0] == "no clipping")
    assert [value == "–" for value in row[1:]] == [True, False, True]  # hello, adding at both lengths
    assert solved.headings == ((0, "Vanilla RNN"), (9, "LSTM"), (14, "GRU"))


def test_defaults_alone_have_no_headings():
    assert by_cell([("rnn", "default"), ("gru", "default")]) == (["vanilla RNN", "GRU"], ())
    assert by_cell([("rnn", "relu"), ("gru", "default"), ("gru", "bias-0")]) == (
        ["ReLU", "default", "gate bias 0"],
        ((0, "Vanilla RNN"), (1, "GRU")),
    )


def test_where_a_model_of_one_length_falls_back_to_chance_is_not_said(every, read):
    every.ablate("reviews", "lstm", "no-forget", 10)
    rows = {row[0]: row for row in text_tables.accuracies(read(every), "reviews").rows}
    assert rows["no forget gate (1997)"][1] == "–"
    assert rows["no forget gate (1997)"][2] != "–"
    assert rows["no forget gate (1997)"][-1] == "–"
    assert rows["ReLU"][-1] != "–"


def test_the_two_factors_stand_by_length(inputs):
    table = factors.two_factors(inputs, "adding")
    assert table.headings == ((0, "T = 40"), (8, "T = 15"))
    assert [row[0] for row in table.rows[::2]] == [
        *("tanh", "sigmoid", "ReLU", "linear"),
        *("tanh", "sigmoid", "ReLU", "linear", "orthogonal", "identity", "gain 0.5", "no clipping"),
        "four times the budget",
    ]


def test_gate_paths_are_those_of_gates_and_an_ablation_stands_at_its_greatest_length(ablated, read):
    ablated.ablate("adding", "lstm", "bias-4", LONG)
    rows = factors.gate_paths(read(ablated), "adding").rows
    assert [row[:2] for row in rows] == [
        ("LSTM", "T = 15"),
        ("LSTM", "T = 40"),
        ("LSTM, gate bias −2", "T = 15"),
        ("LSTM, gate bias 4", "T = 40"),
        ("LSTM, chrono biases", "T = 15"),
        ("LSTM, no forget gate (1997)", "T = 15"),
        ("GRU", "T = 15"),
        ("GRU", "T = 40"),
    ]


def test_models_are_said_by_group_with_where_they_were_trained(ablated, read):
    for cell in ("lstm", "gru"):
        ablated.ablate("hello", cell, "bias-minus-1", 4)
    table = design.models(read(ablated))
    assert [words for _, words in table.headings] == [
        *("Non-linearity", "Recurrent matrix", "Gain", "Gate bias", "Gates", "Training", "Size and budget")
    ]
    assert table.rows[:3] == (
        ("tanh", "vanilla RNN", "tanh, Glorot weights", "every task"),
        ("default", "LSTM", "Glorot weights, forget bias 1", "every task"),
        ("default", "GRU", "Glorot weights, keep bias 1", "every task"),
    )
    assert ("ReLU", "vanilla RNN", "ReLU in place of tanh", "every task") in table.rows
    assert ("gate bias −2", "LSTM", "forget bias −2", "adding (T = 15)") in table.rows
    assert ("gate bias −1", "LSTM, GRU", "forget and keep bias −1", "hello") in table.rows


def test_parameters_of_an_ablation_are_those_at_its_own_length(ablated, read):
    ablated.put("runs", "n_parameters", 900, variant="no-forget")
    table = design.parameters(read(ablated))
    assert table.header == ("task", "vanilla RNN", "LSTM", "LSTM, no forget gate (1997)", "GRU")
    assert [row[3] for row in table.rows] == ["–", "900", "–"]


def test_rates_that_were_chosen_at_two_lengths_stand_at_both(made, read):
    tuning = made.columns["tuning"]
    for i in made.rows("tuning", task="adding", cell="lstm"):
        for column, values in tuning.items():
            values.append({"length": LONG, "chosen": tuning["learning_rate"][i] == 1e-3}.get(column, values[i]))
    inputs = read(made)
    table = training_tables.tuning(inputs, "time series")
    assert [words for _, words in table.headings] == ["adding, T = 15", "adding, T = 40", "co2, T = 13"]
    row = {words: row for row, words in table.headings}["adding, T = 40"]
    assert table.rows[row][0] == "LSTM"
    assert (row, table.header.index("0.001")) in table.emphasised
    assert "a length of a task or more" not in study.tuned_at(inputs)
    assert "(up to 2)" in study.tuned_at(inputs)
    assert training.grid_edges(inputs).startswith("1 of 10 rates chosen for the cells’ defaults lies at the edge")


def test_variants_that_ended_alike_share_a_row_and_diverged_ones_do_not(ablated, read):
    where = {"task": "adding", "length": SHORT}
    for variant in ("orthogonal", "identity", "default"):
        ablated.put("runs", "solved", False, cell="rnn", variant=variant, **where)
        ablated.put("runs", "stopped_by", "budget", cell="rnn", variant=variant, **where)
    ablated.put("runs", "solved", False, cell="rnn", variant="clip-0", seed=1, **where)
    ablated.put("runs", "stopped_by", "diverged", cell="rnn", variant="clip-0", seed=1, **where)
    ablated.put("runs", "status", "diverged", cell="rnn", variant="clip-0", seed=1, **where)
    ablated.put("runs", "solved", True, cell="rnn", length=LONG)
    rows = [row[1:5] for row in training_tables.endings(read(ablated)).rows if row[0] == "adding"]
    budget = "not solved, used up the budget of steps"
    assert ("vanilla RNN", budget, "T = 15: 0–2", "3") in rows
    assert ("vanilla RNN, no clipping", "diverged", "T = 15: 1", "1") in rows
    shared = [row for row in rows if row[0].startswith("vanilla RNN, ") and row[1] == budget]
    assert len(shared) == 1
    assert shared[0][2] == "–"


# --- sentences ------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "said"), [(1, "a"), (4, "a, b, c and d"), (5, "a, b, c and 2 more"), (20, "a, b, c and 17 more")]
)
def test_of_many_names_a_handful_is_said(n, said):
    assert handful([chr(ord("a") + i) for i in range(n)]) == said


@pytest.mark.parametrize(("log10", "said"), [(0.5, "1 let more"), (-9.0, "0 let more")])
def test_how_many_variants_keep_more_than_the_default_follows_the_table(ablated, read, log10, said):
    where = {"task": "adding", "cell": "lstm", "length": SHORT, "phase": INIT, "lag": SHORT - 1}
    ablated.put("gradients", "log10_norm_q50", -1.0, **where)
    ablated.put("gradients", "log10_norm_q50", log10, variant="chrono", **where)
    sentence = gradient_sentences.variants_against_default(read(ablated), "lstm")
    assert sentence.startswith("Of 4 variants of the LSTM on “Adding problem” at T = 15, before training ")
    assert f"before training {said} of the gradient reach the first step than the default, 0.10, and" in sentence
    end = "most reaches it with chrono biases (3.2)" if log10 > 0 else "least with chrono biases (1.0 × 10⁻⁹)"
    assert end in sentence
    assert gradient_sentences.variants_against_default(read(ablated), "gru") == ""


def test_variants_that_did_not_learn_are_named_after_training(ablated, read):
    ablated.put("runs", "solved", False, task="adding", cell="rnn", variant="identity", length=SHORT)
    inputs = read(ablated)
    at = (inputs, "rnn", ["default", "orthogonal", "identity"], "adding", SHORT)
    assert gradient_sentences.ranked(*at, TRAINED).endswith("; did not learn the task: identity.")
    assert "did not learn" not in gradient_sentences.ranked(*at, INIT)


def test_the_summary_counts_defaults_and_the_text_says_variants_apart(ablated, read):
    ablated.put("runs", "solved", True, task="adding")
    ablated.put("runs", "solved", True, task="hello")
    ablated.put("runs", "solved", False, task="adding", cell="rnn", variant="clip-0")
    ablated.put("tuning", "chosen", False, variant="clip-0")
    ablated.put("tuning", "chosen", True, variant="clip-0", learning_rate=1e-2)
    inputs = read(ablated)
    assert training.unsolved(inputs).startswith("0 of 27 runs of the cells’ defaults")
    assert training.grid_edges(inputs).startswith("Each of the 9 rates chosen for the cells’ defaults lies inside")
    assert training.grid_edges_of_variants(inputs) == (
        "Of 18 rates chosen for variants 0 lie at the lower edge and 1 at the upper."
    )


def test_of_many_diverged_models_those_with_most_runs_are_named(ablated, read):
    for n, variant in enumerate(("clip-0", "gain-0-5", "orthogonal", "identity", "long-budget"), start=0):
        for seed in range(3 - n // 2):
            ablated.put("runs", "status", "diverged", task="adding", cell="rnn", variant=variant, seed=seed)
    assert training.divergence_in_short(read(ablated)) == (
        "11 runs diverged and are kept: vanilla RNN, gain 0.5 (3), vanilla RNN, no clipping (3), vanilla RNN, "
        "orthogonal (2) and 2 more."
    )


def test_what_cannot_be_said_depends_on_what_was_trained(made, read):
    inputs = read(made)
    assert "No run with a much longer budget was made" in study.budget(inputs)
    assert study.hidden_units(inputs).endswith("gated cells then have more parameters.")
    made.ablate("adding", "rnn", "long-budget", SHORT)
    made.ablate("adding", "gru", "matched", SHORT)
    inputs = read(made)
    assert study.budget(inputs).endswith("With a longer one only the vanilla RNN was trained, to compare.")
    assert study.hidden_units(inputs).endswith("The GRU with as many as an LSTM stand beside them.")
