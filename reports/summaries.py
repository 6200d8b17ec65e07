"""What the seeds of one setting come to; figures, tables and sentences all take their numbers from here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from reports import chance
from reports.inputs import Inputs, Setting
from reports.statistics import Spread, spread
from reports.tables import RUN_COLUMNS

COUNTED = ("errors", "sequences", "beyond", "illegal")  # ways of scoring that are a share of a test set's examples
STOPS = ("solved", "stalled", "budget", "diverged")


@dataclass(frozen=True)
class Score:
    """Test scores of a setting's seeds.

    Attributes
    ----------
    n_solved
        None where the task has no criterion.
    beats_trivial
        Whether the median is better than the trivial predictor, or, where errors are counted, whether most seeds make
        fewer than guessing would.
    learned
        Whether most seeds are solved; without a criterion, whether the trivial predictor is beaten.
    """

    n: int
    value: Spread
    skill: Spread
    n_solved: int | None
    stops: dict[str, int]
    n_parameters: int
    beats_trivial: bool
    learned: bool

    @property
    def rank(self) -> float:
        """What results of one task and length are ranked by, the higher the better.

        A run stops at its first check below the criterion, so among solved runs the score ranks nothing: where there
        is a criterion the share of seeds solved counts, else the median score.
        """
        return -self.value.median if self.n_solved is None else self.n_solved / self.n

    @property
    def mostly_solved(self) -> bool:
        """More than half of the seeds are solved."""
        return self.n_solved is not None and _most(self.n_solved, self.n)


@dataclass(frozen=True)
class Horizon:
    """Memory horizons of a setting's seeds in one phase.

    Attributes
    ----------
    spread
        None where no seed has a horizon.
    censored
        Whether of the middle seed's horizon only a bound is known.
    bound
        What a censored horizon is at least: the number of lags that were measured; None where no seed's is censored.
    n_censored, n_missing
        Seeds whose horizon is censored, and seeds that have none.
    """

    spread: Spread | None
    censored: bool
    bound: int | None
    n: int
    n_censored: int
    n_missing: int


@cache
def score(inputs: Inputs, setting: Setting) -> Score | None:
    """Summarise a setting's test scores; None where it was not trained."""
    runs = inputs.runs_of(setting)
    value, skill = spread(runs.value), spread(runs.skill)
    if value is None or skill is None:
        return None
    solved = runs.solved.dropna()
    n_solved = int(solved.astype(bool).sum()) if len(solved) else None
    better = chance.mostly_above(inputs, setting) if counts_errors(inputs, setting.task) else skill.median > 0
    counts = Counter(runs.stopped_by)
    return Score(
        n=len(runs),
        value=value,
        skill=skill,
        n_solved=n_solved,
        stops={stop: counts[stop] for stop in ordered_stops(set(counts))},
        n_parameters=int(runs.n_parameters.max()),
        beats_trivial=better,
        learned=better if n_solved is None else _most(n_solved, len(runs)),
    )


def counts_errors(inputs: Inputs, task: str) -> bool:
    """Say whether a task is scored by the share of examples that are wrong, whatever makes an example wrong."""
    return inputs.card(task)["scored_by"] in COUNTED


def compare(one: Score, other: Score) -> int:
    """Return 1 where one result is better than another of the same task and length, −1 where worse, 0 for a tie.

    Two results that are both not learned are a tie: the order of guesses is chance.
    """
    if not (one.learned or other.learned):
        return 0
    return (one.rank > other.rank) - (one.rank < other.rank)


def compare_with(inputs: Inputs, task: str, length: int, value: float, simple: float) -> int:
    """Return 1 where a score is better than that of a simple predictor, −1 where worse, 0 where no difference is seen.

    Where errors are counted, a difference is seen outside the binomial limits of the test set around the predictor's.
    """
    if counts_errors(inputs, task):
        best, worst = chance.indistinct(inputs, task, length, simple)
        return (value < best) - (value > worst)
    return (value < simple) - (value > simple)


def ordered_stops(found: set[str]) -> list[str]:
    """Return ways of stopping in their order from good to bad."""
    return [stop for stop in STOPS if stop in found] + sorted(found - set(STOPS))


@cache
def baseline(inputs: Inputs, task: str, length: int) -> tuple[float, float | None]:
    """Return a task's trivial and classical scores at a length."""
    runs = inputs.runs[(inputs.runs.task == task) & (inputs.runs.length == length)]
    classical = runs.classical.dropna()
    return float(runs.baseline.iloc[0]), float(classical.iloc[0]) if len(classical) else None


@cache
def gradient_by_lag(inputs: Inputs, setting: Setting, phase: str) -> pd.DataFrame:
    """Return, by lag, the spread over seeds of the median over samples of log10 of the gradient's relative norm.

    A seed with more than half of its samples at exactly zero ranks below every number, as its median does (``median``
    may then be -inf); a seed whose value is undefined is left out. Columns: lag, median, low, high, n, n_zero (seeds
    that rank below every number); one row a lag with a seed left.
    """
    rows = inputs.gradients_of(setting, phase)
    by_lag = rows.pivot(index="lag", columns="seed", values=["n_samples", "n_zero", "log10_norm_q50"])
    if by_lag.empty:
        return spreads(pd.DataFrame(index=pd.Index([], name="lag")))
    norm, n_samples = by_lag["log10_norm_q50"], by_lag["n_samples"]
    # The table's quantiles leave zeros out, so they alone would not tell. Lags that few sequences have do not count.
    mostly_zero = (2 * by_lag["n_zero"] > n_samples) & (2 * n_samples >= n_samples.loc[0])
    return spreads(norm.mask(mostly_zero, -np.inf))


def spreads(by_seed: pd.DataFrame) -> pd.DataFrame:
    """Return the spread over seeds at every place of a line.

    Parameters
    ----------
    by_seed
        One row a place, named by the index, one column a seed; NaN where a seed has no value, -inf ranks below all.

    Returns
    -------
    Columns: the index, median, low, high, n, n_zero (seeds at -inf); one row a place where a seed has a value.
    """
    values = by_seed.to_numpy(dtype=float)
    found = [(place, spread(row[~np.isnan(row)])) for place, row in zip(by_seed.index, values, strict=True)]
    n_zero = np.isneginf(values).sum(axis=1)
    known = [(at, s.median, s.low, s.high, s.n, z) for (at, s), z in zip(found, n_zero, strict=True) if s is not None]
    return pd.DataFrame(known, columns=[by_seed.index.name, "median", "low", "high", "n", "n_zero"], dtype=float)


def gradient_furthest_back(inputs: Inputs, setting: Setting, phase: str) -> Spread | None:
    """Return log10 of what is left of the gradient at the greatest lag that was measured."""
    table = gradient_by_lag(inputs, setting, phase)
    if table.empty:
        return None
    last = table.iloc[-1]
    return Spread(int(last.n), float(last["median"]), float(last.low), float(last.high), None)


@cache
def equally_long(inputs: Inputs, task: str) -> bool:
    """Say whether the sequences of a task are of one length, so that its greatest lag is the first step of each.

    Where they are not, fewer samples have the greater lags, and the greatest is one that at least half of them have.
    """
    rows = inputs.gradients[inputs.gradients.task == task]
    return bool((rows.groupby([*RUN_COLUMNS, "phase", "step"], observed=True).n_samples.nunique() <= 1).all())


@cache
def horizon(inputs: Inputs, setting: Setting, phase: str, trained_seeds: bool = False) -> Horizon:
    """Summarise a setting's memory horizons; a censored one ranks above every lag.

    Parameters
    ----------
    trained_seeds
        Whether only the weight draws count that were also trained, so that a network is compared with itself.
    """
    rows = inputs.rates_of(setting, phase)
    return horizon_of(rows[rows.seed.isin(inputs.seeds)] if trained_seeds else rows)


def horizon_of(rows: pd.DataFrame) -> Horizon:
    """Summarise the horizons in rows with the columns ``horizon`` and ``horizon_censored``, one a seed."""
    known = rows.dropna(subset=["horizon"]).sort_values("horizon")
    censored = known.horizon_censored.astype(bool)
    ranked = known.horizon.mask(censored, np.inf).sort_values()
    middle = spread(ranked)
    return Horizon(
        spread=middle,
        censored=middle is not None and bool(np.isinf(middle.median)),
        bound=int(known.horizon[censored].min()) if censored.any() else None,
        n=len(rows),
        n_censored=int(censored.sum()),
        n_missing=len(rows) - len(known),
    )


def rate(inputs: Inputs, setting: Setting, phase: str, column: str) -> Spread | None:
    """Return the spread over seeds of a column of ``rates``; None where no seed has a value."""
    return spread(inputs.rates_of(setting, phase)[column].dropna())


def _most(n: int, of: int) -> bool:
    return 2 * n > of
