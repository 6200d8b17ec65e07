"""The chapter on every form of the lecture: which tables and sentences it has; a part without data has none."""

from __future__ import annotations

from collections.abc import Sequence

from reports.inputs import Inputs
from reports.names import FORMS, OTHER_FAMILY, SHARED_NAMES, family, form, shared_name
from reports.sentences import forms
from reports.tabulate import Tabulation
from reports.tabulate import forms as form_tables

BALL = "ball"


def tasks_by_form(inputs: Inputs) -> list[str]:
    """Return the tasks whose form is known; none where no task is there for its form's sake."""
    found = [task for task in inputs.tasks if form(task) in FORMS]
    return found if any(family(task) == OTHER_FAMILY for task in found) else []


def written(inputs: Inputs) -> list[str]:
    """Return the tasks that are scored by whole outputs."""
    return [task for task in inputs.tasks if inputs.card(task)["scored_by"] == "sequences"]


def namesakes(inputs: Inputs) -> list[str]:
    """Return the tasks that share a name; none where there is one."""
    found = [task for task in inputs.tasks if shared_name(task) in SHARED_NAMES]
    return found if len(found) > 1 else []


def tables(inputs: Inputs) -> dict[str, Sequence[Tabulation | None]]:
    """Return the chapter's tables by section, and that of tasks with one name, which stands with the data."""
    by_form, shared = tasks_by_form(inputs), namesakes(inputs)
    return {
        "forms": [form_tables.forms(inputs, by_form)] if by_form else [],
        "form_scores": [form_tables.scores(inputs, by_form)] if by_form else [],
        "decoded": [form_tables.decoded(inputs, task) for task in written(inputs)],
        "namesakes": [form_tables.namesakes(inputs, shared)] if shared else [],
    }


def sentences(inputs: Inputs) -> dict[str, list[str]]:
    """Return the chapter's findings by their place; a part without any is left out of the text."""
    by_form = tasks_by_form(inputs)
    return {
        "forms": [forms.against_trivial(inputs, by_form), forms.against_classical(inputs, by_form)] if by_form else [],
        "forms_whole": [forms.whole_outputs(inputs, task) for task in written(inputs)],
        "forms_memoryless": [forms.memoryless(inputs, BALL)] if BALL in inputs.tasks else [],
    }
