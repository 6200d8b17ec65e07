"""The horizon as a dose: variants of one cell that differ in a gain or a gate's bias alone, and what each learned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import pandas as pd
from scipy import stats

from reports.inputs import Inputs, Setting
from reports.learning import learned, rank_correlations
from reports.names import DEFAULT, GATES, INIT, TRAINED
from reports.statistics import Spread, spread
from reports.summaries import Horizon, Score, horizon, rate, score
from rnn.tasks import TASKS
from rnn.variants import VARIANTS

GAIN, BIAS = "gain", "gate bias"
LEAST = 3  # doses: two have one order or the other, which is no relation


@dataclass(frozen=True)
class Trial:
    """One cell on one task at one length, and the doses that it was given, the lowest first.

    Attributes
    ----------
    doses
        (variant, gain or gate bias).
    """

    task: str
    length: int
    cell: str
    doses: tuple[tuple[str, float], ...]

    @property
    def knob(self) -> str:
        """What sets the dose."""
        return knob(self.cell)

    @property
    def settings(self) -> list[Setting]:
        """The doses as settings, in their order."""
        return [Setting(self.task, self.cell, variant, self.length) for variant, _ in self.doses]

    @property
    def required_lag(self) -> int | None:
        """How far back a gradient must reach at least; None where the task also asks for near steps."""
        return TASKS[self.task].required_lag(self.length) if self.task in TASKS else None


@dataclass(frozen=True)
class Level:
    """What one dose of a trial came to.

    Attributes
    ----------
    before
        Horizons of the trained seeds before training.
    rate
        Growth of the gradient before training, by which censored horizons are told apart; None where it is undefined.
    learned
        Rank of its middle run by what was learned, of two middle ones the lower; only its order means anything. A mean
        of the two would mix scales where one of them is solved, since those rank by updates and others by skill.
    """

    variant: str
    dose: float
    before: Horizon
    rate: Spread | None
    score: Score
    learned: float

    @property
    def reach(self) -> float:
        """The median horizon before training; infinite where only a bound is known."""
        assert self.before.spread is not None
        return self.before.spread.median

    def reaches_as_far_as(self, other: Level) -> bool:
        """Say whether its horizon is known to be at least as long; of two censored ones the larger rate is longer."""
        if self.before.censored and other.before.censored:
            return self.rate is not None and other.rate is not None and self.rate.median >= other.rate.median
        return self.reach >= other.reach


@dataclass(frozen=True)
class Split:
    """Runs of a trial by whether the gradient reached the required lag before training.

    Attributes
    ----------
    reaching, short
        (solved, all) runs whose horizon before training is beyond the required lag, and the others.
    lengthened
        Of the others that solved their task, those whose horizon after training is beyond it.
    p
        Fisher's exact test, two-sided; None where all runs are on one side, or all are solved, or none.
    """

    reaching: tuple[int, int]
    short: tuple[int, int]
    lengthened: int
    p: float | None


def knob(cell: str) -> str:
    """Return what sets a cell's horizon from outside."""
    return BIAS if cell in GATES else GAIN


@cache
def trials(inputs: Inputs) -> tuple[Trial, ...]:
    """Return the cells on tasks and lengths at which they were given several doses, in the order of the report."""
    found = []
    for task in inputs.tasks:
        for length in inputs.lengths(task):
            trained = inputs.models_at(task, length)
            for cell in inputs.cells:
                doses = [(v, _dose(cell, v)) for c, v in trained if c == cell and _is_dose(cell, v)]
                if len(doses) >= LEAST:
                    found.append(Trial(task, length, cell, tuple(sorted(doses, key=lambda dose: dose[1]))))
    return tuple(found)


def trials_of(inputs: Inputs, cell: str) -> list[Trial]:
    """Return the trials of one cell."""
    return [trial for trial in trials(inputs) if trial.cell == cell]


def cells(inputs: Inputs) -> list[str]:
    """Return the cells that were given several doses anywhere."""
    return [cell for cell in inputs.cells if trials_of(inputs, cell)]


@cache
def levels(inputs: Inputs, trial: Trial) -> tuple[Level, ...]:
    """Return what each dose came to; one without any horizon is left out."""
    found = []
    for (variant, dose), setting in zip(trial.doses, trial.settings, strict=True):
        before = horizon(inputs, setting, INIT, trained_seeds=True)
        s = score(inputs, setting)
        if before.spread is not None and s is not None:
            middle = float(learned(inputs.runs_of(setting)).quantile(interpolation="lower"))
            found.append(Level(variant, dose, before, rate(inputs, setting, INIT, "rate_total"), s, middle))
    return tuple(found)


def best(inputs: Inputs, trial: Trial) -> list[Level]:
    """Return the dose at which most was learned, several where they tie; none where no dose beats guessing.

    Of doses whose middle runs tie, that with more seeds solved is the better.
    """
    found = levels(inputs, trial)
    if not any(level.score.beats_trivial for level in found):
        return []
    results = [(level.learned, level.score.n_solved or 0) for level in found]
    return [level for level, result in zip(found, results, strict=True) if result == max(results)]


def as_long_as_best(inputs: Inputs, trial: Trial) -> list[Level]:
    """Return doses that are not the best and whose horizon is known to be at least as long as that of the best."""
    top = best(inputs, trial)
    return [level for level in levels(inputs, trial) if top and level not in top and level.reaches_as_far_as(top[0])]


def worse_though_longer(inputs: Inputs, trial: Trial) -> list[Level]:
    """Return doses whose horizon is at least as long as that of the best, at which less is seen to be learned.

    Less is seen where the interval of the paired differences over seeds is all on one side.
    """
    longer = as_long_as_best(inputs, trial)
    if not longer:
        return []
    top, runs = best(inputs, trial), _runs(inputs, trial)
    by_variant = runs.assign(learned=learned(runs)).pivot(index="seed", columns="variant", values="learned")
    found = []
    for level in longer:
        less = spread((by_variant[top[0].variant] - by_variant[level.variant]).dropna())
        if less is not None and less.coverage is not None and less.low > 0:
            found.append(level)
    return found


@cache
def correlation(inputs: Inputs, trial: Trial) -> Spread | None:
    """Return the spread over seeds of the rank correlation of horizon and learning across doses; None without any."""
    runs, before = _runs(inputs, trial), _rates(inputs, trial, INIT)
    return spread(rank_correlations(runs, before, ["task", "length", "cell"]).rho)


@cache
def split(inputs: Inputs, trial: Trial) -> Split | None:
    """Return how runs with and without a gradient at the required lag fared; None where lag or criterion is unknown."""
    lag, runs = trial.required_lag, _runs(inputs, trial)
    if lag is None or runs.solved.isna().any():
        return None
    found = runs.set_index(["variant", "seed"])[["solved"]].astype(bool)
    for phase in (INIT, TRAINED):
        found[phase] = _rates(inputs, trial, phase).set_index(["variant", "seed"]).horizon
    found = found.dropna(subset=[INIT])
    # the horizon is the first lag with less than the threshold, so at the required lag there must still be more
    reaches = found[INIT] > lag
    (a, n_reaching), (b, n_short) = n = [
        (int(side.solved.sum()), len(side)) for side in (found[reaches], found[~reaches])
    ]
    table = [[a, n_reaching - a], [b, n_short - b]]
    decided = n_reaching and n_short and 0 < a + b < len(found)
    return Split(
        reaching=n[0],
        short=n[1],
        lengthened=int((found.solved & ~reaches & (found[TRAINED] > lag)).sum()),
        p=float(stats.fisher_exact(table).pvalue) if decided else None,
    )


def _dose(cell: str, variant: str) -> float:
    return VARIANTS[variant].gate_bias if cell in GATES else VARIANTS[variant].gain


def _is_dose(cell: str, variant: str) -> bool:
    """Say whether a variant differs from the default in the cell's dose alone."""
    if variant not in VARIANTS:
        return False
    found, default = VARIANTS[variant], VARIANTS[DEFAULT]
    field = "gate_bias" if cell in GATES else "gain"
    same = {"description": found.description, "cells": found.cells, field: getattr(found, field)}
    return replace(default, **same) == found


def _runs(inputs: Inputs, trial: Trial) -> pd.DataFrame:
    return pd.concat([inputs.runs_of(setting) for setting in trial.settings])


def _rates(inputs: Inputs, trial: Trial, phase: str) -> pd.DataFrame:
    return pd.concat([inputs.rates_of(setting, phase) for setting in trial.settings])
