"""Where the seeds of one cell disagree so widely that their median describes no typical one of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from reports import chance
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, at_length
from reports.sentences.words import the

WIDE = 10.0  # points of accuracy between the second lowest and the second highest seed
GAP = 5.0  # points between neighbouring seeds above chance that are not of one group


def seeds_disagree(inputs: Inputs, task: str) -> str:
    """Say where the defaults' seeds disagree widely, and how many of them reach what; empty where they do nowhere.

    A single seed may lie anywhere, so the lowest and the highest do not count: fewer than four never disagree.
    """
    parts = []
    for cell in inputs.cells:
        for length in inputs.lengths(task):
            setting = Setting(task, cell, DEFAULT, length)
            found = sorted(100 * (1 - inputs.runs_of(setting).value))
            if len(found) < 4 or found[-2] - found[1] <= WIDE:
                continue
            n_low = len(found) - chance.n_above(inputs, setting)
            groups = [f"{len(group)} {_from_to(group)}" for group in _apart(found[n_low:])]
            at_chance = [f"{n_low} at chance {_from_to(found[:n_low])}"] if n_low else []
            parts.append(f"{the(cell)} at {at_length(task, length)} ({', '.join([*at_chance, *groups])})")
    if not parts:
        return ""
    return (
        f"Where more than {WIDE:.0f} points lie between the second lowest and the second highest seed, the median "
        f"describes no typical network. So it is in these cases (seeds, with their accuracy in per cent): "
        f"{'; '.join(parts)}."
    )


def _apart(found: Sequence[float]) -> list[list[float]]:
    """Return sorted accuracies in groups between which there are wide gaps."""
    groups = [[found[0]]] if found else []
    for before, after in pairwise(found):
        if after - before > GAP:
            groups.append([])
        groups[-1].append(after)
    return groups


def _from_to(group: Sequence[float]) -> str:
    return f"from {group[0]:.1f} to {group[-1]:.1f}" if len(group) > 1 else f"with {group[0]:.1f}"
