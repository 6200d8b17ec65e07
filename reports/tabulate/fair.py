"""Tables of a fair comparison: as many parameters, a longer budget, and when tasks are solved."""

from __future__ import annotations

import math

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, cell_name, model_name
from reports.numbers import significant, with_interval
from reports.sentences.fair import LONG, LSTM
from reports.sentences.words import origin
from reports.statistics import Spread
from reports.summaries import score
from reports.survival import MATCHED, compared, comparisons, judged, times
from reports.tabulate.tabulation import NOTHING, Tabulation, and_interval, frozen, median_of, task_at
from rnn.variants import VARIANTS

SIDES = {1: "the first", -1: "the second", 0: "not seen"}


def matched(inputs: Inputs) -> Tabulation | None:
    """Tabulate networks with as many parameters as an LSTM beside those with as many units; None where none has."""
    rows, n_runs = [], 0
    for task in inputs.tasks:
        for length in inputs.lengths(task):
            models = inputs.models_at(task, length)
            cells = [cell for cell, variant in models if variant == MATCHED]
            shown = [m for m in models if m[1] in (DEFAULT, MATCHED) and (m[0] in cells or m == (LSTM, DEFAULT))]
            for model in shown if cells else []:
                setting = Setting(task, *model, length)
                s = score(inputs, setting)
                assert s is not None  # it was trained there
                rows.append(
                    [task_at(task, length), model_name(*model), f"{s.n_parameters:,}", *_results(inputs, setting)]
                )
                n_runs += s.n
    if not rows:
        return None
    return Tabulation(
        name="matched",
        caption="As many parameters as an LSTM beside as many units: trained parameters, seeds solved, updates until "
        f"half of the seeds are solved, and skill (median over seeds{and_interval(inputs)}).",
        header=("task", "model", "parameters", "solved", "updates", "skill"),
        rows=frozen(rows),
        provenance=origin(inputs, "runs", n_runs),
        n_labels=2,
    )


def long_budget(inputs: Inputs) -> Tabulation | None:
    """Tabulate what a longer budget brings beside the usual one; None where no run has one."""
    rows, n_runs = [], 0
    for task in inputs.tasks:
        for length in inputs.lengths(task):
            for cell in inputs.cells:
                both = [Setting(task, cell, variant, length) for variant in (DEFAULT, LONG)]
                usual, longer = (score(inputs, setting) for setting in both)
                if usual is None or longer is None:
                    continue
                budget = inputs.provenance["configuration"]["tasks"][task]["steps"]
                steps = f"{budget:,} and {VARIANTS[LONG].budget * budget:,}"
                solved = [NOTHING if s.n_solved is None else f"{s.n_solved}/{s.n}" for s in (usual, longer)]
                skills = [median_of(s.skill) for s in (usual, longer)]
                rows.append([task_at(task, length), cell_name(cell), steps, *solved, *skills])
                n_runs += usual.n + longer.n
    if not rows:
        return None
    return Tabulation(
        name="long-budget",
        caption="What more updates bring: the usual budget beside the longer one, each with a learning rate chosen "
        f"within that budget. Skill is the median over seeds{and_interval(inputs)}.",
        header=("task", "cell", "updates at most", "solved, usual", "solved, longer", "skill, usual", "skill, longer"),
        rows=frozen(rows),
        provenance=origin(inputs, "runs", n_runs),
        n_labels=3,
    )


def times_to_solve(inputs: Inputs) -> Tabulation | None:
    """Tabulate when half of the seeds are solved, by task, length and cell; None where no task has a criterion."""
    rows = []
    for task, length in judged(inputs):
        of_model = compared(inputs, task, length)
        cells = [of_model.get((cell, DEFAULT)) for cell in inputs.cells]
        rows.append(
            [task_at(task, length), *(NOTHING if of is None else _solved_at(of.median, of.budget) for of in cells)]
        )
    if not rows:
        return None
    return Tabulation(
        name="times-to-solve",
        caption=f"Updates until half of the seeds are solved{and_interval(inputs)}; “>” where that was not reached "
        "within the budget.",
        header=("task", *(cell_name(cell) for cell in inputs.cells)),
        rows=frozen(rows),
        provenance=origin(inputs, "runs", int(inputs.runs[inputs.runs.variant == DEFAULT].solved.notna().sum())),
    )


def log_rank(inputs: Inputs) -> Tabulation | None:
    """Tabulate the log-rank tests of every two cells; None where there is nothing to test."""
    found = comparisons(inputs)
    if not found:
        return None
    rows = [
        [
            task_at(one.task, one.length),
            f"{cell_name(one.first)}, {cell_name(one.second)}",
            with_interval(one.found.estimate, one.found.low, one.found.high),
            significant(one.found.p, 2),
            significant(one.corrected, 2),
            SIDES[one.side],
        ]
        for one in found
    ]
    return Tabulation(
        name="log-rank",
        caption="Who solves sooner: probability that a run of the first cell is solved before one of the second (ties "
        "count half; bootstrap interval of 95 %), two-sided p of the log-rank test, and p by Holm’s correction for the "
        f"{len(found)} rows of this table. Exploratory: what was fixed beforehand stands in the chapter on claims.",
        header=("task", "cells", "probability", "p", "p, corrected", "sooner"),
        rows=frozen(rows),
        provenance=origin(inputs, "runs", int(inputs.runs[inputs.runs.variant == DEFAULT].solved.notna().sum())),
        n_labels=2,
        emphasised=tuple((i, 5) for i, one in enumerate(found) if one.side),
    )


def _results(inputs: Inputs, setting: Setting) -> list[str]:
    s, of = score(inputs, setting), times(inputs, setting)
    assert s is not None
    solved = NOTHING if s.n_solved is None else f"{s.n_solved}/{s.n}"
    return [solved, NOTHING if of is None else _solved_at(of.median, of.budget), median_of(s.skill)]


def _solved_at(s: Spread, budget: int) -> str:
    """Return "300 (250–400)", ends that were not reached as ">2,000"; a median may lie between two whole numbers."""
    middle, low, high = (
        f"{value:,.10g}" if math.isfinite(value) else f">{budget:,}" for value in (s.median, s.low, s.high)
    )
    return middle if low == high else f"{middle} ({low}{'–' if math.isfinite(s.high) else ' to '}{high})"
