"""The chapter on the formula's factors: its figures and tables, and what it leaves out where nothing was measured."""

import json

from reports import by_factor
from reports.names import INIT
from reports.tabulate import factors, horizon, reference
from rnn.reference import TITLES
from tests.reports.synthetic import study

TASK = "adding"


def rows_of(figure):
    return figure.spec["datasets"]["rows"]


def drawn(inputs):
    return {figure.name: figure for found in by_factor.figures(inputs).values() for figure in found if figure}


def test_every_figure_is_drawn_with_its_words(made, read):
    figures = drawn(read(made))
    assert set(figures) == {"linear", "stretch", "spectrum", "contributions", "horizon-steps"}
    for figure in figures.values():
        assert all(words.strip() for words in (figure.caption, figure.alt, figure.provenance))
        json.dumps(figure.spec, allow_nan=False)


def test_jacobians_are_drawn_over_all_draws_at_the_greatest_measured_length(made, read):
    rows = rows_of(drawn(read(made))["stretch"])
    assert {row["panel"] for row in rows} == {"adding, T = 120, before"}
    assert {row["series"] for row in rows} == {"tanh", "sigmoid", "ReLU", "linear", "LSTM", "GRU"}
    assert {row["n"] for row in rows} == {5}
    assert min(row["lag"] for row in rows) == 1


def test_the_radius_is_an_axis_of_its_own_and_never_the_gradient(made, read):
    """ln rho and ln sigma_max stand beside the measured rate; no figure of the gradient is made from them."""
    inputs = read(made)
    before = drawn(inputs)
    made.put("rates", "w_spectral_radius", 0.5)
    made.put("rates", "w_sigma_max", 3.0)
    after = drawn(read(made))
    assert {name for name in before if rows_of(before[name]) != rows_of(after[name])} == {"linear"}
    assert all(a["rate"] == b["rate"] for a, b in zip(rows_of(before["linear"]), rows_of(after["linear"]), strict=True))


def test_trained_exponents_are_called_what_they_are(made, read):
    figure = drawn(read(made))["spectrum"]
    assert "finite-time conditional exponents" in figure.caption
    ranks = {
        series: {row["fraction"] for row in rows_of(figure) if row["series"] == series} for series in ("LSTM", "GRU")
    }
    assert len(ranks["LSTM"]) == 2 * len(ranks["GRU"])
    assert all(max(of) == 1 for of in ranks.values())


def test_a_spectrum_is_that_of_networks_with_all_exponents(made, read):
    rows = rows_of(drawn(read(made))["spectrum"])
    assert {row["n"] for row in rows} == {3}
    assert "of the 2 draws that are not trained only the largest exponent" in drawn(read(made))["spectrum"].caption


def test_censored_horizons_are_marked(made, read):
    rows = rows_of(drawn(read(made))["horizon-steps"])
    assert {row["at"] for row in rows} >= {"start", "100", "trained"}
    assert {row["words"] for row in rows if "censored" in row and row["panel"] == "adding, T = 40"} == {"≥ 40"}


def test_factors_have_a_row_for_each_activation_and_phase(made, read):
    table = factors.two_factors(read(made), TASK)
    assert [row[:2] for row in table.rows][:2] == [("tanh", "before"), ("tanh", "after")]
    assert [row[0] for row in table.rows][::2] == ["tanh", "sigmoid", "ReLU", "linear"]
    made.put("rates", "polar_slopes", None, variant="relu")
    column = table.header.index("slopes alone")
    assert {row[column] for row in factors.two_factors(read(made), TASK).rows if row[0] == "ReLU"} == {"–"}


def test_gates_have_a_row_for_each_cell_and_length(made, read):
    table = factors.gate_paths(read(made), TASK)
    assert [row[:2] for row in table.rows] == [
        (cell, length) for cell in ("LSTM", "GRU") for length in ("T = 15", "T = 40")
    ]


def test_the_sensitivity_table_tells_all_moments_and_definitions(made, read):
    table = horizon.sensitivity(read(made), TASK)
    assert table.header == ("cell", "when", "10 %", "1 %", "0.1 %")
    assert "where there is one column for both, they are the same in every row" in table.caption
    assert [row[1] for row in table.rows if row[0] == "vanilla RNN"][:2] == ["start", "100 updates"]
    made.put("horizons", "horizon", 39, task=TASK, length=40, cell="gru", threshold=0.01, crossing="last")
    table = horizon.sensitivity(read(made), TASK)
    assert table.header[2:] == ("10 %", "1 %, first", "1 %, last", "0.1 %")
    assert all(len(row) == 6 for row in table.rows)
    made.put("horizons", "horizon", 39, task=TASK, length=40, cell="gru", crossing="last")
    table = horizon.sensitivity(read(made), TASK)
    assert len(table.header) == 8
    assert "one column for both" not in table.caption


def test_reference_cases_stand_in_the_order_of_their_numbers(made, read):
    table = reference.cases(read(made))
    assert [row[0] for row in table.rows] == ["A2", "A3", "A10"]
    assert {row[-1] for row in table.rows} == {"yes"}
    assert table.headings == tuple((i, f"{case}: {TITLES[case]}") for i, case in enumerate(("A2", "A3", "A10")))
    made.put("reference", "expected", 3.0, case="A3")
    assert reference.cases(read(made)).rows[1][2] == "3"


def test_cases_of_one_row_share_a_heading_and_stand_in_the_order_of_their_numbers(made, read):
    made.put("reference", "case", "A13")
    for i, delay in enumerate((1000, 200, 50)):
        made.columns["reference"]["statement"][i] = f"Delay {delay}."
    table = reference.cases(read(made))
    assert [row[1].split(".")[0] for row in table.rows] == ["Delay 50", "Delay 200", "Delay 1000"]
    assert table.headings == ((0, f"A13: {TITLES['A13']}"),)


def test_without_a_vanilla_cell_there_are_no_two_factors(printed):
    text = printed(study({TASK: [15]}, seeds=2, models=[("gru", "default")]))
    assert text["tables_of"]["two_factors"] == []
    assert text["sentences"]["two_factors"] == []
    assert text["figures_of"]["linear"] == []
    assert text["tables_of"]["gate_paths"] == ["gate-paths"]


def test_without_exponents_the_spectrum_is_left_out(made, printed):
    for column in ("lyapunov_max", "lyapunov_mean", "mean_slopes", "mean_weights"):
        made.put("rates", column, None)
    made.columns["spectra"] = {name: [] for name in made.columns["spectra"]}
    text = printed(made)
    assert text["figures_of"]["spectrum"] == []
    assert text["sentences"]["spectrum"] == []


def test_lengths_that_are_never_trained_have_rows_before_training_only(made, read):
    inputs = read(made)
    assert inputs.lengths(TASK) == [15, 40]
    assert inputs.measured_lengths(TASK) == [15, 40, 120]
    assert set(inputs.rates[inputs.rates.length == 120].phase) == {INIT}
    assert (inputs.seeds, inputs.draws) == ([0, 1, 2], [0, 1, 2, 3, 4])
