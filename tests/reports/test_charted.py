"""Figures of many tasks leave out what would flood them, and say so; tables have every task."""

import pytest

from reports.figures import gradient, score, training
from reports.figures.figure import TWO_COLUMNS, columns_of
from reports.inputs import Inputs
from reports.load import load
from reports.sentences import study as study_sentences
from reports.sentences.words import every_task
from reports.tabulate import gradient as gradient_tables
from tests.reports.form_cases import LENGTHS, every_form
from tests.reports.synthetic import study


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return load(every_form().write(tmp_path_factory.mktemp("forms")))


def tasks_of(figure) -> set[str]:
    return {row["panel"].split(",")[0] for row in figure.spec["datasets"]["rows"]}


def test_other_forms_and_further_tasks_of_one_name_have_no_panel(inputs):
    assert inputs.charted == ["adding", "ball", "order"]
    assert every_task(inputs) == "every task but “adding-hs97”, “point”, “speech”, “caption” and “translate”"
    for figure in (score.by_cell(inputs), training.curves(inputs), training.tuning(inputs)):
        assert tasks_of(figure) == set(inputs.charted)
        assert "task but “adding-hs97”" in figure.caption
    assert tasks_of(gradient.by_task(inputs, "init")) == set(inputs.charted)
    assert tasks_of(gradient.by_length(inputs, "time series")) == {"adding", "ball"}
    assert gradient.by_length(inputs, "other forms") is None


def test_tables_have_every_task(inputs):
    assert {row[0].split(",")[0] for row in gradient_tables.reach(inputs).rows} == set(LENGTHS)


@pytest.mark.parametrize("tasks", [["caption", "speech"], ["adding-hs97"], ["adding", "order"]])
def test_nothing_is_left_out_where_nothing_else_is_there(tasks, read):
    made = study({task: LENGTHS[task] for task in tasks}, seeds=1)
    found = read(made)
    assert found.charted == found.tasks
    assert every_task(found, "each") == "each task"


@pytest.mark.parametrize(("n", "columns"), [(1, 2), (TWO_COLUMNS, 2), (TWO_COLUMNS + 1, 3)])
def test_many_panels_stand_closer(n, columns):
    assert columns_of(["panel"] * n) == columns


def test_the_summary_gives_the_titles_of_few_tasks(inputs, monkeypatch):
    assert "; other forms: “point” (Which of two half circles is a point of?), “speech” (" in study_sentences.in_short(
        inputs
    )
    monkeypatch.setattr(study_sentences, "FEW_TASKS", len(inputs.tasks) - 1)
    assert "; other forms: “point”, “speech”, “caption” and “translate”." in study_sentences.in_short(inputs)
