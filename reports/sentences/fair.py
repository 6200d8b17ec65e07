"""What the comparison holds equal, and what changes where parameters, or the budget, are others."""

from __future__ import annotations

from collections.abc import Sequence

from reports import ablations
from reports.ablations import Pairs
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, at_length, axis, short
from reports.numbers import counted, learning_rate, listed, significant
from reports.sentences.remedies import updates_text
from reports.sentences.words import VANILLA, the
from reports.summaries import score
from reports.survival import MATCHED, Comparison, comparisons
from rnn.variants import VARIANTS

LSTM = "lstm"
LONG = "long-budget"
LEAST_UPDATES = 1000  # of shorter runs much of the time is that before the first update
DOES = {1: "does better", -1: "does worse"}
FEW = 3  # comparisons that go another way than the rest and are named


def grid(inputs: Inputs) -> str:
    """Say from which grid every model gets its learning rate, and at which lengths."""
    tuning = inputs.provenance["configuration"]["tuning"]
    rates = listed([learning_rate(rate) for rate in sorted(tuning["learning_rates"])])
    if len(tuning["learning_rates"]) == 1:
        return f"Every model is trained with the one learning rate of the grid, {rates}."
    lengths = {task: sorted(set(of.length)) for task, of in inputs.tuning.groupby("task")}
    where = [
        f"{short(task)} {axis(task)} = {listed([str(length) for length in lengths[task]])}"
        for task in inputs.tasks
        if len(inputs.lengths(task)) > 1 and task in lengths
    ]
    at = f" The lengths are {listed(where)}; a run takes the rate of the nearest one." if where else ""
    return (
        f"Every model of every task gets its learning rate from one grid, {rates}, each with "
        f"{counted(tuning['seeds'], 'seed')} of its own and the budget of a run.{at}"
    )


def sizes(inputs: Inputs) -> str:
    """Say how many parameters cells with as many units have, as multiples of the vanilla cell's; empty without it."""
    ratios: dict[str, list[float]] = {}
    for task in inputs.tasks:
        found = {cell: score(inputs, Setting(task, cell, DEFAULT, inputs.longest(task))) for cell in inputs.cells}
        vanilla = found.get(VANILLA)
        if vanilla is None:
            continue
        for cell, s in found.items():
            if s is not None and cell != VANILLA:
                ratios.setdefault(cell, []).append(s.n_parameters / vanilla.n_parameters)
    parts = [f"{the(cell)} has {_between(of)} times as many" for cell, of in ratios.items()]
    return (
        f"With as many hidden units as the vanilla RNN, {listed(parts)} parameters, by task: word vectors are the same."
        if parts
        else ""
    )


def costs(inputs: Inputs) -> str:
    """Say how long an update takes beside one of the vanilla cell; empty where runs are too short to tell."""
    ratios: dict[str, list[float]] = {}
    for task in inputs.tasks:
        found = {
            cell: _milliseconds(inputs, Setting(task, cell, DEFAULT, inputs.longest(task))) for cell in inputs.cells
        }
        vanilla = found.get(VANILLA)
        if vanilla is None:
            continue
        for cell, took in found.items():
            if took is not None and cell != VANILLA:
                ratios.setdefault(cell, []).append(took / vanilla)
    parts = [f"{_between(of)} times as long in {the(cell)}" for cell, of in ratios.items()]
    return (
        f"An update takes {listed(parts)} as in {the(VANILLA)}, by task (runs of at least {LEAST_UPDATES:,} updates, "
        "their checks included)."
        if parts
        else ""
    )


def matched(inputs: Inputs) -> list[str]:
    """Say for each task and length whether another number of units changes who is better; nothing where none has."""
    found = []
    for task in inputs.tasks:
        for length in inputs.lengths(task):
            lstm = Setting(task, LSTM, DEFAULT, length)
            for cell in inputs.cells:
                usual, larger = (Setting(task, cell, variant, length) for variant in (DEFAULT, MATCHED))
                if all(score(inputs, setting) is not None for setting in (lstm, usual, larger)):
                    found.append(_matched(inputs, lstm, usual, larger))
    return found


def _matched(inputs: Inputs, lstm: Setting, usual: Setting, larger: Setting) -> str:
    cell, other = the(usual.cell), "the one with as many parameters"
    units, parameters = (ablations.learning_of(inputs, setting, lstm) for setting in (usual, larger))
    before, after = units.verdict, parameters.verdict
    first = (
        f"{cell} with as many units {DOES[before]} than the LSTM"
        if before
        else f"no difference is seen between {cell} with as many units and the LSTM"
    )
    if before == after:
        second = f"and so does {other}" if before else f"nor between {other} and the LSTM"
    elif after:
        second = f"but {other} {DOES[after]}"
    else:
        second = f"but no difference is seen between {other} and the LSTM"
    return (
        f"{_where(usual.task, usual.length)} {first} ({_pairs(units)}), {second} ({_pairs(parameters)}): "
        f"{_numbers(inputs, lstm, usual, larger)}, the LSTM first."
    )


def long_budget(inputs: Inputs) -> list[str]:
    """Say what a longer budget brings to each model that has one; nothing where none has."""
    times = VARIANTS[LONG].budget
    found = []
    for task in inputs.tasks:
        for length in inputs.lengths(task):
            for cell in inputs.cells:
                usual, longer = (Setting(task, cell, variant, length) for variant in (DEFAULT, LONG))
                if all(score(inputs, setting) is not None for setting in (usual, longer)):
                    pairs = ablations.learning(inputs, longer)
                    seen = (
                        f"{the(cell)} {DOES[pairs.verdict]}"
                        if pairs.verdict
                        else f"no difference is seen for {the(cell)}"
                    )
                    found.append(
                        f"{_where(task, length)}, with {times} times the updates, {seen} ({_pairs(pairs)}): "
                        f"{_numbers(inputs, longer, usual)}."
                    )
    return found


def checks(inputs: Inputs) -> str:
    """Say how exactly it is known when a run was solved."""
    tasks = inputs.provenance["configuration"]["tasks"]
    every = {task: tasks[task]["log_every"] for task in inputs.tasks if inputs.solved_below(task)}
    if not every:
        return ""
    by = [f"{n} updates on {listed([short(t) for t in every if every[t] == n])}" for n in sorted(set(every.values()))]
    return f"A run is looked at every {listed(by)}, so its time is known up to that."


def who_is_sooner(inputs: Inputs) -> list[str]:
    """Say for each two cells on how many tasks and lengths the one solves sooner than the other."""
    found: dict[tuple[str, str], list[Comparison]] = {}
    for one in comparisons(inputs):
        found.setdefault((one.first, one.second), []).append(one)
    return [_sooner(first, second, of) for (first, second), of in found.items()]


def _sooner(first: str, second: str, of: Sequence[Comparison]) -> str:
    sides = {1: f"{the(first)} solves sooner", -1: f"{the(second)} solves sooner", 0: "no difference is seen"}
    parts = []
    for side, words in sides.items():
        where = [f"{short(one.task)} at {at_length(one.task, one.length)}" for one in of if one.side == side]
        if where:
            exceptions = f" ({listed(where)})" if len(where) <= FEW and 2 * len(where) <= len(of) else ""
            parts.append(f"{words} in {len(where)}{exceptions}")
    return f"Of {counted(len(of), 'comparison')} of {the(first)} with {the(second)}, {listed(parts)}."


def sooner_in_short(inputs: Inputs) -> str:
    """Say in one clause how often each cell solves sooner than another; empty where there is nothing to compare."""
    parts = []
    for cell in inputs.cells:
        sides = [
            one.side if one.first == cell else -one.side
            for one in comparisons(inputs)
            if cell in (one.first, one.second)
        ]
        if sides:
            of = len(sides) if parts else counted(len(sides), "comparison")
            parts.append(f"{the(cell)} in {sides.count(1)} of {of}")
    return f"Sooner than another cell is {listed(parts)}." if parts else ""


def _where(task: str, length: int) -> str:
    return f"On {short(task)} at {at_length(task, length)}"


def _numbers(inputs: Inputs, one: Setting, *others: Setting) -> str:
    """Return results side by side: seeds solved, or skills where there is no criterion.

    Where as many seeds are solved, their updates tell results apart, or their skills where none is solved.
    """
    first, *rest = found = [score(inputs, setting) for setting in (one, *others)]
    skills = f"median skills of {_against([significant(s.skill.median, 2) for s in found])}"
    if first.n_solved is None:
        return skills
    solved, *solved_of_others = (f"{s.n_solved} of {s.n}" for s in found)
    said = _against([f"{solved} solved", *solved_of_others])
    if first.n_solved not in [s.n_solved for s in rest]:
        return said
    if not first.n_solved:
        return f"{said}, {skills}"
    return f"{said}, half of the seeds after {_against([updates_text(inputs, s) for s in (one, *others)])} updates"


def _against(words: Sequence[str]) -> str:
    return f"{words[0]} against {listed(words[1:])}"


def _pairs(pairs: Pairs) -> str:
    counts = f"pairs {pairs.won} to {pairs.lost}"
    return f"{counts}, p = {significant(pairs.p, 2)}" if pairs.verdict else counts


def _milliseconds(inputs: Inputs, setting: Setting) -> float | None:
    """Return what an update of one run takes (median over runs), None where no run is long enough to tell."""
    runs = inputs.runs_of(setting)
    long = runs[runs.steps >= LEAST_UPDATES]
    return float((1000 * long.wall_s / long.steps).median()) if len(long) else None


def _between(ratios: Sequence[float]) -> str:
    low, high = significant(min(ratios), 2), significant(max(ratios), 2)
    return low if low == high else f"{low} to {high}"
