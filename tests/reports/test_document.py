"""Figures, tables and text follow the tables; nothing is printed that is not defined."""

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import reports
from reports import tables
from reports.document import document, figures
from reports.figures import gradient
from reports.load import load
from rnn.errors import StudyError
from tests.reports.synthetic import add_trouble, study

ONE = {"hello": [4], "adding": [6]}
TEXTS = sorted(Path(reports.__file__).parent.glob("text/*/*.typ"))


def test_one_changed_value_changes_sentence_table_and_figure(unchanged, made, read):
    drawn, printed = unchanged.drawn, unchanged.document
    made.put("runs", "value", 0.16, task="adding", cell="gru", length=40)
    made.put("runs", "skill", 0.04, task="adding", cell="gru", length=40)
    made.put("runs", "solved", False, task="adding", cell="gru", length=40)
    after = read(made)
    redrawn = figures(after)
    reprinted = document(after, redrawn)
    assert printed["sentences"]["solved"] != reprinted["sentences"]["solved"]
    assert printed["abstract"] != reprinted["abstract"]
    assert printed["tables"]["scores-adding"]["rows"] != reprinted["tables"]["scores-adding"]["rows"]
    assert printed["tables"]["solved"]["rows"] != reprinted["tables"]["solved"]["rows"]
    assert drawn["scores"][0].spec != redrawn["scores"][0].spec
    assert drawn["overview"][0].spec == redrawn["overview"][0].spec


def test_one_changed_gradient_changes_what_is_drawn(unchanged, made, read):
    drawn = unchanged.drawn["overview"][0]
    made.put("gradients", "log10_norm_q50", -1.234, task="adding", cell="gru", length=40, lag=20, phase="trained")
    assert gradient.by_cell(read(made)).spec != drawn.spec


@pytest.mark.parametrize("name", ["runs", "curves", "tuning", "gradients", "rates", "attribution", "decoded"])
def test_each_missing_column_is_named(made, tmp_path, name):
    made.write(tmp_path)
    file = tables.TABLES[name].file(tmp_path)
    whole = pq.read_table(file)
    for column in whole.column_names:
        pq.write_table(whole.drop_columns([column]), file)
        with pytest.raises(StudyError, match=f"'{column}' is missing in table {name}"):
            load(tmp_path)


@pytest.mark.parametrize("fact", ["commit", "configuration_sha256", "kernels", "left_out", "locks", "versions"])
def test_a_missing_fact_is_named(made, read, fact):
    del made.provenance[fact]
    with pytest.raises(StudyError, match=rf"provenance\.json has no '{fact}'"):
        read(made)


def test_a_missing_data_card_or_entry_is_named(made, read):
    del made.cards["co2"]["26"]["licence"]
    with pytest.raises(StudyError, match=r"data card of co2 at length 26 in .* has no 'licence'"):
        read(made)
    del made.cards["co2"]["26"]
    with pytest.raises(StudyError, match="no data card for co2 at length 26"):
        read(made)


def test_every_figure_and_table_has_its_words_and_its_origin(troubled_print):
    printed = troubled_print.document
    assert len(printed["figures"]) == sum(len(names) for names in printed["figures_of"].values()) > 20
    for figure in printed["figures"].values():
        assert all(figure[part].strip() for part in ("caption", "alt", "provenance"))
    for part in (*printed["figures"].values(), *printed["tables"].values()):
        networks = r"[\d,]+ (runs?|weight draws? before training)"
        assert re.search(
            rf"table (reference|\w+, {networks})[;,] .* configuration e{{12}}, commit a{{10}}|no run is involved\.$",
            part["provenance"],
        )
        assert part["caption"].strip()
    for table in printed["tables"].values():
        assert all(len(row) == len(table["header"]) for row in table["rows"])


def test_nothing_undefined_is_printed(troubled_print):
    text = json.dumps(troubled_print.document, allow_nan=False)
    assert not re.search(r"\b(nan|NaN|inf|None|null|Infinity)\b", text.replace("null-", ""))
    for of_section in troubled_print.drawn.values():
        for figure in of_section:
            json.dumps(figure.spec, allow_nan=False)


def test_every_run_that_diverged_or_was_not_solved_is_listed(troubled_print):
    listed = sum(int(row[4]) for row in troubled_print.document["tables"]["endings"]["rows"])
    runs = troubled_print.inputs.runs
    assert listed == len(runs[~runs.solved.eq(True) | (runs.status == "diverged")])


def test_one_seed_has_no_interval_and_says_so(printed):
    made = study(ONE, seeds=1)
    text = printed(made)
    assert text["sentences"]["interval"] == [
        "There is one seed, hence no interval after training. Bands and bars run over 3 weight draws before training "
        "from the smallest to the largest draw: such an interval covers the true median with a probability of 75 %, "
        "whatever the distribution."
    ]
    assert "(" not in "".join(text["tables"]["scores-adding"]["rows"][0][1:])


@pytest.mark.parametrize(
    "models", [[("gru", "default")], [("rnn", "default")], [("lstm", "default"), ("gru", "default")]]
)
def test_any_choice_of_cells_has_a_report(printed, models):
    text = printed(study(ONE, seeds=2, models=models))
    names = {"rnn": "vanilla RNN", "lstm": "LSTM", "gru": "GRU"}
    assert list(text["tables"]["reach"]["header"][2:]) == [names[cell] for cell, _ in models]


def test_a_cell_keeps_its_colour_whatever_stands_beside_it(read):
    spec = figures(read(study(ONE, seeds=1, models=[("gru", "default")])))["overview"][0].spec
    assert '"range": ["#009E73"]' in json.dumps(spec)


def test_trouble_does_not_stop_the_smallest_experiment(printed):
    text = printed(add_trouble(study(ONE, seeds=2, models=[("rnn", "default"), ("gru", "default")])))
    assert "1 run diverged" in " ".join(findings for _, findings in text["abstract"])


def test_a_figure_without_anything_defined_is_left_out(made, printed):
    for column in ("log10_norm_q25", "log10_norm_q50", "log10_norm_q75"):
        made.put("gradients", column, None)
    made.put("tuning", "valid_value", None)
    text = printed(made)
    assert not any(name.startswith(("gradient", "tuning")) for name in text["figures"])
    assert text["tables"]["reach"]["rows"][0][2:] == ("–",) * 3


def test_each_cell_is_described_by_what_it_has(unchanged):
    described = {(row[1], row[0]): row[2] for row in unchanged.document["tables"]["models"]["rows"]}
    assert described["vanilla RNN", "tanh"] == "tanh, Glorot weights"
    assert described["LSTM", "default"] == "Glorot weights, forget bias 1"
    assert described["GRU", "default"] == "Glorot weights, keep bias 1"


def test_mlflow_leaves_no_trace(read):
    made = study(ONE, seeds=1, models=[("rnn", "default"), ("gru", "default")])
    before = read(made)
    text = document(before, figures(before))
    del made.columns["mlflow"]
    after = read(made)
    assert document(after, figures(after)) == text


def test_no_semicolon_of_a_text_is_eaten():
    """Typst ends a code expression at a semicolon that follows it, and prints none."""
    found = {file.name: semicolons_after_code(file.read_text(encoding="utf-8")) for file in TEXTS}
    assert found == {file.name: [] for file in TEXTS}
    assert semicolons_after_code('now #m("a (b", $x)$)[c]; then #f(#g(x); y), #S.peak; and #f(x)\\;') == [
        '#m("a (b", $x)$)[c];',
        "#g(x);",
        "#S.peak;",
    ]


def semicolons_after_code(text: str) -> list[str]:
    """Return the code expressions that a semicolon follows at once, in the order of their ends."""
    blocks = r'(?:\((?:[^()"$]|"[^"]*"|\$[^$]*\$|\([^()]*\))*\)|\[[^\]]*\])'
    return re.findall(rf"#(?!let |set |show |import |include )[\w-]+(?:\.[\w-]+|{blocks})*;", text)


def test_tasks_that_were_left_out_are_told(made, printed):
    text = printed(made)
    assert text["sentences"]["left_out"] == []
    assert "left out" not in json.dumps([text["abstract"], text["sentences"]["design"]])
    sentences = ["“a” is left out: a.txt is missing.", "“b” is left out: b.txt is missing."]
    made.provenance["left_out"] = sentences[:1]
    said = printed(made)
    assert said["sentences"]["left_out"] == sentences[:1]
    assert "1 task was left out; the chapter on data says why." in said["sentences"]["design"]
    made.provenance["left_out"] = sentences
    assert printed(made)["abstract"][0][1].endswith("2 tasks were left out; the chapter on data says why.")


def test_a_card_says_which_simple_predictor_is_which_and_of_which_files(made, read):
    for card in made.cards["co2"].values():
        card["files"] = {"a.csv": "f" * 64, "b.txt": "b" * 64}
    inputs = read(made)
    card = next(card for card in document(inputs, {})["cards"] if card["task"] == "co2")
    assert list(card["header"][4:-1]) == ["persistence (trivial)", "seasonal naive", "autoregression (classical)"]
    assert [words for name, words in card["shared"] if name == "file"] == [
        f"a.csv, SHA-256 {'f' * 64}",
        f"b.txt, SHA-256 {'b' * 64}",
    ]
    assert {name for name, _ in card["shared"]} >= {"source", "licence", "input", "target", "example", "metric", "note"}
