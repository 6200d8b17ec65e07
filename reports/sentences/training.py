"""How the runs went: how they ended, which learning rates were chosen, how often the gradient was clipped."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports.chance import above_on_validation
from reports.inputs import Inputs
from reports.names import DEFAULT, at_length, cell_name, model_name, quoted, short
from reports.numbers import counted, learning_rate, listed, percent
from reports.sentences.words import HANDFUL, handful
from reports.summaries import counts_errors, ordered_stops

STOP_WORDS = {
    "solved": "solved",
    "stalled": "stalled without further improvement",
    "budget": "used up the budget of steps",
    "diverged": "diverged",
}


def endings(runs: pd.DataFrame) -> str:
    """Say how many of some runs ended in which way."""
    counts = runs.stopped_by.value_counts()
    parts = [f"{counts[stop]:,} {STOP_WORDS.get(stop, stop)}" for stop in ordered_stops(set(counts.index))]
    return f"Of {counted(len(runs), 'trained run')}, {listed(parts)}."


def divergence(inputs: Inputs) -> str:
    """Say which runs diverged."""
    diverged = inputs.runs[inputs.runs.status == "diverged"]
    if diverged.empty:
        return "No run diverged."
    counts = diverged.groupby(["task", "cell", "variant"]).size().sort_values(ascending=False, kind="stable")
    models = [f"{model_name(cell, variant)} on {quoted(task)} ({n})" for (task, cell, variant), n in counts.items()]
    return f"{_diverged(len(diverged))}: {handful(models)}."


def divergence_in_short(inputs: Inputs) -> str:
    """Say how many runs of which models diverged."""
    diverged = inputs.runs[inputs.runs.status == "diverged"]
    if diverged.empty:
        return "No run diverged."
    counts = {
        model: n
        for model in inputs.models
        if (n := int(((diverged.cell == model[0]) & (diverged.variant == model[1])).sum()))
    }
    most = sorted(counts, key=lambda model: -counts[model])
    return f"{_diverged(len(diverged))}: {handful([f'{model_name(*model)} ({counts[model]})' for model in most])}."


def unsolved(inputs: Inputs) -> str:
    """Say how many runs of the cells' defaults with a criterion were not solved."""
    judged = inputs.runs[inputs.runs.solved.notna() & (inputs.runs.variant == DEFAULT)]
    if judged.empty:
        return "No task of this experiment has a criterion of success."
    failed = int((~judged.solved.astype(bool)).sum())
    whose = f"{' of the cells’ defaults' if has_variants(inputs) else ''}"
    return (
        f"{failed:,} of {counted(len(judged), 'run')}{whose} with a criterion of success "
        f"{'was' if failed == 1 else 'were'} not solved."
    )


def has_variants(inputs: Inputs) -> bool:
    """Say whether a cell has more than its default, so that sentences about defaults say whose they are."""
    return bool(inputs.cells_with_variants)


def grid_edges(inputs: Inputs) -> str:
    """Say how many of the defaults' rates lie at the edge of the grid, where a better one may lie outside."""
    grid = sorted(set(inputs.tuning.learning_rate))
    if len(grid) < 2:
        return "The grid of learning rates holds one rate, so no rate was chosen."
    chosen = _choices(inputs)
    chosen = chosen[chosen.variant == DEFAULT]
    low, high = _at_edges(chosen, grid)
    whose = " for the cells’ defaults" if has_variants(inputs) else ""
    if low + high == 0:
        return f"Each of the {len(chosen)} rates chosen{whose} lies inside the grid, none at its edge."
    return (
        f"{low + high} of {counted(len(chosen), 'rate')} chosen{whose} {'lies' if low + high == 1 else 'lie'} at "
        f"the edge of the grid "
        f"({low} at {learning_rate(grid[0])}, {high} at {learning_rate(grid[-1])}), so a better one may lie outside."
    )


def grid_edges_of_variants(inputs: Inputs) -> str:
    """Say the same of the variants' rates, in short; empty where there is no variant or no choice."""
    grid = sorted(set(inputs.tuning.learning_rate))
    chosen = _choices(inputs)
    chosen = chosen[chosen.variant != DEFAULT]
    if len(grid) < 2 or chosen.empty:
        return ""
    low, high = _at_edges(chosen, grid)
    return (
        f"Of {counted(len(chosen), 'rate')} chosen for variants {low} {'lies' if low == 1 else 'lie'} at the lower "
        f"edge and {high} at the upper."
    )


def rates_at_chance(inputs: Inputs) -> str:
    """Say for which models no rate of the grid was above chance on validation; empty where there is none."""
    parts = []
    for task in inputs.tasks:
        grid = inputs.tuning[(inputs.tuning.task == task) & inputs.tuning.chosen]
        if grid.empty or not counts_errors(inputs, task):
            continue
        for length, at in grid.groupby("length"):
            best = at.groupby(["cell", "variant"]).valid_value.median().fillna(1.0)
            tuned = [model for model in inputs.models_on(task) if model in best.index]
            names = [
                model_name(*model) for model in tuned if not above_on_validation(inputs, task, int(length), best[model])
            ]
            if names:
                share = f"{len(names)} of {len(tuned)} models, " if len(names) > HANDFUL else ""
                where = f"on {short(task)} at {at_length(task, int(length))}"
                parts.append(f"{share}{handful(names)} {where}")
    return f"At chance with every rate, so that the choice was a draw: {'; '.join(parts)}." if parts else ""


def failed_tuning(tuning: pd.DataFrame) -> str:
    """Say how many of some runs of the grid have no finite score."""
    missing = int(tuning.valid_value.isna().sum())
    if not missing:
        return f"All {counted(len(tuning), 'run')} of the grid have a finite score."
    return f"{missing} of {counted(len(tuning), 'run')} of the grid had no finite score and count as infinitely bad."


def clipping(inputs: Inputs) -> str:
    """Say how often the gradient was clipped in each cell's default."""
    clipped = inputs.curves[inputs.curves.variant == DEFAULT].dropna(subset=["clipped"])
    if clipped.empty:
        return ""
    by_cell = clipped.groupby("cell").clipped.mean()
    parts = [f"{percent(float(by_cell[cell]))} in the {cell_name(cell)}" for cell in inputs.cells if cell in by_cell]
    return f"Clipping shortened the gradient in this share of updates: {listed(parts)}."


def _choices(inputs: Inputs) -> pd.DataFrame:
    """Return one row for each rate that was chosen."""
    return inputs.tuning[inputs.tuning.chosen].drop_duplicates(["task", "cell", "variant", "length"])


def _at_edges(chosen: pd.DataFrame, grid: Sequence[float]) -> tuple[int, int]:
    """Return how many choices are the least and how many the greatest rate of the grid."""
    return int((chosen.learning_rate == grid[0]).sum()), int((chosen.learning_rate == grid[-1]).sum())


def _diverged(n: int) -> str:
    return f"{counted(n, 'run')} diverged and {'is' if n == 1 else 'are'} kept"
