"""The chapter on a fair comparison: as many parameters, longer budgets, and words that follow the tables."""

import json

import pytest

from reports import fair
from reports.sentences import fair as sentences
from reports.tabulate import fair as tables
from tests.reports.synthetic import study
from tests.reports.test_survival import put_steps

FORBIDDEN = ("W_hh", "CO2", "λ_max", "σ_max", "L_T")


@pytest.fixture
def ablated(made):
    """With networks of as many parameters and of a longer budget at T = 15."""
    for cell in ("rnn", "gru"):
        made.ablate("adding", cell, "matched", 15)
    made.ablate("adding", "rnn", "long-budget", 15)
    made.ablate("co2", "rnn", "long-budget", 13)
    put_steps(made, "lstm", [300, 300, 400])
    put_steps(made, "gru", [100, 100, 100])
    put_steps(made, "rnn", [None, None, None])
    return made


def test_the_chapter_is_whole_with_ablations_and_leaves_them_out_without(ablated, read, unchanged):
    inputs = read(ablated)
    assert [name for name, found in fair.tables(inputs).items() if all(found)] == ["matched", "long_budget", "survival"]
    assert all(fair.sentences(inputs).values())
    without = unchanged.document
    assert (without["tables_of"]["matched"], without["tables_of"]["long_budget"]) == ([], [])
    assert (without["sentences"]["fair_matched"], without["sentences"]["fair_long"]) == ([], [])


def test_the_figure_has_words_and_nothing_that_the_page_would_set_otherwise(ablated, read):
    (figure,) = fair.figures(read(ablated))["survival"]
    assert all(words.strip() for words in (figure.caption, figure.alt, figure.provenance))
    text = json.dumps(figure.spec, allow_nan=False, ensure_ascii=False)
    assert not any(word in text for word in FORBIDDEN)
    rows = figure.spec["datasets"]["rows"]
    ends = {row["series"]: row["left"] for row in rows if row["updates"] == 4000 and row["panel"] == "adding, T = 15"}
    assert ends["LSTM"] == 0
    gru = [row["left"] for row in rows if (row["series"], row["panel"]) == ("GRU", "adding, T = 15")]
    assert (max(gru), min(gru)) == (1, 0)  # also where all are solved at the first check
    assert ends["vanilla RNN"] == 1


def test_without_a_criterion_there_is_no_survival(read, every):
    for name, columns in every.columns.items():
        if "task" in columns and name != "attribution":
            kept = [i for i, task in enumerate(columns["task"]) if task in ("co2", "sunspots")]
            every.columns[name] = {column: [values[i] for i in kept] for column, values in columns.items()}
    inputs = read(every)
    assert fair.figures(inputs) == {"survival": [None]}
    assert fair.tables(inputs)["survival"] == [None, None]
    assert sentences.checks(inputs) == ""
    assert sentences.sooner_in_short(inputs) == ""


@pytest.fixture
def paired():
    """Seeds enough for pairs to tell something: the LSTM solves, the vanilla RNN does not, the GRU as the LSTM does."""
    made = study({"adding": [15], "co2": [13]}, seeds=10)
    for cell in ("rnn", "gru"):
        made.ablate("adding", cell, "matched", 15)
    for task, length in (("adding", 15), ("co2", 13)):
        made.ablate(task, "rnn", "long-budget", length)
    put_steps(made, "lstm", [300] * 10)
    for variant in ("default", "matched"):
        put_steps(made, "gru", [300] * 10, variant=variant)
    for variant in ("default", "matched", "long-budget"):
        put_steps(made, "rnn", [None] * 10, variant=variant)
        made.put("runs", "skill", 0.1, task="adding", cell="rnn", variant=variant)
    return made


def test_who_is_better_with_as_many_parameters_is_what_the_pairs_say(paired, read):
    vanilla, gru = sentences.matched(read(paired))
    assert (
        "the vanilla RNN with as many units does worse than the LSTM (pairs 0 to 10, p = 0.0020), and so does"
        in vanilla
    )
    assert (
        "the one with as many parameters (pairs 0 to 10, p = 0.0020): 10 of 10 solved against 0 of 10 and 0" in vanilla
    )
    assert "no difference is seen between the GRU with as many units and the LSTM (pairs 0 to 0), nor between" in gru
    put_steps(paired, "rnn", [300] * 10, variant="matched")
    vanilla, _ = sentences.matched(read(paired))
    assert ", but no difference is seen between the one with as many parameters and the LSTM (pairs 0 to 0)" in vanilla
    assert vanilla.endswith("half of the seeds after 300 against >4,000 and 300 updates, the LSTM first.")


def test_where_as_many_are_solved_the_sooner_is_better(paired, read):
    put_steps(paired, "gru", [100] * 10, variant="matched")
    _, gru = sentences.matched(read(paired))
    assert "(pairs 0 to 0), but the one with as many parameters does better (pairs 10 to 0, p = 0.0020)" in gru
    assert "10 of 10 solved against 10 of 10 and 10 of 10, half of the seeds after 300 against 300 and 100" in gru
    put_steps(paired, "gru", [100] * 2 + [500] * 8, variant="matched")
    _, gru = sentences.matched(read(paired))
    assert "but" not in gru  # 2 to 8 have a p of 0.11
    assert "nor between the one with as many parameters and the LSTM (pairs 2 to 8)" in gru


def test_a_longer_budget_brings_what_the_pairs_say(paired, read):
    paired.put("runs", "skill", 0.92, task="co2", cell="rnn")
    paired.put("runs", "skill", 0.97, task="co2", cell="rnn", variant="long-budget")
    adding, co2 = sentences.long_budget(read(paired))
    assert "with 4 times the updates, no difference is seen for the vanilla RNN (pairs 0 to 0): " in adding
    assert adding.endswith("0 of 10 solved against 0 of 10, median skills of 0.10 against 0.10.")
    assert co2.endswith("the vanilla RNN does better (pairs 10 to 0, p = 0.0020): median skills of 0.97 against 0.92.")
    paired.put("runs", "skill", 0.5, task="co2", cell="rnn", variant="long-budget")
    assert "the vanilla RNN does worse (pairs 0 to 10, p = 0.0020)" in sentences.long_budget(read(paired))[1]


def test_one_run_more_or_less_that_is_solved_is_no_difference(paired, read):
    put_steps(paired, "rnn", [300] * 8 + [None] * 2)
    put_steps(paired, "rnn", [300] * 7 + [None] * 3, variant="long-budget")
    told = sentences.long_budget(read(paired))[0]
    assert "no difference is seen for the vanilla RNN (pairs 0 to 1): 7 of 10 solved against 8 of 10." in told


def test_with_one_seed_nothing_is_claimed(read):
    made = study({"adding": [15]}, seeds=1)
    made.ablate("adding", "rnn", "matched", 15)
    made.ablate("adding", "rnn", "long-budget", 15)
    put_steps(made, "lstm", [300])
    put_steps(made, "rnn", [None])
    put_steps(made, "rnn", [None], variant="matched")
    put_steps(made, "rnn", [300], variant="long-budget")
    inputs = read(made)
    (matched,), (longer,) = sentences.matched(inputs), sentences.long_budget(inputs)
    assert "no difference is seen for the vanilla RNN (pairs 1 to 0)" in longer
    assert "no difference is seen" in matched
    assert not any(word in matched + longer for word in ("better", "worse"))


def test_the_budgets_stand_in_the_table(ablated, read):
    put_steps(ablated, "rnn", [None, 9000, 9000], variant="long-budget")
    row = tables.long_budget(read(ablated)).rows[0]
    assert row[2:5] == ("4,000 and 16,000", "0/3", "2/3")


def test_the_few_comparisons_that_go_another_way_are_named(read):
    made = study({"adding": [10, 15, 20, 40]}, seeds=10, models=(("rnn", "default"), ("lstm", "default")))
    early, late = list(range(100, 1100, 100)), list(range(2000, 3000, 100))
    for length in (10, 15, 20, 40):
        put_steps(made, "lstm", late if length == 20 else early, length=length)
        put_steps(made, "rnn", early if length == 20 else late, length=length)
    inputs = read(made)
    (told,) = sentences.who_is_sooner(inputs)
    assert told == (
        "Of 4 comparisons of the LSTM with the vanilla RNN, the LSTM solves sooner in 3 and the vanilla RNN solves "
        "sooner in 1 (“adding” at T = 20)."
    )
    short = "Sooner than another cell is the vanilla RNN in 1 of 4 comparisons and the LSTM in 3 of 4."
    assert sentences.sooner_in_short(inputs) == short
    (figure,) = fair.figures(inputs)["survival"]
    assert figure.caption.endswith(short)
    assert told not in figure.caption


def test_a_median_that_was_not_reached_is_more_than_the_budget(ablated, read):
    (row,) = (row for row in tables.times_to_solve(read(ablated)).rows if row[0] == "adding, T = 15")
    assert row[1] == ">4,000"
    assert row[2] == "300 (300–400)"


def test_sizes_are_those_of_the_runs(ablated, read):
    ablated.put("runs", "n_parameters", 4200, cell="lstm")
    ablated.put("runs", "n_parameters", 3000, cell="gru")
    assert "the LSTM has 4.2 times as many and the GRU has 3.0 times as many" in sentences.sizes(read(ablated))


def test_the_grid_names_the_lengths_at_which_rates_are_chosen(ablated, read):
    told = sentences.grid(read(ablated))
    assert "0.001, 0.003 and 0.01" in told
    assert "“adding” T = 15" in told
    assert "2 seeds" in told


def test_with_one_rate_nothing_was_chosen(ablated, read):
    ablated.provenance["configuration"]["tuning"]["learning_rates"] = [1e-2]
    assert sentences.grid(read(ablated)) == "Every model is trained with the one learning rate of the grid, 0.01."


def test_scores_of_solved_runs_say_nothing_of_a_longer_budget(paired, read):
    for variant in ("default", "long-budget"):
        put_steps(paired, "rnn", [300] * 10, variant=variant)
    paired.put("runs", "skill", 0.999, task="adding", cell="rnn", variant="long-budget")
    told = sentences.long_budget(read(paired))[0]
    assert "no difference is seen for the vanilla RNN (pairs 0 to 0): 10 of 10 solved against 10 of 10" in told
    assert "half of the seeds after 300 against 300 updates." in told


def test_an_update_costs_what_runs_that_are_long_enough_took(ablated, read):
    ablated.put("runs", "wall_s", 4.0)
    ablated.put("runs", "steps", 2000)
    for cell in ("lstm", "gru"):
        ablated.put("runs", "wall_s", 2.0, cell=cell)
        ablated.put("runs", "steps", 1000, cell=cell)
    ablated.put("runs", "wall_s", 7.0, cell="lstm")
    ablated.put("runs", "wall_s", 5.0, cell="gru", task="co2")
    told = "An update takes 3.5 times as long in the LSTM and 1.0 to 2.5 times as long in the GRU as in the vanilla RNN"
    assert sentences.costs(read(ablated)).startswith(told)
    ablated.put("runs", "steps", 999, cell="lstm")
    assert "LSTM" not in sentences.costs(read(ablated))
    ablated.put("runs", "steps", 999, cell="rnn")
    assert sentences.costs(read(ablated)) == ""


def test_a_median_between_two_checks_and_an_end_that_was_not_reached(read):
    made = study({"adding": [15]}, seeds=4)
    put_steps(made, "lstm", [100, 100, 125, None])
    (row,) = tables.times_to_solve(read(made)).rows
    assert row[2] == "112.5 (100 to >4,000)"


def test_the_log_rank_table_has_the_interval_of_its_estimate(ablated, read):
    rows = {row[:2]: row[2:] for row in tables.log_rank(read(ablated)).rows}
    assert rows["adding, T = 15", "LSTM, vanilla RNN"][0] == "1.00"
    put_steps(ablated, "lstm", [300, 300, None])
    rows = {row[:2]: row[2:] for row in tables.log_rank(read(ablated)).rows}
    assert rows["adding, T = 15", "LSTM, vanilla RNN"][0] == "0.83 (0.50–1.00)"
