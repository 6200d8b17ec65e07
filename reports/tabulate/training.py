"""Tables of how the runs went: scores over the grid of learning rates, and how runs ended."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports.inputs import Inputs
from reports.names import at_length, model_name
from reports.numbers import learning_rate, ranges, significant
from reports.sentences.training import STOP_WORDS
from reports.sentences.words import origin
from reports.summaries import chosen_rate, ordered_stops
from reports.tabulate.tabulation import NOTHING, Tabulation, frozen, task_at

ALL = "all models"


def tuning(inputs: Inputs, family: str) -> Tabulation:
    """Tabulate the validation scores of every rate of the grid for a family's tasks, the chosen ones in bold."""
    tasks = inputs.families[family]
    of_family = inputs.tuning[inputs.tuning.task.isin(tasks)]
    grid = sorted(set(of_family.learning_rate))
    rows, emphasised = [], []
    for task in tasks:
        of_task = of_family[of_family.task == task]
        tuned = int(of_task.length.iloc[0]) if len(of_task) else inputs.longest(task)
        for cell, variant in inputs.models_on(task):
            of_model = of_task[(of_task.cell == cell) & (of_task.variant == variant)]
            row = [task_at(task, tuned), model_name(cell, variant)]
            for column, rate in enumerate(grid, start=2):
                values = of_model[of_model.learning_rate == rate].valid_value
                failed = int(values.isna().sum())
                known = ", ".join(significant(value) for value in sorted(values.dropna()))
                row.append("; ".join(filter(None, [known, f"{failed} not finite" if failed else ""])) or NOTHING)
                if rate == chosen_rate(inputs, task, cell, variant):
                    emphasised.append((len(rows), column))
            rows.append(row)
    return Tabulation(
        name=f"tuning-{family.replace(' ', '-')}",
        caption=f"Validation scores on the tasks of the family “{family}” at every learning rate of the grid and the "
        "length at which it was chosen, one number a tuning seed; the chosen rate is set in bold.",
        header=("task", "model", *(learning_rate(rate) for rate in grid)),
        rows=frozen(rows),
        provenance=origin(inputs, "tuning", len(of_family)),
        n_labels=2,
        emphasised=tuple(emphasised),
    )


def endings(inputs: Inputs) -> Tabulation:
    """Tabulate the runs that were not solved or diverged, with their seeds.

    Of a task without a criterion the runs that used up their budget, as they should, share one row.
    """
    runs = inputs.runs
    left = runs[~runs.solved.eq(True) | (runs.status == "diverged")]
    rows = []
    for task in inputs.tasks:
        of_task = left[left.task == task]
        judged = inputs.solved_below(task)
        how = "not solved" if judged else "no criterion"
        as_planned = of_task[(of_task.stopped_by == "budget") & (not judged)]
        if len(as_planned):
            rows.append(_row(as_planned, ALL, f"{how}, {STOP_WORDS['budget']}", NOTHING))
        others = of_task.drop(as_planned.index)
        for cell, variant in inputs.models:
            of_model = others[(others.cell == cell) & (others.variant == variant)]
            for stop in ordered_stops(set(of_model.stopped_by)):
                found = of_model[of_model.stopped_by == stop]
                ended = "diverged" if stop == "diverged" else f"{how}, {STOP_WORDS.get(stop, stop)}"
                rows.append(_row(found, model_name(cell, variant), ended, _which(task, found)))
    return Tabulation(
        name="endings",
        caption="How the runs ended that diverged or were not solved; of tasks without a criterion the runs that used "
        "up their budget share one row.",
        header=("task", "model", "ended", "length: seeds", "runs", "updates"),
        rows=frozen(rows),
        provenance=origin(inputs, "runs", len(left)),
        n_labels=4,
    )


def _row(found: pd.DataFrame, model: str, ended: str, which: str) -> Sequence[str]:
    low, high = found.steps.min(), found.steps.max()
    steps = f"{low:,}" if low == high else f"{low:,}–{high:,}"
    return [found.task.iloc[0], model, ended, which, f"{len(found):,}", steps]


def _which(task: str, found: pd.DataFrame) -> str:
    return "; ".join(f"{at_length(task, length)}: {ranges(of)}" for length, of in found.groupby("length").seed)
