"""How the runs went: how they ended, which learning rates were chosen, how often the gradient was clipped."""

from __future__ import annotations

from reports.chance import above_on_validation
from reports.inputs import Inputs
from reports.names import DEFAULT, at_length, cell_name, model_name, quoted, short
from reports.numbers import counted, learning_rate, listed, percent
from reports.summaries import counts_errors, ordered_stops

STOP_WORDS = {
    "solved": "solved",
    "stalled": "stalled without further improvement",
    "budget": "used up the budget of steps",
    "diverged": "diverged",
}


def endings(inputs: Inputs) -> str:
    """Say how many runs ended in which way."""
    counts = inputs.runs.stopped_by.value_counts()
    parts = [f"{counts[stop]:,} {STOP_WORDS.get(stop, stop)}" for stop in ordered_stops(set(counts.index))]
    return f"Of {counted(len(inputs.runs), 'trained run')}, {listed(parts)}."


def divergence(inputs: Inputs) -> str:
    """Say which runs diverged."""
    diverged = inputs.runs[inputs.runs.status == "diverged"]
    if diverged.empty:
        return "No run diverged."
    models = [
        f"{model_name(cell, variant)} on {quoted(task)} ({len(rows)})"
        for (task, cell, variant), rows in diverged.groupby(["task", "cell", "variant"])
    ]
    return (
        f"{counted(len(diverged), 'run')} diverged and {'is' if len(diverged) == 1 else 'are'} kept: {listed(models)}."
    )


def divergence_in_short(inputs: Inputs) -> str:
    """Say how many runs of which models diverged."""
    diverged = inputs.runs[inputs.runs.status == "diverged"]
    if diverged.empty:
        return "No run diverged."
    models = [
        f"{model_name(*model)} ({n})"
        for model in inputs.models
        if (n := int(((diverged.cell == model[0]) & (diverged.variant == model[1])).sum()))
    ]
    return (
        f"{counted(len(diverged), 'run')} diverged and {'is' if len(diverged) == 1 else 'are'} kept: {listed(models)}."
    )


def unsolved(inputs: Inputs) -> str:
    """Say how many runs with a criterion were not solved."""
    judged = inputs.runs[inputs.runs.solved.notna()]
    if judged.empty:
        return "No task of this experiment has a criterion of success."
    failed = int((~judged.solved.astype(bool)).sum())
    return (
        f"{failed:,} of {counted(len(judged), 'run')} with a criterion of success "
        f"{'was' if failed == 1 else 'were'} not solved."
    )


def grid_edges(inputs: Inputs) -> str:
    """Say for how many models the chosen rate lies at the edge of the grid, where a better one may lie outside."""
    grid = sorted(set(inputs.tuning.learning_rate))
    if len(grid) < 2:
        return "The grid of learning rates holds one rate, so no rate was chosen."
    chosen = inputs.tuning[inputs.tuning.chosen].drop_duplicates(["task", "cell", "variant"])
    low, high = int((chosen.learning_rate == grid[0]).sum()), int((chosen.learning_rate == grid[-1]).sum())
    if low + high == 0:
        return f"Each of the {len(chosen)} chosen rates lies inside the grid, none at its edge."
    return (
        f"{low + high} of {counted(len(chosen), 'chosen rate')} {'lies' if low + high == 1 else 'lie'} at "
        f"the edge of the grid "
        f"({low} at {learning_rate(grid[0])}, {high} at {learning_rate(grid[-1])}), so a better one may lie outside."
    )


def rates_at_chance(inputs: Inputs) -> str:
    """Say for which models no rate of the grid was above chance on validation; empty where there is none."""
    parts = []
    for task in inputs.tasks:
        grid = inputs.tuning[(inputs.tuning.task == task) & inputs.tuning.chosen]
        if grid.empty or not counts_errors(inputs, task):
            continue
        length = int(grid.length.iloc[0])
        best = grid.groupby(["cell", "variant"]).valid_value.median()
        names = [
            model_name(cell, variant)
            for (cell, variant) in inputs.models_on(task)
            if not above_on_validation(inputs, task, length, best.get((cell, variant), 1.0))
        ]
        if names:
            parts.append(f"{listed(names)} on {short(task)} at {at_length(task, length)}")
    return f"At chance with every rate, so that the choice was a draw: {'; '.join(parts)}." if parts else ""


def failed_tuning(inputs: Inputs) -> str:
    """Say how many runs of the grid have no finite score."""
    missing = int(inputs.tuning.valid_value.isna().sum())
    if not missing:
        return f"All {counted(len(inputs.tuning), 'run')} of the grid have a finite score."
    return (
        f"{missing} of {counted(len(inputs.tuning), 'run')} of the grid had no finite score and count as "
        f"infinitely bad."
    )


def clipping(inputs: Inputs) -> str:
    """Say how often the gradient was clipped in each cell's default."""
    clipped = inputs.curves[inputs.curves.variant == DEFAULT].dropna(subset=["clipped"])
    if clipped.empty:
        return ""
    by_cell = clipped.groupby("cell").clipped.mean()
    parts = [f"{percent(float(by_cell[cell]))} in the {cell_name(cell)}" for cell in inputs.cells if cell in by_cell]
    return f"Clipping shortened the gradient in this share of updates: {listed(parts)}."
