"""The tables of the chapter on the lecture's forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.decoded import examples, shown_seeds
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, FORMS, axis, cell_name, form, quoted
from reports.numbers import counted, listed, significant
from reports.sentences.words import origin, the
from reports.summaries import baseline, score
from reports.tabulate.tabulation import NOTHING, Tabulation, and_interval, frozen, median_of, task_at

EMPTY = "nothing"


def forms(inputs: Inputs, tasks: Sequence[str]) -> Tabulation:
    """Tabulate tasks by form: what goes in and what comes out."""
    ordered, headings = _by_form(tasks)
    cards = {task: inputs.card(task) for task in ordered}
    return Tabulation(
        name="forms",
        caption="The forms of the lecture and their tasks at the greatest lengths: what goes in, what is asked for, "
        "and how the test score is counted (lower is better).",
        header=("task", "in", "out", "score"),
        rows=frozen(
            [[task_at(task, inputs.longest(task)), c["input"], c["target"], _metric(c)] for task, c in cards.items()]
        ),
        provenance=origin(inputs, "runs", _n_defaults(inputs, tasks)),
        n_labels=4,
        headings=headings,
    )


def scores(inputs: Inputs, tasks: Sequence[str]) -> Tabulation:
    """Tabulate the test scores at the greatest length, by form, beside those of the simple predictors."""
    ordered, headings = _by_form(tasks)
    rows, emphasised = [], []
    for task in ordered:
        length = inputs.longest(task)
        found = [score(inputs, Setting(task, cell, DEFAULT, length)) for cell in inputs.cells]
        ranks = [(s.rank, i) for i, s in enumerate(found) if s is not None and s.learned]
        first = [i for rank, i in ranks if rank == max(ranks)[0]]
        emphasised += [(len(rows), 3 + i) for i in first if len(first) == 1]
        simple = [NOTHING if value is None else significant(value) for value in baseline(inputs, task, length)]
        medians = [NOTHING if s is None else median_of(s.value) for s in found]
        rows.append([task_at(task, length), *simple, *medians])
    return Tabulation(
        name="form-scores",
        caption="Test scores by form, at the greatest length of each task (lower is better): of the trivial and the "
        f"classical predictor and, as median over seeds{and_interval(inputs)}, of each cell. In bold is the best cell: "
        "the one with most seeds solved where the task has a criterion, else that with the best median; none where "
        "several share the first place or no cell learned the task.",
        header=("task", "trivial", "classical", *(cell_name(cell) for cell in inputs.cells)),
        rows=frozen(rows),
        provenance=origin(inputs, "runs", _n_defaults(inputs, tasks)),
        emphasised=tuple(emphasised),
        headings=headings,
    )


def decoded(inputs: Inputs, task: str) -> Tabulation | None:
    """Tabulate what one seed of each cell writes for some test sequences; None where nothing was written."""
    seeds = shown_seeds(inputs, task)
    if not seeds:
        return None
    found = examples(inputs, task)
    read = any(example.source for example in found)
    rows = [
        [
            example.source if read else f"number {example.sentence}",
            example.target,
            *(_judged(example.outputs.get(cell), example.target) for cell in seeds),
        ]
        for example in found
    ]
    right = [
        f"{sum(example.outputs.get(cell) == example.target for example in found)} with {the(cell)}" for cell in seeds
    ]
    which = [f"{seed} of {the(cell)}" for cell, seed in seeds.items()]
    length = inputs.longest(task)
    return Tabulation(
        name=f"decoded-{task}",
        caption=f"What networks write on {quoted(task)} at {axis(task)} = {length} for "
        f"{counted(len(found), 'sequence')} of the test set, each with the seed whose score is the median of its "
        f"cell’s (seeds {listed(which)}). What differs from the target is marked as wrong. Right as a whole are "
        f"{listed(right)}.",
        header=("read" if read else "test sequence", "target", *(cell_name(cell) for cell in seeds)),
        rows=frozen(rows),
        provenance=origin(inputs, "decoded", len(seeds)),
        n_labels=2 + len(seeds),
    )


def namesakes(inputs: Inputs, tasks: Sequence[str]) -> Tabulation:
    """Tabulate tasks that share a name: what their data cards say of what differs."""
    cards = {task: inputs.card(task) for task in tasks}
    return Tabulation(
        name="namesakes",
        caption="Tasks that are called the adding problem, at their greatest lengths, as their data cards describe "
        "them: what goes in, where the markers stand and when a run is solved, the target, how the test score is "
        "counted, and the trivial predictor with its score.",
        header=("task", "in", "markers and success", "target", "score", "trivial predictor"),
        rows=frozen(
            [
                [
                    task_at(task, inputs.longest(task)),
                    card["input"],
                    card["notes"],
                    card["target"],
                    _metric(card),
                    f"{card['trivial']}: {significant(card['baselines'][card['trivial']])}",
                ]
                for task, card in cards.items()
            ]
        ),
        provenance=origin(inputs, "runs", int(inputs.runs.task.isin(tasks).sum())),
        n_labels=6,
    )


def _by_form(tasks: Sequence[str]) -> tuple[list[str], tuple[tuple[int, str], ...]]:
    """Return tasks by form, in the order of the lecture, and the forms as headings."""
    of_form = {name: [task for task in tasks if form(task) == name] for name in FORMS}
    ordered = [task for found in of_form.values() for task in found]
    return ordered, tuple((ordered.index(found[0]), name) for name, found in of_form.items() if found)


def _n_defaults(inputs: Inputs, tasks: Sequence[str]) -> int:
    """Return how many runs of the cells' defaults the greatest lengths of some tasks have."""
    return sum(
        len(inputs.runs_of(Setting(task, cell, DEFAULT, inputs.longest(task))))
        for task in tasks
        for cell in inputs.cells
    )


def _metric(card: Mapping[str, Any]) -> str:
    """Return a metric with its unit."""
    return f"{card['metric']}{', ' + card['unit'] if card['unit'] else ''}"


def _judged(output: str | None, target: str) -> str:
    """Return an output, marked in words where it is wrong."""
    if output is None:
        return NOTHING
    return output if output == target else f"{output or EMPTY} (wrong)"
