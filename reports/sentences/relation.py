"""Whether cells whose loss reaches further back also do better."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT
from reports.sentences.score import scores
from reports.sentences.words import capital, when
from reports.summaries import compare, horizon


@dataclass(frozen=True)
class Pairs:
    """How many pairs of cells have the same order in horizon and result, the opposite one, or a tie in either.

    Two cells that both did not learn are tied in their results.
    """

    agreeing: int
    opposed: int
    tied: int


def pairs(inputs: Inputs, task: str, phase: str) -> Pairs:
    """Compare the order of the cells' median horizons with that of their results at a task's greatest length.

    Both are those of the trained seeds, also before training.
    """
    length = inputs.longest(task)
    found = scores(inputs, task, length)
    reach = {}
    for cell in found:
        h = horizon(inputs, Setting(task, cell, DEFAULT, length), phase, trained_seeds=True)
        if h.spread:
            reach[cell] = h.spread.median
    signs = []
    for a, b in combinations(reach, 2):
        by_horizon = 0 if reach[a] == reach[b] else math.copysign(1, reach[a] - reach[b])
        by_result = compare(found[a], found[b])
        signs.append(by_horizon * by_result)
    return Pairs(signs.count(1), signs.count(-1), signs.count(0))


def horizon_and_result(inputs: Inputs, phase: str) -> str:
    """Say whether, over all tasks, the cell with the longer horizon does better; empty where no pair is known."""
    found = [pairs(inputs, task, phase) for task in inputs.tasks]
    agreeing, opposed, tied = (sum(getattr(of, name) for of in found) for name in ("agreeing", "opposed", "tied"))
    n = agreeing + opposed
    where = capital(when(phase))
    if not n + tied:
        return ""
    if not n:
        return f"{where} no pair of cells differs in both, so nothing can be said."
    ties = f"; {tied} more {'is' if tied == 1 else 'are'} tied in one of the two" if tied else ""
    if agreeing and opposed:
        said = f"better in {agreeing} and worse in {opposed} of {n} pairs"
    else:
        said = f"{'better' if agreeing else 'worse'} in {'the one pair' if n == 1 else f'all {n} pairs'}"
    return f"{where} the cell with the longer horizon does {said} of cells that differ in both{ties}."
