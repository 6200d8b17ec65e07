"""The tables of the chapter on the lecture's forms."""

from __future__ import annotations

from collections.abc import Sequence

from reports.decoded import examples, shown_seeds
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, FORMS, axis, cell_name, form, quoted
from reports.numbers import counted, listed, significant
from reports.sentences.words import origin, the
from reports.summaries import baseline, score
from reports.tabulate.tabulation import NOTHING, Tabulation, and_interval, frozen, median_of, task_at

EMPTY = "nothing"


def forms(inputs: Inputs, tasks: Sequence[str]) -> Tabulation:
    """Tabulate tasks by form: what goes in and out, and scores at the greatest length."""
    rows, headings, emphasised = [], [], []
    for name in FORMS:
        of_form = [task for task in tasks if form(task) == name]
        if of_form:
            headings.append((len(rows), name))
        for task in of_form:
            length, card = inputs.longest(task), inputs.card(task)
            found = [score(inputs, Setting(task, cell, DEFAULT, length)) for cell in inputs.cells]
            ranks = [(s.rank, i) for i, s in enumerate(found) if s is not None and s.learned]
            first = [i for rank, i in ranks if rank == max(ranks)[0]]
            trivial, classical = baseline(inputs, task, length)
            emphasised += [(len(rows), 6 + i) for i in first if len(first) == 1]
            rows.append(
                [
                    task_at(task, length),
                    card["input"],
                    card["target"],
                    f"{card['metric']}{', ' + card['unit'] if card['unit'] else ''}",
                    significant(trivial),
                    NOTHING if classical is None else significant(classical),
                    *(NOTHING if s is None else median_of(s.value) for s in found),
                ]
            )
    return Tabulation(
        name="forms",
        caption="The forms of the lecture, each with its tasks at their greatest lengths: what goes in, what comes "
        "out, and the test score (lower is better) of the trivial and the classical predictor and, as median over "
        f"seeds{and_interval(inputs)}, of each cell. In bold is the best cell, as in the tables of scores.",
        header=(
            "task",
            "in",
            "out",
            "score",
            "trivial",
            "classical",
            *(cell_name(cell) for cell in inputs.cells),
        ),
        rows=frozen(rows),
        provenance=origin(inputs, "runs", int((inputs.runs.task.isin(tasks) & (inputs.runs.variant == DEFAULT)).sum())),
        n_labels=4,
        emphasised=tuple(emphasised),
        headings=tuple(headings),
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
                    f"{card['metric']}{', ' + card['unit'] if card['unit'] else ''}",
                    f"{card['trivial']}: {significant(card['baselines'][card['trivial']])}",
                ]
                for task, card in cards.items()
            ]
        ),
        provenance=origin(inputs, "runs", int(inputs.runs.task.isin(tasks).sum())),
        n_labels=6,
    )


def _judged(output: str | None, target: str) -> str:
    """Return an output, marked in words where it is wrong."""
    if output is None:
        return NOTHING
    return output if output == target else f"{output or EMPTY} (wrong)"
