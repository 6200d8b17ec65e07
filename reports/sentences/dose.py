"""What the causal test says: whether the dose sets the horizon, and whether more is learned the longer it is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from reports import dose_response
from reports.claims import INCONCLUSIVE
from reports.dose_response import Level, Trial
from reports.inputs import Inputs
from reports.names import INIT, at_length, short
from reports.numbers import MINUS, counted, listed, significant
from reports.sentences.claims import estimate, margin
from reports.sentences.gradient import horizon_words
from reports.sentences.words import capital, the
from reports.summaries import Horizon, horizon, rate

CLAIMS = ("horizon-dose-by-gain", "horizon-dose-by-bias")
MORE, LESS, OPEN, UNDEFINED = "more", "less", "open", "undefined"


def value_text(dose: float) -> str:
    """Return a gain or a bias with the minus sign of print."""
    return f"{dose:g}".replace("-", MINUS)


def correlation_text(rho: float) -> str:
    """Return a correlation to two decimals, without a sign where it rounds to zero."""
    return f"{round(rho, 2) + 0.0:.2f}".replace("-", MINUS)


def where(trial: Trial) -> str:
    """Return a task and its length as they stand in a list of several."""
    return f"{short(trial.task)} at {at_length(trial.task, trial.length)}"


def horizon_set(inputs: Inputs, cell: str) -> str:
    """Say how far the doses of a cell move its horizon, and whether always in one direction."""
    parts, rates = [], []
    for trial in dose_response.trials_of(inputs, cell):
        known = _known(inputs, trial)
        if len(known) < 2:
            continue
        (low, first), (high, last) = known[0], known[-1]
        at = [f" at a {trial.knob} of {value_text(dose)}" if not parts else "" for dose in (low, high)]
        parts.append(f"{horizon_words(first)}{at[0]} and {horizon_words(last)}{at[1]} on {where(trial)}")
        spreads = [rate(inputs, setting, INIT, "rate_total") for setting in trial.settings]
        rates += [b.median > a.median for a, b in pairwise(s for s in spreads if s is not None)]
    if not parts:
        return ""
    return (
        f"In {the(cell)} the median horizon before training, in steps, is {listed(parts)}. "
        f"{steps(inputs, [cell], 'it')} The gradient’s rate, which has no such limit, rises at {sum(rates)} of "
        f"{len(rates)}."
    )


def steps(inputs: Inputs, cells: Sequence[str], it: str = "the median horizon") -> str:
    """Say how many steps of the dose lengthen the horizon of cells that share a knob; empty where none is known."""
    trials = [trial for cell in cells for trial in dose_response.trials_of(inputs, cell)]
    signs = [np.sign(_further(a, b)) for trial in trials for (_, a), (_, b) in pairwise(_known(inputs, trial))]
    if not signs:
        return ""
    rises, falls = signs.count(1), signs.count(-1)
    same = len(signs) - rises - falls
    ties = (
        f", and {same} {'leaves' if same == 1 else 'leave'} it the same or beyond the lags that there are"
        if same
        else ""
    )
    return (
        f"Of {counted(len(signs), 'step')} from one {trials[0].knob} to the next {rises} {_makes(rises)} {it} longer "
        f"and {falls} shorter{ties}."
    )


def set_besides(inputs: Inputs) -> str:
    """Say what the highest dose of each cell does to the gradient and the state besides; empty without any."""
    growing, parting = [], []
    for cell in dose_response.cells(inputs):
        tops = [(trial.doses[-1][1], trial.settings[-1]) for trial in dose_response.trials_of(inputs, cell)]
        rows = pd.concat([inputs.rates_of(setting, INIT) for _, setting in tops])
        doses = listed([value_text(dose) for dose in sorted({dose for dose, _ in tops})], "or")
        name = f"{the(cell)} ({dose_response.knob(cell)} {doses})"
        for counts, column, called in ((growing, "rate_total", name), (parting, "lyapunov_max", the(cell))):
            known = rows[column].dropna()
            if len(known):
                networks = " networks" if not counts else ""
                counts.append(f"{int((known > 0).sum())} of {len(known)}{networks} of {called}")
    if not growing or not parting:
        return ""
    return (
        f"At the highest dose, before training, the gradient grows with the lag instead of fading in "
        f"{listed(growing)}; nearby states part (the largest Lyapunov exponent is above zero) in {listed(parting)}."
    )


def direction(inputs: Inputs, trial: Trial) -> str:
    """Return whether more was learned the longer the horizon, or less, by the interval over seeds."""
    found = dose_response.correlation(inputs, trial)
    if found is None:
        return UNDEFINED
    if found.coverage is None or found.low <= 0 <= found.high:
        return OPEN
    return MORE if found.low > 0 else LESS


def summary(inputs: Inputs) -> str:
    """Say over all cells, tasks and lengths in how many more was learned the longer the horizon; empty without any."""
    found = [direction(inputs, trial) for trial in dose_response.trials(inputs)]
    if not found:
        return ""
    more, less = found.count(MORE), found.count(LESS)
    rest = len(found) - more - less
    return (
        f"In {more} of {counted(len(found), 'trial')}, each of one cell on one task and length, more was learned the "
        f"longer the horizon was made, in {less} less{f'; in {rest} no direction is seen' if rest else ''}."
    )


def response(inputs: Inputs, cell: str) -> str:
    """Say on which tasks a cell learned more the longer its horizon, where most, and where a long one did not help."""
    trials = dose_response.trials_of(inputs, cell)
    parts = [_ordered(inputs, cell, trials), _most(inputs, trials), _not_enough(inputs, cell, trials)]
    return " ".join(filter(None, parts))


def at_required_lag(inputs: Inputs, cell: str) -> str:
    """Say how many runs of a cell solved a task with a gradient at the required lag, and without; empty if unknown."""
    parts = []
    for trial in dose_response.trials_of(inputs, cell):
        found = dose_response.split(inputs, trial)
        if found is None or not found.reaching[0] + found.short[0]:
            continue
        told = "" if parts else " runs whose horizon was beyond the required lag before training"
        rest = "" if parts else " of the others"
        test = "" if found.p is None else f", p = {significant(found.p, 2)}"
        parts.append(
            f"{found.reaching[0]} of {found.reaching[1]}{told} and {found.short[0]} of {found.short[1]}{rest} on "
            f"{where(trial)} (lag {trial.required_lag}{test})"
        )
    return f"In {the(cell)}, solved are {'; '.join(parts)}." if parts else ""


def lengthened(inputs: Inputs) -> str:
    """Say how many runs solved their task though the gradient did not reach the required lag before training."""
    splits = [s for trial in dose_response.trials(inputs) if (s := dose_response.split(inputs, trial))]
    if not any(s.short[1] and s.reaching[0] + s.short[0] for s in splits):
        return ""
    solved, after = sum(s.short[0] for s in splits), sum(s.lengthened for s in splits)
    if not solved:
        return "No run whose horizon was short of the required lag solved its task."
    return (
        f"{counted(solved, 'run')} solved {'its' if solved == 1 else 'their'} task from a horizon short of the "
        f"required lag; after training {after} of {solved} {'has' if after == 1 else 'have'} one beyond it."
    )


def verdicts(inputs: Inputs) -> str:
    """Say what became of the claims that were fixed beforehand; empty where they could not be decided."""
    said = []
    for row in inputs.claims:
        if row["id"] in CLAIMS:
            why = f", since {row['reason']}" if row["verdict"] == INCONCLUSIVE else ""
            said.append(
                f"“{row['statement']}” {capital(row['verdict'])}{why}: the mean rank correlation is {estimate(row)}, "
                f"where the claim asks for more than {margin(row)}."
            )
    return " ".join(said)


def result_text(level: Level, any_solved: bool) -> str:
    """Return what a dose came to: seeds solved, or the skill where the task has no criterion or nothing was solved."""
    s = level.score
    return f"{s.n_solved} of {s.n} seeds solved" if any_solved else f"skill {significant(s.skill.median, 2)}"


def any_solved(inputs: Inputs, trials: Sequence[Trial]) -> bool:
    """Say whether any run of some trials of one task and length solved it."""
    return any(level.score.n_solved for trial in trials for level in dose_response.levels(inputs, trial))


def _known(inputs: Inputs, trial: Trial) -> list[tuple[float, Horizon]]:
    """Return the doses that have a horizon before training."""
    found = [horizon(inputs, setting, INIT) for setting in trial.settings]
    return [(dose, h) for (_, dose), h in zip(trial.doses, found, strict=True) if h.spread is not None]


def _further(one: Horizon, other: Horizon) -> float:
    """Return by how much the second median is further; 0 where both are beyond all lags."""
    assert one.spread is not None
    assert other.spread is not None
    return 0.0 if one.censored and other.censored else other.spread.median - one.spread.median


def _ordered(inputs: Inputs, cell: str, trials: Sequence[Trial]) -> str:
    by_direction: dict[str, list[str]] = {}
    for trial in trials:
        found = dose_response.correlation(inputs, trial)
        named = f"{where(trial)} ({correlation_text(found.median)})" if found else where(trial)
        by_direction.setdefault(direction(inputs, trial), []).append(named)
    words = {
        MORE: "more was learned the longer the horizon on {}",
        LESS: "less was learned the longer the horizon on {}",
        OPEN: "no direction is seen on {}",
        UNDEFINED: "nothing can be said on {}, where all doses have one horizon or one result",
    }
    parts = [words[key].format(listed(by_direction[key])) for key in words if key in by_direction]
    numbers = "; in brackets median rank correlations" if set(by_direction) - {UNDEFINED} else ""
    return f"In {the(cell)} {'; '.join(parts)}{numbers}."


def _most(inputs: Inputs, trials: Sequence[Trial]) -> str:
    parts, none = [], []
    for trial in trials:
        top = dose_response.best(inputs, trial)
        if not top:
            none.append(where(trial))
            continue
        doses = [value_text(level.dose) for level in top]
        results = [result_text(level, any_solved(inputs, [trial])) for level in top]
        knob = f"a {trial.knob} of " if not parts else ""
        if len(set(results)) == 1:
            parts.append(f"{knob}{listed(doses, 'or')} on {where(trial)} ({results[0]})")
        else:
            each = [f"{dose} ({result})" for dose, result in zip(doses, results, strict=True)]
            parts.append(f"{knob}{listed(each, 'or')} on {where(trial)}")
    said = [f"Most, by the median over seeds, was learned with {listed(parts)}."] if parts else []
    if none:
        said.append(f"On {listed(none)} no dose does better than the trivial predictor.")
    return " ".join(said)


def _not_enough(inputs: Inputs, cell: str, trials: Sequence[Trial]) -> str:
    parts = []
    for trial in trials:
        doses = [value_text(level.dose) for level in dose_response.worse_though_longer(inputs, trial)]
        if doses:
            parts.append(f"{listed(doses)} on {where(trial)}")
    if parts:
        return (
            f"A long horizon is not enough: less was learned, at a horizon at least as long as that of the best "
            f"{dose_response.knob(cell)}, with {listed(parts)}."
        )
    if any(dose_response.as_long_as_best(inputs, trial) for trial in trials):
        return "At no dose with a horizon at least as long as at the best was less seen to be learned."
    if any(dose_response.best(inputs, trial) for trial in trials):
        return "No other dose is known to have had a horizon at least as long as the best."
    return ""


def _makes(n: int) -> str:
    return "makes" if n == 1 else "make"
