"""Tables of how the runs went: scores over the grid of learning rates, and how runs ended."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports.inputs import Inputs
from reports.names import DEFAULT, at_length, cell_name, model_name
from reports.numbers import counted, learning_rate, ranges, significant
from reports.sentences.training import STOP_WORDS
from reports.sentences.words import origin
from reports.summaries import ordered_stops
from reports.tabulate.tabulation import NOTHING, Tabulation, frozen, task_at

ALL = "all models"


def tuning(inputs: Inputs, family: str) -> Tabulation:
    """Tabulate the validation scores of every rate of the grid for a family's tasks, the chosen ones in bold."""
    tasks = inputs.families[family]
    of_family = inputs.tuning[inputs.tuning.task.isin(tasks)]
    grid = sorted(set(of_family.learning_rate))
    rows, emphasised, headings = [], [], []
    for task in tasks:
        of_task = of_family[of_family.task == task]
        for tuned in sorted(set(of_task.length)):
            headings.append((len(rows), task_at(task, tuned)))
            for cell, variant in inputs.models_on(task):
                of_model = of_task[(of_task.length == tuned) & (of_task.cell == cell) & (of_task.variant == variant)]
                if of_model.empty:
                    continue
                row = [model_name(cell, variant)]
                for column, rate in enumerate(grid, start=1):
                    of_rate = of_model[of_model.learning_rate == rate]
                    row.append(_tried(of_rate.valid_value))
                    if of_rate.chosen.any():
                        emphasised.append((len(rows), column))
                rows.append(row)
    return Tabulation(
        name=f"tuning-{family.replace(' ', '-')}",
        caption=f"Validation scores on the tasks of the family “{family}” at every learning rate of the grid and "
        "every length at which rates were chosen, one number a tuning seed; the chosen rate is set in bold.",
        header=("model", *(learning_rate(rate) for rate in grid)),
        rows=frozen(rows),
        provenance=origin(inputs, "tuning", len(of_family)),
        emphasised=tuple(emphasised),
        headings=tuple(headings),
    )


def endings(inputs: Inputs) -> Tabulation:
    """Tabulate the runs that were not solved or diverged, with their seeds.

    Of a task without a criterion the runs that used up their budget, as they should, share one row, and so do the runs
    of a cell's variants that ended alike without diverging.
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
        named = others[(others.variant == DEFAULT) | (others.status == "diverged")]
        for cell, variant in inputs.models_on(task):
            of_model = named[(named.cell == cell) & (named.variant == variant)]
            for stop in ordered_stops(set(of_model.stopped_by)):
                found = of_model[of_model.stopped_by == stop]
                ended = "diverged" if stop == "diverged" else f"{how}, {STOP_WORDS.get(stop, stop)}"
                rows.append(_row(found, model_name(cell, variant), ended, _which(task, found)))
        alike = others.drop(named.index)
        for cell in inputs.cells:
            of_cell = alike[alike.cell == cell]
            for stop in ordered_stops(set(of_cell.stopped_by)):
                found = of_cell[of_cell.stopped_by == stop]
                whose = f"{cell_name(cell)}, {counted(found.variant.nunique(), 'variant')}"
                rows.append(_row(found, whose, f"{how}, {STOP_WORDS.get(stop, stop)}", NOTHING))
    return Tabulation(
        name="endings",
        caption="How the runs ended that diverged or were not solved; of tasks without a criterion the runs that used "
        "up their budget share one row, and everywhere the runs of a cell’s variants that ended alike.",
        header=("task", "model", "ended", "length: seeds", "runs", "updates"),
        rows=frozen(rows),
        provenance=origin(inputs, "runs", len(left)),
        n_labels=4,
    )


def _tried(values: pd.Series) -> str:
    """Return the scores of one rate, and how many are not finite."""
    failed = int(values.isna().sum())
    known = ", ".join(significant(value) for value in sorted(values.dropna()))
    return "; ".join(filter(None, [known, f"{failed} not finite" if failed else ""])) or NOTHING


def _row(found: pd.DataFrame, model: str, ended: str, which: str) -> Sequence[str]:
    low, high = found.steps.min(), found.steps.max()
    steps = f"{low:,}" if low == high else f"{low:,}–{high:,}"
    return [found.task.iloc[0], model, ended, which, f"{len(found):,}", steps]


def _which(task: str, found: pd.DataFrame) -> str:
    return "; ".join(f"{at_length(task, length)}: {ranges(of)}" for length, of in found.groupby("length").seed)
