"""The chapter on phase diagrams: boundaries by theory, exponents by size, and words that follow the table."""

import json
import math

import pytest

from reports import diagram, phase
from reports.diagram import Kind
from reports.figures import phase as phase_figures
from reports.sentences import phase as sentences
from reports.tabulate import phase as tables
from rnn.gradients.mean_field import critical_gain
from tests.reports.synthetic_phase import GAINS, LAGS, SEEDS

SIGMOID = Kind("sigmoid")


def rows_of(figure, kind):
    return [row for row in figure.spec["datasets"]["rows"] if row["kind"] == kind]


def test_every_figure_is_drawn_with_its_words_and_nothing_that_the_page_would_set_otherwise(made, read):
    found = [figure for of_section in phase.figures(read(made)).values() for figure in of_section]
    assert [figure.name for figure in found] == ["phase", "phase-exponents", "phase-gates"]
    for figure in found:
        assert all(words.strip() for words in (figure.caption, figure.alt, figure.provenance))
        text = json.dumps(figure.spec, allow_nan=False, ensure_ascii=False)
        assert not any(word in text for word in ("W_hh", "CO2", "λ_max", "σ_max", "L_T"))


def test_the_map_has_a_panel_an_activation_with_its_boundaries(made, read):
    figure = phase_figures.by_gain(read(made))
    rules = {(row["panel"], row["line"].split(" ")[0]): row["x"] for row in rows_of(figure, "rule")}
    assert rules == {
        ("tanh", "bound:"): 0.5,
        ("tanh", "onset"): 1,
        ("sigmoid", "bound:"): 2,
        ("sigmoid", "gain"): 4,
        ("sigmoid", "onset"): pytest.approx(10.1493, abs=1e-4),
        ("ReLU", "bound:"): 0.5,
        ("ReLU", "gain"): 1,
        ("ReLU", "onset"): pytest.approx(math.sqrt(2), abs=1e-4),
        ("linear", "bound:"): 0.5,
        ("linear", "onset"): 1,
    }
    cells = [row for row in rows_of(figure, "cell") if row["panel"] == "sigmoid"]
    assert len(cells) == len(GAINS["sigmoid", 0.0]) * (len(LAGS) - 1)
    assert all(row["x"] < row["gain"] < row["x_end"] and row["y"] < row["lag"] < row["y_end"] for row in cells)


def test_the_line_of_theory_has_the_factor_at_its_lag(made, read):
    line = [row for row in rows_of(phase_figures.by_gain(read(made)), "line") if row["panel"] == "linear"]
    assert {row["part"] for row in line} == {0, 1}
    assert all(abs(row["y"] * math.log(row["x"])) == pytest.approx(math.log(100), rel=1e-2) for row in line)


def test_a_gate_alone_has_the_factor_at_its_lag(made, read):
    line = rows_of(phase_figures.by_bias(read(made)), "line")
    assert {row["panel"] for row in line} == {"LSTM, forget gate", "GRU, keep gate"}
    assert all((1 / (1 + math.exp(-row["x"]))) ** row["y"] == pytest.approx(0.01) for row in line)


def test_the_onset_lies_where_the_median_changes_its_sign(made, read):
    assert diagram.measured_onset(read(made), Kind("linear"), 1000) == pytest.approx(1.003, abs=2e-3)
    for gain in GAINS["sigmoid", 0.0]:
        made.put("phase", "lyapunov_max", gain - 6.5, activation="sigmoid", size=1000, gain=gain)
    inputs = read(made)
    assert diagram.measured_onset(inputs, SIGMOID, 1000) == pytest.approx(6.5)
    assert "6.50 with sigmoid (theory 10.1)" in sentences.boundary(inputs, 1000)
    made.put("phase", "lyapunov_max", -1.0, activation="sigmoid", size=1000)
    inputs = read(made)
    assert diagram.measured_onset(inputs, SIGMOID, 1000) is None
    assert "sigmoid" not in sentences.boundary(inputs, 1000)
    assert [row[-1] for row in tables.onsets(inputs).rows if row[0] == "sigmoid"] == ["–"]


def test_what_fades_is_counted_beside_bound_and_onset(made, read):
    said = sentences.bound(read(made), 1000)
    assert said.startswith("Between bound and onset it fades in ")
    made.put("phase", "lyapunov_max", 0.5, activation="sigmoid", size=1000, gain=8.0, seed=0)
    after = sentences.bound(read(made), 1000)
    one, other = (int(text.split(" in ")[1].split(" of ")[0]) for text in (said, after))
    assert one - other == 1


def test_exponents_agree_within_their_band_or_the_text_says_so(made, read):
    inputs = read(made)
    found = sentences.known(inputs)
    assert {size for _, _, size in found} == {64, 1000}
    assert all(mean.agrees and mean.n == SEEDS for mean in found.values())
    assert "not " not in sentences.agreement(inputs)
    for seed in range(SEEDS):
        made.put(
            "phase", "lyapunov_max", 0.2 + 1e-4 * seed, activation="tanh", noise=0.0, gain=2.0, size=1000, seed=seed
        )
    inputs = read(made)
    assert sentences.agreement(inputs).endswith("9 of 10 means; not gain 2 with noise 0 at N = 1,000.")
    table = tables.theory(inputs)
    row = [row[:2] for row in table.rows].index(("2", "0"))
    assert (row, 3) in table.emphasised
    assert (row, 4) not in table.emphasised


def test_one_draw_has_no_standard_error(made, read):
    columns = made.columns["phase"]
    keep = made.rows("phase", seed=0)
    made.columns["phase"] = {name: [values[i] for i in keep] for name, values in columns.items()}
    mean = diagram.mean(read(made), Kind("tanh"), 2.0, 64)
    assert (mean.n, math.isnan(mean.error), mean.allowed) == (1, True, diagram.PER_SIZE / 64)


def test_noise_steadies_or_the_text_does_not_say_so(made, read):
    assert sentences.noise_moves(read(made)).startswith("Noise steadies: in tanh networks of 1,000 units")
    made.put("phase", "lyapunov_max", 1.0, activation="tanh", noise=1.0)
    made.put("phase", "lyapunov_max", -1.0, activation="tanh", noise=1.0, gain=1.0)
    for gain, value in ((0.5, -1.0), (1.0, -1.0), (1.2, -1.0), (1.5, -0.5), (2.0, 0.5), (3.0, 1.0)):
        made.put("phase", "lyapunov_max", value, activation="tanh", noise=0.0, gain=gain)
    assert sentences.noise_moves(read(made)).startswith("Noise moves the onset: ")


def test_gates_grow_where_the_interval_says_so(made, read):
    lstm, gru = sentences.gates(read(made))
    assert lstm.endswith("its interval is above zero at 4 and 5: there the untrained cell lets the gradient grow.")
    assert gru.endswith("it rises with every step of the bias, and its interval is above zero at no bias.")
    made.put("phase", "lyapunov_max", -3.0, activation="gru", gain=4.0)
    assert "it does not rise with every step of the bias" in sentences.gates(read(made))[1]


def test_a_gradient_of_exactly_zero_ranks_below_every_number(made, read):
    made.put("phase", "log10_norm", None, activation="relu", lag=200)
    made.put("phase", "lyapunov_max", None, activation="relu", gain=0.7)
    inputs = read(made)
    norms = diagram.norms(inputs, Kind("relu"), 1000)
    assert set(norms[norms.lag == 200]["median"]) == {-math.inf}
    json.dumps(phase_figures.by_gain(inputs).spec, allow_nan=False)
    json.dumps(phase_figures.exponents(inputs).spec, allow_nan=False)


def test_the_theory_in_the_figures_is_that_of_the_table(made, read):
    inputs = read(made)
    made.put("phase", "theory", 9.0)
    after = read(made)
    one, other = (rows_of(phase_figures.exponents(found), "measured") for found in (inputs, after))
    assert [row["median"] for row in one] != [row["median"] for row in other]
    assert Kind("tanh", 1.0).onset == critical_gain("tanh", 1.0)


def test_without_random_networks_the_chapter_has_gates_alone(made, printed):
    columns = made.columns["phase"]
    keep = [i for i, name in enumerate(columns["activation"]) if name in ("lstm", "gru")]
    made.columns["phase"] = {name: [values[i] for i in keep] for name, values in columns.items()}
    text = printed(made)
    assert text["figures_of"]["phase_map"] == text["tables_of"]["phase_theory"] == []
    assert text["figures_of"]["phase_gates"] == ["phase-gates"]
    assert text["sentences"]["phase_boundary"] == text["sentences"]["phase_theory"] == []
