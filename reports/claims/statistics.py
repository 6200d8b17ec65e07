"""What claims are about: each function turns the tables that a claim needs into one number a unit.

Where two models are compared, it is the first that the number speaks of. Before training there is one network for each
draw of weights; networks of different tasks, lengths, cells and variants are drawn independently. Runs of two models on
one task, length and seed are trained on the same data. The greatest length of a task is that at which all models of a
claim were measured, or trained.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.claims.evidence import Evidence
from reports.learning import MODEL, RUN, beyond_window, rank_correlations
from reports.names import INIT, TRAINED

Array = NDArray[Any]
BOUNDS = (4.0, 10.0)  # of sigmoid: the gain of the sufficient bound, and one below the boundary, 10.15
CHAOS = 2.0  # gain from which on a large tanh network without noise is far beyond its boundary, 1
LONG = 200  # steps


# --- before training ------------------------------------------------------------------------------------------------


def exponent_from_ln_radius(e: Evidence) -> Array:
    """Return |lyapunov_max - ln rho| of each network at the greatest length."""
    found = _longest(e, _in(e.rates, INIT)).dropna()
    return _values((found.lyapunov_max - np.log(found.w_spectral_radius)).abs())


def weights_from_ln_radius(e: Evidence) -> Array:
    """Return |unit_slopes_weights - ln rho| of each network at the greatest length."""
    found = _longest(e, _in(e.rates, INIT)).dropna()
    return _values((found.unit_slopes_weights - np.log(found.w_spectral_radius)).abs())


def slopes_rate(e: Evidence) -> Array:
    """Return rate_slopes of each network at the greatest length."""
    return _values(_longest(e, _in(e.rates, INIT)).rate_slopes.dropna())


def rate_difference(e: Evidence) -> Array:
    """Return rate_total of the first model minus that of the second, for each pair of networks."""
    first, second = _pair(_longest(e, _in(e.rates, INIT)), "rate_total", e)
    return _values(first - second)


def doublings_before_training(e: Evidence) -> Array:
    """Return log2 of the first model's horizon over the second's, for each pair of networks at the greatest length."""
    first, second = _pair(_longest(e, _in(e.rates, INIT)), "horizon", e)
    return _values(np.log2(first / second))


def grows_above_one(e: Evidence) -> Array:
    """Return 1 where the gradient grows with the lag, 0 where not, for each network with sigma_max above 1."""
    found = _longest(e, _in(e.rates, INIT)).dropna()
    return _values(found.rate_total[found.w_sigma_max > 1] > 0)


def reaches_the_beginning(e: Evidence) -> Array:
    """Return 1 where the horizon reaches the beginning, 0 where not, for each network at the greatest length."""
    found = _longest(e, _in(e.rates, INIT)).dropna()
    return _values(found.horizon_censored[found.length >= LONG])


def stretches_nowhere(e: Evidence) -> Array:
    """Return 1 where sigma_max of ds_T/ds_t is at most 1 at every lag, for each network with a radius below 1."""
    by_lag = _in(e.gradients, INIT)
    most = by_lag[by_lag.lag > 0].groupby(RUN, observed=True).log10_sigma_max.max()
    small = _longest(e, _in(e.rates, INIT))
    small = small[small.w_spectral_radius < 1].set_index(RUN).index
    return _values(most[most.index.isin(small)] <= 0)


# --- random networks ------------------------------------------------------------------------------------------------


def exponent_from_theory(e: Evidence) -> Array:
    """Return the mean |lyapunov_max - theory| of settings with chaos or noise, for each matrix of the largest size."""
    found = _networks(e)
    found = found[(found["size"] == found["size"].max()) & ((found.gain >= CHAOS) | (found.noise > 0))]
    return _values((found.lyapunov_max - found.theory).abs().groupby(found.seed).mean())


def greatest_exponent_beyond_bound(e: Evidence) -> Array:
    """Return the greatest exponent at gains between the sufficient bound and the boundary, for each matrix."""
    found = _networks(e)
    return _by_matrix(found[(found.gain > BOUNDS[0]) & (found.gain < BOUNDS[1]) & (found.noise == 0)])


def greatest_exponent_of_chaos(e: Evidence) -> Array:
    """Return the greatest exponent at gains of at least ``CHAOS``, for each matrix."""
    found = _networks(e)
    return _by_matrix(found[(found.gain >= CHAOS) & (found.noise == 0)])


# --- runs -----------------------------------------------------------------------------------------------------------


def solved_by_one(e: Evidence) -> Array:
    """Return 1 where the first model alone solved, -1 the second alone, 0 else, by pair at the greatest length."""
    first, second = _pair(_longest(e, e.runs), "solved", e)
    return _values(first.astype(int) - second.astype(int))


def diverged_by_one(e: Evidence) -> Array:
    """Return 1 where the first model alone diverged, -1 the second alone, 0 else, for each pair."""
    first, second = _pair(e.runs, "status", e)
    return _values((first == "diverged").astype(int) - (second == "diverged").astype(int))


def steps_to_solve(e: Evidence) -> Array:
    """Return two rows, of the first and the second model: updates until solved at the greatest length, or infinite."""
    runs = _longest(e, e.runs[e.runs.solved.notna()])
    solving = runs.assign(solving=runs.steps.where(runs.solved.astype(bool), np.inf))
    return np.stack([_values(steps) for steps in _pair(solving, "solving", e)])


def gap_narrowed(e: Evidence) -> Array:
    """Return by seed how much log2 of steps(first)/steps(second) exceeds that of steps(third)/steps(fourth).

    A run that did not solve its task, also one that diverged early, counts with the most updates that a run on that
    task made, so that a gap is rather understated.
    """
    runs = e.runs[e.runs.solved.notna()]
    most = runs.groupby("task").steps.transform("max")
    runs = runs.assign(steps=runs.steps.where(runs.solved.astype(bool), most))
    a, b, c, d = (np.log2(_of(runs, "steps", model)) for model in e.models)
    return _values(((a - b) - (c - d)).dropna().groupby("seed").mean())


def doublings_after_training(e: Evidence) -> Array:
    """Return log2 of the first model's horizon over the second's by task and seed, mean over lengths."""
    first, second = _pair(_in(e.rates, TRAINED), "horizon", e)
    return _values(np.log2(first / second).groupby(["task", "seed"]).mean())


def above_classical_when_truncated(e: Evidence) -> Array:
    """Return by seed value - classical, mean over lengths whose required lag is beyond the window of training."""
    runs = e.runs.dropna()
    of_runs = zip(runs.task, runs.variant, runs.length, strict=True)
    found = runs[np.array([beyond_window(*of_run) is True for of_run in of_runs], bool)]
    return _values((found.value - found.classical).groupby(found.seed).mean())


def learning_by_trained_horizon(e: Evidence) -> Array:
    """Return by seed the rank correlation of horizon after training and learning across models, a mean of strata."""
    return _rank_correlations(e, TRAINED, ["task", "length"])


def learning_by_initial_horizon(e: Evidence) -> Array:
    """Return the same for the horizon before training."""
    return _rank_correlations(e, INIT, ["task", "length"])


def learning_by_dose(e: Evidence) -> Array:
    """Return the same for the horizon before training across variants of one cell."""
    return _rank_correlations(e, INIT, ["task", "length", "cell"])


# --- what they share ------------------------------------------------------------------------------------------------


def _in(frame: pd.DataFrame, phase: str) -> pd.DataFrame:
    return frame[frame.phase == phase]


def _longest(e: Evidence, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows at each task's greatest length that has all models of the claim."""
    n_models = frame.drop_duplicates(["task", "length", *MODEL]).groupby(["task", "length"]).size()
    complete = n_models[n_models == len(e.models)].reset_index()
    longest = complete.groupby("task").length.max()
    return frame[frame.length == frame.task.map(longest)]


def _of(frame: pd.DataFrame, column: str, model: tuple[str, str]) -> pd.Series:
    """Return a model's values of a column, where it has any, by task, length and seed."""
    cell, variant = model
    return frame[(frame.cell == cell) & (frame.variant == variant)].set_index(RUN)[column].dropna()


def _pair(frame: pd.DataFrame, column: str, e: Evidence) -> tuple[pd.Series, pd.Series]:
    """Return a column of the claim's two models, where both have a value."""
    first, second = (_of(frame, column, model) for model in e.models)
    both = first.index.intersection(second.index).sort_values()
    return first[both], second[both]


def _networks(e: Evidence) -> pd.DataFrame:
    """Return one row a random network, in place of one a lag."""
    names = ["activation", "gain", "noise", "size", "seed"]
    return e.phase.drop_duplicates(names).dropna(subset="lyapunov_max")


def _by_matrix(networks: pd.DataFrame) -> Array:
    return _values(networks.groupby(["size", "seed"]).lyapunov_max.max())


def _rank_correlations(e: Evidence, phase: str, stratum: list[str]) -> Array:
    """Return by seed the mean over strata of the rank correlation of horizon and learning."""
    found = rank_correlations(e.runs, _in(e.rates, phase), stratum)
    return _values(found.groupby("seed").rho.mean())


def _values(series: pd.Series) -> Array:
    return series.sort_index().to_numpy(float)


STATISTICS: dict[str, Callable[[Evidence], Array]] = {
    statistic.__name__: statistic
    for statistic in (
        exponent_from_ln_radius,
        weights_from_ln_radius,
        slopes_rate,
        rate_difference,
        doublings_before_training,
        grows_above_one,
        reaches_the_beginning,
        stretches_nowhere,
        exponent_from_theory,
        greatest_exponent_beyond_bound,
        greatest_exponent_of_chaos,
        solved_by_one,
        diverged_by_one,
        steps_to_solve,
        gap_narrowed,
        doublings_after_training,
        above_classical_when_truncated,
        learning_by_trained_horizon,
        learning_by_initial_horizon,
        learning_by_dose,
    )
}
