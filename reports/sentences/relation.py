"""Whether cells whose loss reaches further back also do better."""

from __future__ import annotations

import math
from itertools import combinations

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT
from reports.numbers import counted
from reports.sentences.score import scores
from reports.sentences.words import on_task, when
from reports.summaries import horizon


def horizon_and_result(inputs: Inputs, task: str, phase: str) -> str:
    """Say whether the order of the cells' median horizons is that of their results at the greatest length."""
    length = inputs.longest(task)
    found = scores(inputs, task, length)
    reach = {}
    for cell in found:
        h = horizon(inputs, Setting(task, cell, DEFAULT, length), phase)
        if h.spread:
            reach[cell] = h.spread.median
    pairs = list(combinations(reach, 2))
    if not pairs:
        return ""
    agreeing = opposed = 0
    for a, b in pairs:
        by_horizon = 0 if reach[a] == reach[b] else math.copysign(1, reach[a] - reach[b])
        by_result = 0 if found[a].rank == found[b].rank else math.copysign(1, found[a].rank - found[b].rank)
        agreeing += by_horizon * by_result > 0
        opposed += by_horizon * by_result < 0
    where = f"On {on_task(task, length)}, {when(phase)}:"
    if not agreeing + opposed:
        return f"{where} no pair of cells differs in both, so nothing can be said."
    tied = len(pairs) - agreeing - opposed
    if agreeing and not opposed:
        said = "yes. Of two cells that differ in both, the one with the longer horizon always does better"
    elif opposed and not agreeing:
        said = "no, the opposite. Of two cells that differ in both, the one with the longer horizon always does worse"
    else:
        said = "not in general. The cell with the longer horizon does better in some pairs and worse in others"
    ties = f", tied in one of the two {tied}" if tied else ""
    return f"{where} {said} ({counted(len(pairs), 'pair')}: agreeing {agreeing}, opposed {opposed}{ties})."
