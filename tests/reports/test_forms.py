"""The chapter on the lecture's forms: its table, whole outputs, decoded examples, the memoryless predictor."""

import json
from collections.abc import Callable

import pytest

from reports import forms as chapter
from reports.decoded import examples, median_seed, shown_seeds
from reports.document import document
from reports.inputs import Inputs, Setting
from reports.sentences import forms
from reports.tabulate import forms as form_tables
from tests.reports.form_cases import LENGTHS, every_form
from tests.reports.synthetic import Synthetic, study

Read = Callable[[Synthetic], Inputs]
CAPTION = {"task": "caption"}


@pytest.fixture
def made() -> Synthetic:
    return every_form()


def test_tasks_stand_by_form_in_the_order_of_the_lecture(made: Synthetic, read: Read) -> None:
    table = form_tables.forms(read(made), list(LENGTHS))
    assert [words for _, words in table.headings] == ["one-to-one", "many-to-one", "one-to-many", "many-to-many"]
    assert [row[0].split(",")[0] for row in table.rows] == [
        *("point", "adding", "adding-hs97", "order", "speech", "caption", "ball", "translate")
    ]
    assert [at for at, _ in table.headings] == [0, 1, 5, 6]
    assert table.rows[1][0] == "adding, T = 40"
    assert table.rows[0][1:] == ("1 values", "a number", "error rate")
    scores = form_tables.scores(read(made), list(LENGTHS))
    assert scores.headings == table.headings
    assert [row[0] for row in scores.rows] == [row[0] for row in table.rows]
    assert scores.rows[5][1:3] == ("0.900", "0.0400")
    assert scores.rows[1][2] == "–"


def test_the_best_cell_alone_is_in_bold(made: Synthetic, read: Read) -> None:
    made.put("runs", "value", 0.01, task="point")
    made.put("runs", "value", 0.005, task="point", cell="gru")
    made.put("runs", "value", 0.9, task="speech")
    bold = form_tables.scores(read(made), list(LENGTHS)).emphasised
    assert [column for row, column in bold if row == 0] == [5]
    assert [column for row, column in bold if row == 4] == []


def test_who_beats_the_trivial_predictor(made: Synthetic, read: Read) -> None:
    assert forms.against_trivial(read(made), ["point", "caption"]) == (
        "The cell with the best median beats the trivial predictor on each of the 2 tasks."
    )
    assert forms.against_trivial(read(made), ["point"]) == (
        "The cell with the best median beats the trivial predictor on “point”."
    )
    made.put("runs", "value", 0.9, **CAPTION)
    assert forms.against_trivial(read(made), ["point", "caption"]) == (
        "The cell with the best median beats the trivial predictor on “point”, and not on “caption”."
    )
    assert forms.against_trivial(read(made), ["caption"]) == (
        "No cell’s median beats the trivial predictor on “caption”."
    )


def test_who_beats_the_classical_predictor(made: Synthetic, read: Read) -> None:
    tasks = ["adding", "point", "caption", "speech"]
    for task in tasks[1:]:
        made.put("runs", "value", 0.001, task=task)
    assert forms.against_classical(read(made), ["adding"]) == ""
    assert forms.against_classical(read(made), tasks) == (
        "The best cell beats the classical predictor on “point”, “caption” and “speech”."
    )
    made.put("runs", "value", 0.04, **CAPTION)
    assert forms.against_classical(read(made), tasks) == (
        "The classical predictor and the best cell are not to be told apart on “caption”; the best cell beats it on "
        "“point” and “speech”."
    )
    made.put("runs", "value", 0.4, task="point")
    assert forms.against_classical(read(made), tasks) == (
        "The classical predictor beats every cell’s median on “point”; it and the best cell are not to be told apart "
        "on “caption”; the best cell beats it on “speech”."
    )
    assert forms.against_classical(read(made), ["point", "speech"]) == (
        "The classical predictor beats every cell’s median on “point”; the best cell beats it on “speech”."
    )


def test_whole_outputs_and_single_characters(made: Synthetic, read: Read) -> None:
    for cell, wrong in (("rnn", 0.25), ("lstm", 0.0), ("gru", 0.0004)):
        made.put("runs", "value", wrong, **CAPTION, cell=cell)
        made.put("runs", "symbol_errors", wrong / 10, **CAPTION, cell=cell)
    said = forms.whole_outputs(read(made), "caption")
    assert said == (
        "On “A digit’s image to the letters of its name” at T = 6 the median share of outputs that are right as a "
        "whole is 75.0 % with the vanilla RNN, 100.0 % with the LSTM and above 99.9 % with the GRU. Of single "
        "characters, each written after right ones, 2.5 % with the vanilla RNN, 0.0 % with the LSTM and below 0.1 % "
        "with the GRU are wrong."
    )
    made.put("runs", "symbol_errors", None)
    assert forms.whole_outputs(read(made), "caption") == said[: said.index(" Of single")]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"rnn": 0.018, "lstm": 0.01, "gru": 0.03},
            "The LSTM does better than memoryless map. The vanilla RNN and the LSTM do better than persistence.",
        ),
        (
            {"rnn": 0.001, "lstm": 0.01, "gru": 0.001},
            "Each of the 3 cells does better than memoryless map. Each of the 3 cells does better than persistence.",
        ),
        (
            {"rnn": 0.02, "lstm": 0.02, "gru": 0.02},
            "No cell does better than memoryless map. No cell does better than persistence.",
        ),
    ],
)
def test_a_function_of_the_present_position(made: Synthetic, read: Read, values: dict[str, float], said: str) -> None:
    for cell, value in values.items():
        made.put("runs", "value", value, task="ball", cell=cell, length=20)
    found = forms.memoryless(read(made), "ball")
    assert found.endswith(f"it is 0.0150 with memoryless map and 0.0200 with persistence. {said}")
    assert found.startswith("On “A ball in a box, next position” at T = 20 the median mean squared error of a coordi")


def test_the_seed_that_is_shown_has_the_median_score(made: Synthetic, read: Read) -> None:
    for seed, value in enumerate((0.3, 0.1, 0.2)):
        made.put("runs", "value", value, **CAPTION, cell="gru", seed=seed)
    setting = Setting("caption", "gru", "default", 6)
    assert median_seed(read(made), setting) == 2
    made.put("runs", "value", 0.1, **CAPTION, cell="gru", seed=2)
    assert median_seed(read(made), setting) == 2
    made.put("runs", "value", 0.1, **CAPTION, cell="gru")
    assert median_seed(read(made), setting) == 1
    assert shown_seeds(read(made), "ball") == {}


def test_examples_hold_what_was_read_and_written(made: Synthetic, read: Read) -> None:
    for cell in ("rnn", "lstm", "gru"):
        made.put("runs", "value", 0.1, task="translate", cell=cell)
        made.put("runs", "value", 0.2, task="translate", cell=cell, seed=2)
        made.put("runs", "value", 0.05, task="translate", cell=cell, seed=1)
    found = examples(read(made), "translate")
    assert [(example.sentence, example.source, example.target) for example in found] == [
        (7, "이십", "twenty"),
        (31, "오천삼", "five thousand three"),
    ]
    assert found[1].outputs == {
        "rnn": "five thousand thre",
        "lstm": "five thousand three",
        "gru": "five thousand three",
    }


def test_wrong_outputs_are_marked_in_words(made: Synthetic, read: Read) -> None:
    for task in ("caption", "translate"):
        made.put("runs", "value", 0.1, task=task)
        made.put("runs", "value", 0.01, task=task, seed=1)
        made.put("runs", "value", 0.9, task=task, seed=2)
    table = form_tables.decoded(read(made), "caption")
    assert table.rows == (
        ("number 5", "three", "three", "three", "three"),
        ("number 90", "six", "si (wrong)", "six", "six"),
    )
    assert table.header[:2] == ("test sequence", "target")
    assert "(seeds 0 of the vanilla RNN, 0 of the LSTM and 0 of the GRU)" in table.caption
    assert table.caption.endswith("are 1 with the vanilla RNN, 2 with the LSTM and 2 with the GRU.")
    for letter in range(3):
        where = {"sentence": 90, "position": letter, "key": "caption/gru/default/6/0"}
        made.put("decoded", "output", None, **where)
    assert form_tables.decoded(read(made), "caption").rows[1][4] == "nothing (wrong)"
    assert form_tables.decoded(read(made), "translate").header[0] == "read"
    assert form_tables.decoded(read(made), "ball") is None


def test_an_output_longer_than_its_target_is_wrong(made: Synthetic, read: Read) -> None:
    for seed in range(3):
        row = {"sentence": 5, "position": 5, "target": None, "output": "s", "key": f"caption/gru/default/6/{seed}"}
        for name, value in row.items():
            made.columns["decoded"][name].append(value)
    assert form_tables.decoded(read(made), "caption").rows[0][4] == "threes (wrong)"


def test_a_part_without_data_is_left_out(made: Synthetic, read: Read) -> None:
    inputs = read(study({"adding": [20], "order": [20]}, seeds=1))
    assert {name: list(found) for name, found in chapter.sentences(inputs).items()} == {
        "forms": [],
        "forms_whole": [],
        "forms_memoryless": [],
    }
    assert not any(chapter.tables(inputs).values())
    found = chapter.tables(read(made))
    assert [table.name for table in found["decoded"] if table] == ["decoded-caption", "decoded-translate"]
    assert [len(texts) for texts in chapter.sentences(read(made)).values()] == [2, 2, 1]


def test_tasks_of_one_name_are_told_apart_by_their_cards(made: Synthetic, read: Read) -> None:
    made.cards["adding-hs97"]["40"]["notes"] = "solved where no error is 0.04 or more"
    inputs = read(made)
    assert chapter.namesakes(inputs) == ["adding", "adding-hs97"]
    table = form_tables.namesakes(inputs, chapter.namesakes(inputs))
    assert [row[0] for row in table.rows] == ["adding, T = 40", "adding-hs97, T = 40"]
    assert table.rows[1][2] == "solved where no error is 0.04 or more"
    assert table.rows[1][5] == "constant 0.5: 0.0417"


def test_korean_is_printed_in_latin_letters(made: Synthetic, read: Read) -> None:
    inputs = read(made)
    printed = document(inputs, {})
    assert printed["romanised"]
    assert printed["tables"]["decoded-translate"]["rows"][0][0] == "i-sib"
    assert not document(read(study({"adding": [20]}, seeds=1)), {})["romanised"]
    assert "이" not in json.dumps(printed, ensure_ascii=False)
