"""What the comparison holds equal, and what changes where parameters, or the budget, are others."""

from __future__ import annotations

from collections.abc import Sequence

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, at_length, axis, short
from reports.numbers import counted, learning_rate, listed, significant
from reports.sentences.words import VANILLA, the
from reports.summaries import Score, compare, score
from reports.survival import MATCHED, Comparison, comparisons
from rnn.variants import VARIANTS

LSTM = "lstm"
LONG = "long-budget"
LEAST_UPDATES = 1000  # of shorter runs much of the time is that before the first update
WORDS = {1: "does better than", 0: "does no better and no worse than", -1: "does worse than"}


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
            lstm = score(inputs, Setting(task, LSTM, DEFAULT, length))
            for cell in inputs.cells:
                usual, larger = (score(inputs, Setting(task, cell, v, length)) for v in (DEFAULT, MATCHED))
                if lstm is not None and usual is not None and larger is not None:
                    found.append(_matched(task, length, cell, lstm, usual, larger))
    return found


def _matched(task: str, length: int, cell: str, lstm: Score, usual: Score, larger: Score) -> str:
    before, after = compare(lstm, usual), compare(lstm, larger)
    link = "and" if before == after else "but"
    numbers = f"{_result(lstm)} against {_result(usual)} and {_result(larger)}"
    return (
        f"{_where(task, length)} the LSTM {WORDS[before]} {the(cell)} with as many units, {link} {WORDS[after]} the "
        f"one with as many parameters ({numbers})."
    )


def long_budget(inputs: Inputs) -> list[str]:
    """Say what a longer budget brings to each model that has one; nothing where none has."""
    times = VARIANTS[LONG].budget
    found = []
    for task in inputs.tasks:
        for length in inputs.lengths(task):
            for cell in inputs.cells:
                usual, longer = (score(inputs, Setting(task, cell, v, length)) for v in (DEFAULT, LONG))
                if usual is not None and longer is not None:
                    found.append(
                        f"{_where(task, length)}, with {times} times the updates, {_more(cell, usual, longer)}: "
                        f"{_in_full(longer)}, in place of {_in_full(usual)}."
                    )
    return found


def _more(cell: str, usual: Score, longer: Score) -> str:
    """Return what a longer budget brings; what intervals that overlap leave open is not said.

    A run ends at its first check below the criterion, so scores of runs that are mostly solved rank nothing.
    """
    if usual.n_solved is not None and longer.n_solved is not None and usual.n_solved != longer.n_solved:
        return f"{'more' if longer.n_solved > usual.n_solved else 'fewer'} runs of {the(cell)} are solved"
    if usual.mostly_solved:
        return f"as many runs of {the(cell)} are solved"
    if longer.value.high < usual.value.low:
        return f"the score of {the(cell)} is better"
    if longer.value.low > usual.value.high:
        return f"the score of {the(cell)} is worse"
    return f"no difference is seen for {the(cell)}"


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
    named = {1: f"{the(first)} solves sooner", -1: f"{the(second)} solves sooner", 0: "no difference is seen"}
    counts = {side: sum(one.side == side for one in of) for side in named}
    parts = [f"{words} in {counts[side]}" for side, words in named.items() if counts[side]]
    return f"Of {counted(len(of), 'comparison')} of {the(first)} with {the(second)}, {listed(parts)}."


def _where(task: str, length: int) -> str:
    return f"On {short(task)} at {at_length(task, length)}"


def _result(s: Score) -> str:
    return _skill(s) if s.n_solved is None else f"{s.n_solved} of {s.n} solved"


def _in_full(s: Score) -> str:
    return _skill(s) if s.n_solved is None else f"{s.n_solved} of {s.n} solved and {_skill(s)}"


def _skill(s: Score) -> str:
    return f"a median skill of {significant(s.skill.median, 2)}"


def _milliseconds(inputs: Inputs, setting: Setting) -> float | None:
    """Return what an update of one run takes (median over runs), None where no run is long enough to tell."""
    runs = inputs.runs_of(setting)
    long = runs[runs.steps >= LEAST_UPDATES]
    return float((1000 * long.wall_s / long.steps).median()) if len(long) else None


def _between(ratios: Sequence[float]) -> str:
    low, high = significant(min(ratios), 2), significant(max(ratios), 2)
    return low if low == high else f"{low} to {high}"
