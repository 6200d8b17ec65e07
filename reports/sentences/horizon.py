"""How horizons depend on when they are measured and by which definition."""

from __future__ import annotations

from itertools import pairwise, product

from reports.factors import horizon_by
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, EARLY, INIT, TRAINED
from reports.numbers import counted, listed
from reports.sentences.words import on_task, when
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
    """Say whether the order of the cells depends on the definition, in both phases."""
    said = []
    for phase in (INIT, TRAINED):
        orders = {_order(inputs, task, phase, *definition) for definition in product(THRESHOLDS, CROSSINGS)}
        if any(len(cells) < 2 for cells in orders):
            continue
        if len(orders) == 1:
            said.append(f"the order of the cells {when(phase)} is the same by every definition")
        else:
            said.append(f"the order of the cells {when(phase)} depends on the definition")
    thresholds = listed([threshold_name(threshold) for threshold in THRESHOLDS])
    return f"With thresholds of {thresholds} {listed(said)}." if said else ""


def threshold_name(threshold: float) -> str:
    """Return a threshold as it is printed: "0.1 %"."""
    return f"{100 * threshold:g} %"


def _order(inputs: Inputs, task: str, phase: str, threshold: float, crossing: str) -> tuple[str, ...]:
    """Return the cells by falling horizon, those at the same horizon joined by an equals sign."""
    found = {}
    for cell in inputs.cells:
        h = horizon_by(inputs, Setting(task, cell, DEFAULT, inputs.longest(task)), phase, 0, threshold, crossing)
        if h.spread is not None:
            found[cell] = h.spread.median
    ranked = sorted(found, key=lambda cell: (-found[cell], cell))
    return tuple(ranked) + tuple("=" if found[a] == found[b] else ">" for a, b in pairwise(ranked))
