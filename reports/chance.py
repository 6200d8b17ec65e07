"""Chance: which error rate is better than guessing, and from which distance on a model does no better."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import bdtr

from reports.inputs import Inputs, Setting

LEVEL = 0.05  # guessing stays below the limit in this share of test sets
TAIL = 0.025  # outside two-sided limits of 95 %, on either side


@dataclass(frozen=True)
class FallBack:
    """Where a model falls back to chance.

    Attributes
    ----------
    at
        The first distance from which on, at every greater one too, at most half of the seeds are above chance; None
        where most are above it at the greatest distance.
    before
        Smaller distances at which at most half are above chance, though most are again at a greater one.
    always
        Whether there is no distance at which most seeds are above chance.
    """

    at: int | None
    before: tuple[int, ...]
    always: bool


def most_errors(n: int, p: float, level: float = LEVEL) -> int:
    """Return the greatest number of errors in n that guessing stays at or below in at most that share of test sets.

    Guessing errs in each example with probability p, independently, so its errors are Binomial(n, p). The distribution
    is summed exactly (one-sided binomial test); -1 where even no error at all would be chance.
    """
    below, above = -1, n  # P(X <= below) is small enough, P(X <= above) = 1 is not
    while above - below > 1:
        middle = (below + above) // 2
        if bdtr(middle, n, p) <= level:
            below = middle
        else:
            above = middle
    return below


def limit(inputs: Inputs, task: str, length: int) -> float:
    """Return the greatest error rate that is above chance on a task's test set, seen against the trivial predictor."""
    n, trivial = _test_set(inputs, task, length)
    return most_errors(n, trivial) / n


def indistinct(inputs: Inputs, task: str, length: int, error: float) -> tuple[float, float]:
    """Return the least and the greatest error rate that a test set cannot tell from a given one.

    They are the two-sided 95 % limits of Binomial(n, error): a predictor with that error rate gets below the least, or
    above the greatest, in at most 2.5 of 100 test sets of n examples each.
    """
    n, _ = _test_set(inputs, task, length)
    # Errors too many are right answers too few.
    return (most_errors(n, error, TAIL) + 1) / n, 1 - (most_errors(n, 1 - error, TAIL) + 1) / n


def above_on_validation(inputs: Inputs, task: str, length: int, error: float) -> bool:
    """Say whether an error rate on a task's validation set is above chance."""
    card = inputs.card(task, length)
    n = int(card["split"]["valid"])
    return round(error * n) <= most_errors(n, float(card["baselines"][card["trivial"]]))


def seeds_above(inputs: Inputs, setting: Setting) -> list[int]:
    """Return the seeds of a setting that are above chance."""
    n, trivial = _test_set(inputs, setting.task, setting.length)
    runs = inputs.runs_of(setting)
    return list(runs.seed[(runs.value * n).round() <= most_errors(n, trivial)])


def n_above(inputs: Inputs, setting: Setting) -> int:
    """Return how many of a setting's seeds are above chance."""
    return len(seeds_above(inputs, setting))


def mostly_above(inputs: Inputs, setting: Setting) -> bool:
    """Say whether more than half of a setting's seeds are above chance."""
    return 2 * n_above(inputs, setting) > len(inputs.runs_of(setting))


def fall_back(inputs: Inputs, task: str, cell: str, variant: str) -> FallBack:
    """Find where a model falls back to chance."""
    lengths = inputs.lengths(task)
    above = [length for length in lengths if mostly_above(inputs, Setting(task, cell, variant, length))]
    after = [length for length in lengths if not above or length > above[-1]]
    return FallBack(
        at=after[0] if after else None,
        before=tuple(length for length in lengths if length not in above and length not in after),
        always=not above,
    )


def _test_set(inputs: Inputs, task: str, length: int) -> tuple[int, float]:
    """Return the size of a test set and the trivial predictor's error rate on it."""
    card = inputs.card(task, length)
    return int(card["split"]["test"]), float(card["baselines"][card["trivial"]])
