"""What the scores say: what is solved at which length, and whether a network beats simple predictors."""

from __future__ import annotations

from collections.abc import Sequence

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, at_length, at_lengths, short
from reports.numbers import counted, listed, significant, with_interval
from reports.sentences.words import VANILLA, capital, on_task, the
from reports.summaries import Score, baseline, compare, compare_with, score


def scores(inputs: Inputs, task: str, length: int) -> dict[str, Score]:
    """Return the scores of the cells' defaults."""
    found = {cell: score(inputs, Setting(task, cell, DEFAULT, length)) for cell in inputs.cells}
    return {cell: s for cell, s in found.items() if s is not None}


def solved(inputs: Inputs, task: str) -> str:
    """Say how many seeds of each cell are solved at the greatest length; empty for a task without a criterion."""
    if not inputs.solved_below(task):
        return ""
    length = inputs.longest(task)
    found = scores(inputs, task, length)
    if len(found) > 1 and all(s.n_solved == s.n for s in found.values()):
        return f"On {on_task(task, length)} every seed of every cell is solved."
    parts = [f"{s.n_solved} of {counted(s.n, 'seed')} with {the(cell)}" for cell, s in found.items()]
    return f"Solved on {on_task(task, length)}: {listed(parts)}."


def solved_in_short(inputs: Inputs) -> str:
    """Say the same of all tasks that have a criterion; empty where none has."""
    alike: dict[str, list[str]] = {}
    for task in (task for task in inputs.tasks if inputs.solved_below(task)):
        found = scores(inputs, task, inputs.longest(task))
        alike.setdefault(_by_whom(found), []).append(f"{short(task)} ({at_length(task, inputs.longest(task))})")
    said = [f"{listed(tasks)} by {whom}" for whom, tasks in alike.items()]
    return f"At the greatest length, solved are {'; '.join(said)}." if said else ""


def mostly_solved(inputs: Inputs, task: str) -> str:
    """Say up to which length each cell is solved in most seeds."""
    if not inputs.solved_below(task):
        return ""
    parts = []
    for cell in inputs.cells:
        reached = [
            length
            for length in inputs.lengths(task)
            if (s := scores(inputs, task, length).get(cell)) and s.mostly_solved
        ]
        if reached == inputs.lengths(task):
            parts.append(f"{the(cell)} at every length" if len(reached) > 1 else the(cell))
        elif reached:
            parts.append(f"{the(cell)} at {at_lengths(task, reached)}")
    if not parts:
        return f"No cell is solved in most seeds of {short(task)} at any length."
    return f"Solved in most seeds of {short(task)}: {'; '.join(parts)}; nothing else."


def best_against_baselines(inputs: Inputs, task: str) -> str:
    """Say which cell is best at the greatest length, and on which side of the simple predictors its median is.

    Where the task has a criterion only solved seeds rank the cells.
    """
    length = inputs.longest(task)
    found = scores(inputs, task, length)
    if inputs.solved_below(task):
        return _most_solved(found, task, length)
    card = inputs.card(task, length)
    unit = f" {card['unit']}" if card["unit"] else ""
    if not any(s.learned for s in found.values()):
        return f"On {on_task(task, length)} no cell does better than {card['trivial']}, so none is the best."
    best = min(found, key=lambda cell: found[cell].value.median)
    s = found[best]
    trivial, classical = baseline(inputs, task, length)
    parts = [_side(inputs, task, length, s.value.median, trivial, card["trivial"])]
    if classical is not None:
        parts.append(_side(inputs, task, length, s.value.median, classical, card["classical"]))
    return (
        f"The best median {card['metric']} on {on_task(task, length)} is that of {the(best)}, "
        f"{with_interval(s.value.median, s.value.low, s.value.high)}{unit}: {listed(parts)}."
    )


def classical_wins(inputs: Inputs, task: str) -> str:
    """Say at how many lengths the classical predictor beats the median of every cell; empty where there is none."""
    wins = _lengths_of_classical(inputs, task)
    if wins is None:
        return ""
    name = inputs.card(task)["classical"]
    if not wins:
        return f"At no length of {short(task)} does the classical predictor ({name}) beat every cell’s median."
    at = "every length" if wins == inputs.lengths(task) and len(wins) > 1 else at_lengths(task, wins)
    return f"The classical predictor ({name}) beats every cell’s median on {short(task)} at {at}."


def classical_in_short(inputs: Inputs) -> str:
    """Say on which tasks the classical predictor beats the median of every cell; empty where no task has one."""
    always, sometimes, never = [], [], []
    for task in inputs.tasks:
        wins = _lengths_of_classical(inputs, task)
        if wins is None:
            continue
        name = inputs.card(task)["classical"]
        if not wins:
            never.append(f"{short(task)} ({name})")
        elif wins == inputs.lengths(task):
            always.append(f"{short(task)} ({name})")
        else:
            sometimes.append(f"{short(task)} ({name}; {at_lengths(task, wins)})")
    parts = [
        *([f"at every length of {listed(always)}"] if always else []),
        *([f"at some lengths of {listed(sometimes)}"] if sometimes else []),
        *([f"at no length of {listed(never)}"] if never else []),
    ]
    return f"The classical predictor beats every cell’s median {'; '.join(parts)}." if parts else ""


def learned_in_short(inputs: Inputs, tasks: Sequence[str]) -> str:
    """Say up to which length each cell learns those of some tasks that have no criterion; empty where all have one."""
    everywhere, parts = [], []
    for task in (task for task in tasks if not inputs.solved_below(task)):
        reached = {cell: _lengths_above_trivial(inputs, task, cell) for cell in inputs.cells}
        if all(lengths == inputs.lengths(task) for lengths in reached.values()):
            everywhere.append(short(task))
        else:
            cells = [f"by {the(cell)} {_up_to(inputs, task, lengths)}" for cell, lengths in reached.items()]
            parts.append(f"on {short(task)} {listed(cells)}")
    who = "Every cell beats" if len(inputs.cells) > 1 else f"{capital(the(inputs.cells[0]))} beats"
    said = [f"{who} the trivial predictor at every length of {listed(everywhere)}."] if everywhere else []
    if parts:
        said.append(f"The trivial predictor is beaten {'; '.join(parts)}.")
    return " ".join(said)


def beats_trivial(inputs: Inputs, task: str) -> str:
    """Say which cells do better than the trivial predictor at some length, whether or not they solve the task."""
    winners = [the(cell) for cell in inputs.cells if _lengths_above_trivial(inputs, task, cell)]
    beaten = f"the trivial predictor ({inputs.card(task)['trivial']}) on {short(task)} at one length or more"
    if not winners:
        return f"No cell beats {beaten}."
    if len(winners) == len(inputs.cells) > 1:
        return f"Each of the {len(winners)} cells beats {beaten}."
    return f"{capital(listed(winners))} {'beats' if len(winners) == 1 else 'beat'} {beaten}."


def gates_help(inputs: Inputs) -> str:
    """Say in how many (task, length) pairs a gated cell does better, equally well or worse than the vanilla cell."""
    gated = [cell for cell in inputs.cells if cell != VANILLA]
    if VANILLA not in inputs.cells or not gated:
        return ""
    parts = []
    for cell in gated:
        signs = []
        for task in inputs.tasks:
            for length in inputs.lengths(task):
                found = scores(inputs, task, length)
                if cell in found and VANILLA in found:
                    signs.append(compare(found[cell], found[VANILLA]))
        if signs:
            better, level, worse = (signs.count(sign) for sign in (1, 0, -1))
            parts.append(f"{the(cell)} wins {better}, ties {level} and loses {worse}")
    if not parts:
        return ""
    n = counted(sum(len(inputs.lengths(task)) for task in inputs.tasks), "comparison")
    return f"In {n} with the vanilla RNN, one for each task and length, {'; '.join(parts)}."


def what_decides(inputs: Inputs) -> str:
    """Say by what cells are compared."""
    with_criterion = [bool(inputs.solved_below(task)) for task in inputs.tasks]
    if all(with_criterion):
        return "Seeds solved decide."
    decides = (
        "Seeds solved decide where the task has a criterion, else the median test score"
        if any(with_criterion)
        else "The median test score decides"
    )
    return f"{decides}; two cells that both did not learn are a tie."


def others(inputs: Inputs, task: str) -> str:
    """Say where a simple predictor that is neither the trivial nor the classical one beats the latter or a cell."""
    card = inputs.card(task)
    parts = []
    for name in card["baselines"]:
        if name in (card["trivial"], card["classical"]):
            continue
        beaten: dict[str, list[int]] = {}
        for length in inputs.lengths(task):
            value = inputs.card(task, length)["baselines"][name]
            _, classical = baseline(inputs, task, length)
            rivals = {card["classical"]: classical} if classical is not None else {}
            rivals |= {the(cell): s.value.median for cell, s in scores(inputs, task, length).items()}
            for rival, score_of in rivals.items():
                if value < score_of:
                    beaten.setdefault(rival, []).append(length)
        if beaten:
            where = [f"{rival} at {at_lengths(task, lengths)}" for rival, lengths in beaten.items()]
            parts.append(f"Another simple predictor, {name}, beats {listed(where)} on {short(task)}.")
    return " ".join(parts)


def below_frame(skills: int, total: int, floor: float) -> str:
    """Say how many points lie below what is drawn."""
    if not skills:
        return ""
    return f" {capital(counted(skills, 'point'))} of {total} lie below {significant(floor)} and are drawn there."


def _by_whom(found: dict[str, Score]) -> str:
    """Return "every seed", "no seed", or how many seeds of each cell are solved."""
    if all(s.n_solved == s.n for s in found.values()):
        return "every seed"
    if all(s.n_solved == 0 for s in found.values()):
        return "no seed"
    return listed(
        [f"{s.n_solved} of {'' if i else f'{s.n} seeds of '}{the(cell)}" for i, (cell, s) in enumerate(found.items())]
    )


def _side(inputs: Inputs, task: str, length: int, value: float, other: float, name: str) -> str:
    unit = inputs.card(task, length)["unit"]
    side = compare_with(inputs, task, length, value, other)
    words = {1: "better than", -1: "worse than", 0: "not to be told from" if value != other else "equal to"}
    return f"{words[side]} {name} ({significant(other)}{' ' + unit if unit else ''})"


def _most_solved(found: dict[str, Score], task: str, length: int) -> str:
    most = max(s.rank for s in found.values())
    first = [cell for cell, s in found.items() if s.rank == most]
    if most == 0:
        return f"On {on_task(task, length)} no seed is solved."
    seeds = f"{found[first[0]].n_solved} of {found[first[0]].n} seeds"
    if len(first) > 1:
        return (
            f"On {on_task(task, length)} {listed([the(cell) for cell in first])} tie for the first place: {seeds} each."
        )
    return f"On {on_task(task, length)} {the(first[0])} has most seeds solved, {seeds}."


def _lengths_of_classical(inputs: Inputs, task: str) -> list[int] | None:
    """Return the lengths at which the classical predictor beats the median of every cell; None where there is none."""
    simple = {length: baseline(inputs, task, length)[1] for length in inputs.lengths(task)}
    known = {length: value for length, value in simple.items() if value is not None}
    wins = [
        length
        for length, value in known.items()
        if all(
            compare_with(inputs, task, length, s.value.median, value) < 0 for s in scores(inputs, task, length).values()
        )
    ]
    return wins if known else None


def _lengths_above_trivial(inputs: Inputs, task: str, cell: str) -> list[int]:
    found = {length: scores(inputs, task, length).get(cell) for length in inputs.lengths(task)}
    return [length for length, s in found.items() if s is not None and s.beats_trivial]


def _up_to(inputs: Inputs, task: str, reached: list[int]) -> str:
    """Return "up to T = 50" for lengths from the shortest on without a gap, else the lengths."""
    lengths = inputs.lengths(task)
    if not reached:
        return "at no length"
    if reached == lengths:
        return "at every length" if len(lengths) > 1 else f"at {at_length(task, reached[0])}"
    if len(reached) > 1 and reached == lengths[: len(reached)]:
        return f"up to {at_length(task, reached[-1])}"
    return f"at {at_lengths(task, reached)}"
