"""Printed tables stay narrow and short: tasks are rows, and only models that were trained stand in a table."""

from reports.tabulate import design, gradient, score, training
from tests.reports.synthetic import add_trouble


def test_what_is_left_of_the_gradient_has_a_row_for_each_task_and_phase(every, read):
    inputs = read(every)
    table = gradient.reach(inputs)
    assert table.header == ("task", "training", "vanilla RNN", "LSTM", "GRU")
    assert [row[:2] for row in table.rows][:2] == [("hello, T = 4", "before"), ("hello, T = 4", "after")]
    assert len(table.rows) == 2 * 7
    ablated = gradient.of_variants(inputs, "rnn")
    assert [row[0] for row in ablated.rows] == 5 * ["tanh", "sigmoid", "ReLU", "linear"]
    assert ablated.headings == (
        (0, "hello, T = 4"),
        (4, "adding, T = 40"),
        (8, "co2, T = 26"),
        (12, "sunspots, T = 22"),
        (16, "reviews, k = 200"),
    )


def test_horizons_have_one_table_a_family_with_the_models_that_were_trained(every, read):
    every.drop_variants("reviews")
    inputs = read(every)
    assert gradient.horizons(inputs, "text sentiment").header[2:] == ("vanilla RNN", "LSTM", "GRU")
    table = gradient.horizons(inputs, "character sequences")
    assert len(table.header) == 2 + 6
    of_hello, of_shakespeare = table.rows[0], table.rows[2]
    assert of_shakespeare[3:6] == ("–", "–", "–")
    assert "–" not in of_hello


def test_a_model_that_was_not_trained_has_no_row(every, read):
    inputs = read(every)
    assert [row[0] for row in score.scores(inputs, "shakespeare").rows] == [
        "vanilla RNN",
        "LSTM",
        "GRU",
        "unigram (trivial)",
        "n-gram (classical)",
    ]
    assert len(score.scores(inputs, "co2").rows) == 6 + 2
    assert len(training.tuning(inputs, "text sentiment").rows) == 6 + 3
    matrices = gradient.recurrent_matrices(inputs)
    start = {words: row for row, words in matrices.headings}["shakespeare, T = 50"]
    assert [row[0] for row in matrices.rows[start:]] == ["tanh"]


def test_the_chosen_rate_is_set_in_bold_in_every_row(every, read):
    table = training.tuning(read(every), "time series")
    chosen = table.header.index("0.003")
    assert table.emphasised == tuple((row, chosen) for row in range(len(table.rows)))


def test_runs_that_used_up_the_budget_of_a_task_without_a_criterion_share_a_row(every, read):
    rows = training.endings(read(every)).rows
    assert ("co2", "all models", "no criterion, used up the budget of steps", "–", "36", "4,000") in rows
    assert not any(row[0] == "hello" for row in rows)


def test_a_run_that_diverged_has_its_length_and_seed(every, read):
    rows = training.endings(read(add_trouble(every))).rows
    assert [row[:5] for row in rows if row[2] == "diverged"] == [("adding", "GRU", "diverged", "T = 40: 0", "1")]


def test_runs_that_were_not_solved_are_listed_by_length(every, read):
    for length, seeds in ((15, (0, 1)), (40, (2,))):
        for seed in seeds:
            where = {"task": "adding", "cell": "lstm", "length": length, "seed": seed}
            every.put("runs", "solved", False, **where)
            every.put("runs", "stopped_by", "stalled", **where)
            every.put("runs", "steps", 100 * length, **where)
    rows = [row for row in training.endings(read(every)).rows if row[:2] == ("adding", "LSTM")]
    how = "not solved, stalled without further improvement"
    assert rows == [("adding", "LSTM", how, "T = 15: 0–1; T = 40: 2", "3", "1,500–4,000")]


def test_parameters_of_a_variant_stand_beside_its_default_only_where_they_differ(every, read):
    table = design.parameters(read(every))
    assert table.header == ("task", "vanilla RNN", "LSTM", "GRU")
    assert "Variants that are not listed have as many" in table.caption
    every.put("runs", "n_parameters", 900, cell="rnn", variant="relu")
    table = design.parameters(read(every))
    assert table.header == ("task", "vanilla RNN", "vanilla RNN, ReLU", "LSTM", "GRU")
    assert [row[2] for row in table.rows] == ["900"] * 5 + ["–"] * 2


def test_budgets_name_the_symbol_of_the_lengths(every, read):
    rows = {row[0]: row[1] for row in design.budgets(read(every)).rows}
    assert rows["reviews"] == "k = 0, 10, 200"
    assert rows["co2"] == "T = 13, 26"


def test_pairs_of_cells_are_counted_for_each_task(every, read):
    table = score.relation(read(every))
    assert table.header[1:4] == ("agree, before", "oppose, before", "tied, before")
    assert all(sum(map(int, row[1:4])) == 3 and sum(map(int, row[4:])) == 3 for row in table.rows)
