"""How horizons depend on when they are measured and by which definition."""

from __future__ import annotations

from itertools import combinations, product

from reports.factors import horizon_by
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, EARLY, INIT, TRAINED
from reports.numbers import counted, listed
from reports.sentences.words import on_task, the, when
from rnn.gradients.horizon import CROSSINGS, THRESHOLDS


def fewer_seeds(inputs: Inputs) -> str:
    """Say that runs that ended are not measured any more at later steps; empty where none is missing."""
    longest = [
        Setting(task, cell, DEFAULT, inputs.longest(task))
        for task in inputs.examples(inputs.tasks)
        for cell in inputs.cells
    ]
    counts = [n for setting in longest for n in inputs.rates_of(setting, EARLY).groupby("step").seed.nunique()]
    lacking = sum(n < len(inputs.seeds) for n in counts)
    return (
        f"At {lacking} of {counted(len(counts), 'early point')} seeds are missing, whose training had ended before."
        if lacking
        else ""
    )


def crossings(inputs: Inputs, task: str) -> str:
    """Say in how many measurements the last crossing is not the first."""
    rows = inputs.horizons[(inputs.horizons.task == task) & (inputs.horizons.length == inputs.longest(task))]
    rows = rows.dropna(subset=["horizon"])
    names = ["cell", "variant", "seed", "phase", "step", "threshold"]
    differing = rows.groupby(names, observed=True).horizon.nunique() > 1
    if not len(differing):
        return ""
    n, of = int(differing.sum()), counted(len(differing), "measurement")
    where = f"On {on_task(task, inputs.longest(task))}"
    if not n:
        return f"{where} the first and the last crossing are the same in all {of}."
    return (
        f"{where} the norm rises above a threshold again in {n:,} of {of}, so that the last crossing is not the first."
    )


def order(inputs: Inputs, task: str) -> str:
    """Say whether two definitions put two cells in opposite orders, in both phases; ties are no order."""
    if len(inputs.cells) < 2:
        return ""
    said = []
    for phase in (INIT, TRAINED):
        turning = [
            f"{the(a)} and {the(b)}" for a, b in combinations(inputs.cells, 2) if _turns(inputs, task, phase, a, b)
        ]
        said.append(
            f"{when(phase)}, which of {listed(turning, 'or of')} reaches further depends on the definition"
            if turning
            else f"{when(phase)} no order of two cells depends on it"
            if said
            else f"{when(phase)} no order of two cells depends on the definition"
        )
    thresholds = listed([threshold_name(threshold) for threshold in THRESHOLDS])
    return f"With thresholds of {thresholds}: {'; '.join(said)}."


def threshold_name(threshold: float) -> str:
    """Return a threshold as it is printed: "0.1 %"."""
    return f"{100 * threshold:g} %"


def _turns(inputs: Inputs, task: str, phase: str, a: str, b: str) -> bool:
    """Say whether the horizon of one cell is longer by one definition and shorter by another."""
    signs = set()
    for threshold, crossing in product(THRESHOLDS, CROSSINGS):
        found = [
            horizon_by(inputs, Setting(task, cell, DEFAULT, inputs.longest(task)), phase, 0, threshold, crossing).spread
            for cell in (a, b)
        ]
        if None not in found:
            one, other = (s.median for s in found if s is not None)
            signs.add((one > other) - (one < other))
    return {1, -1} <= signs
