"""What networks of every form of the lecture reach: beside simple predictors, and as whole outputs."""

from __future__ import annotations

from collections.abc import Sequence

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, short
from reports.numbers import counted, listed, percent, significant
from reports.sentences.score import scores
from reports.sentences.words import capital, on_task, the
from reports.statistics import spread
from reports.summaries import Score, baseline, compare_with

PERSISTENCE = "persistence"


def against_trivial(inputs: Inputs, tasks: Sequence[str]) -> str:
    """Say on which tasks the cell with the best median beats the trivial predictor, at the greatest length."""
    best = {task: _best(inputs, task).beats_trivial for task in tasks}
    beaten, others = ([short(task) for task in tasks if best[task] is won] for won in (True, False))
    if not others:
        every = f"each of the {len(beaten)} tasks" if len(beaten) > 1 else beaten[0]
        return f"The cell with the best median beats the trivial predictor on {every}."
    if not beaten:
        return f"No cell’s median beats the trivial predictor on {listed(others)}."
    return (
        f"The cell with the best median beats the trivial predictor on {listed(beaten)}, and not on {listed(others)}."
    )


def against_classical(inputs: Inputs, tasks: Sequence[str]) -> str:
    """Say on which tasks the classical predictor beats the cell with the best median; empty where no task has one."""
    sides: dict[int, list[str]] = {-1: [], 0: [], 1: []}
    for task in tasks:
        _, classical = baseline(inputs, task, inputs.longest(task))
        if classical is not None:
            value = _best(inputs, task).value.median
            sides[compare_with(inputs, task, inputs.longest(task), value, classical)].append(short(task))
    if not any(sides.values()):
        return ""
    it = "it" if sides[-1] else "the classical predictor"
    words = {
        -1: "the classical predictor beats every cell’s median on",
        0: f"{it} and the best cell are not to be told apart on",
        1: f"the best cell beats {'it' if sides[0] else it} on",
    }
    return capital("; ".join(f"{words[side]} {listed(found)}" for side, found in sides.items() if found)) + "."


def whole_outputs(inputs: Inputs, task: str) -> str:
    """Say which share of whole outputs each cell gets right, and which share of their characters wrong."""
    length = inputs.longest(task)
    right, wrong = [], []
    for cell, s in scores(inputs, task, length).items():
        right.append(f"{percent(1 - s.value.median, 1)} with {the(cell)}")
        errors = spread(inputs.runs_of(Setting(task, cell, DEFAULT, length)).symbol_errors.dropna())
        if errors is not None:
            wrong.append(f"{percent(errors.median, 1)} with {the(cell)}")
    said = f"On {on_task(task, length)} the median share of outputs that are right as a whole is {listed(right)}."
    return f"{said} Of single characters, each written after right ones, {listed(wrong)} are wrong." if wrong else said


def memoryless(inputs: Inputs, task: str) -> str:
    """Say which cells do better than the predictor without memory, the classical one here, and than persistence."""
    length, card = inputs.longest(task), inputs.card(task)
    found = scores(inputs, task, length)
    _, without = baseline(inputs, task, length)
    rivals = {} if without is None else {str(card["classical"]): without}
    if PERSISTENCE in card["baselines"]:
        rivals[PERSISTENCE] = float(card["baselines"][PERSISTENCE])
    medians = [f"{significant(s.value.median)} with {the(cell)}" for cell, s in found.items()]
    simple = [f"{significant(value)} with {name}" for name, value in rivals.items()]
    said = [f"On {on_task(task, length)} the median {card['metric']} is {listed(medians)}; it is {listed(simple)}."]
    for name, value in rivals.items():
        better = [
            the(cell) for cell, s in found.items() if compare_with(inputs, task, length, s.value.median, value) > 0
        ]
        if len(better) == len(found) > 1:
            said.append(f"Each of the {counted(len(found), 'cell')} does better than {name}.")
        elif better:
            said.append(f"{capital(listed(better))} {'does' if len(better) == 1 else 'do'} better than {name}.")
        else:
            said.append(f"No cell does better than {name}.")
    return " ".join(said)


def _best(inputs: Inputs, task: str) -> Score:
    """Return the least median at the greatest length."""
    return min(scores(inputs, task, inputs.longest(task)).values(), key=lambda s: s.value.median)
