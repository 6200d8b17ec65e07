"""The factors of the lecture's formula in numbers: rates, and lines over lags, indices and training steps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, EARLY, INIT, TRAINED
from reports.statistics import Spread, spread
from reports.summaries import Horizon, horizon, horizon_of, spreads
from reports.variants import ACTIVATIONS, charted

VANILLA, LINEAR = "rnn", "linear"


@dataclass(frozen=True)
class Share:
    """How many of several networks have a property."""

    n: int
    of: int


@dataclass(frozen=True)
class Linear:
    """Linear networks before training, at all lengths: the asymptotic rate beside the spectral radius of W_hh.

    Attributes
    ----------
    apart
        Greatest difference of the largest Lyapunov exponent and ln rho, nats a step; None where none is measured.
    off
        Median difference of the gradient's growth and ln rho at each length, nats a step, without its sign.
    grows, fades
        Of the networks with rho above (below) 1 those whose gradient grows (fades) over the later half of the lags.
    """

    n: int
    apart: float | None
    off: dict[int, float]
    grows: Share
    fades: Share


def slopes_cost_more(inputs: Inputs, setting: Setting, phase: str) -> Share:
    """Count the networks whose gradient loses more by slopes than by weights, each along its own gradient."""
    rows = inputs.rates_of(setting, phase).dropna(subset=["rate_slopes", "rate_weights"])
    return Share(int((rows.rate_slopes < rows.rate_weights).sum()), len(rows))


def largest_remainder(inputs: Inputs) -> tuple[int, float]:
    """Return over how many rows of ``rates`` slopes and weights add up to the total, and to within what."""
    left = (inputs.rates.rate_total - inputs.rates.rate_slopes - inputs.rates.rate_weights).abs().dropna()
    return len(left), float(left.max()) if len(left) else 0.0


def largest_remainder_of_spectra(inputs: Inputs) -> tuple[int, float]:
    """Return the same for the mean exponent and its parts."""
    left = (inputs.rates.lyapunov_mean - inputs.rates.mean_slopes - inputs.rates.mean_weights).abs().dropna()
    return len(left), float(left.max()) if len(left) else 0.0


def above_exponent(inputs: Inputs, setting: Setting, phase: str) -> tuple[Share, float] | None:
    """Count the networks whose gradient grows faster than the largest Lyapunov exponent, or fades more slowly.

    Returns
    -------
    The count, and the median difference in nats a step; None where no network has both.
    """
    rows = inputs.rates_of(setting, phase).dropna(subset=["rate_total", "lyapunov_max"])
    difference = rows.rate_total - rows.lyapunov_max
    s = spread(difference)
    return None if s is None else (Share(int((difference > 0).sum()), s.n), s.median)


def predicted(inputs: Inputs, setting: Setting, phase: str, column: str, lag: int) -> float | None:
    """Return log10 of what W_hh's spectral radius or norm alone would leave at a lag: the median of either, to the lag.

    Parameters
    ----------
    column
        ``w_spectral_radius`` or ``w_sigma_max``.
    """
    s = spread(inputs.rates_of(setting, phase)[column].dropna())
    return None if s is None or s.median <= 0 else lag * math.log10(s.median)


@cache
def linear_networks(inputs: Inputs, task: str) -> pd.DataFrame:
    """Return the rows of ``rates`` of linear networks before training, with a column log_radius."""
    rows = inputs.rates
    rows = rows[(rows.task == task) & (rows.cell == VANILLA) & (rows.variant == LINEAR) & (rows.phase == INIT)]
    rows = rows.dropna(subset=["rate_total", "w_spectral_radius"])
    return rows.assign(log_radius=np.log(rows.w_spectral_radius))


def linear(inputs: Inputs, task: str, length: int) -> Linear:
    """Summarise the linear networks of a task: exponents at all lengths, growth at one."""
    every = linear_networks(inputs, task)
    apart = (every.lyapunov_max - every.log_radius).abs().dropna()
    rows = every[every.length == length]
    above, below = rows[rows.log_radius > 0], rows[rows.log_radius < 0]
    return Linear(
        n=len(apart),
        apart=float(apart.max()) if len(apart) else None,
        off={int(n): float((of.rate_total - of.log_radius).abs().median()) for n, of in every.groupby("length")},
        grows=Share(int((above.rate_total > 0).sum()), len(above)),
        fades=Share(int((below.rate_total < 0).sum()), len(below)),
    )


@cache
def stretch_by_lag(inputs: Inputs, setting: Setting, phase: str) -> pd.DataFrame:
    """Return, by lag, the spread over seeds of log10 sigma_max of ds_T/ds_t, as ``spreads`` does; -inf where zero."""
    return spreads(_stretch(inputs, setting, phase))


def transient_by_lag(inputs: Inputs, setting: Setting) -> pd.DataFrame:
    """Return log10 sigma_max of ds_T/ds_t by lag (rows) and seed before training, where rho(W_hh) is below 1."""
    by_seed = _stretch(inputs, setting, INIT)
    rates = inputs.rates_of(setting, INIT).set_index("seed")
    return by_seed[rates[rates.w_spectral_radius < 1].index.intersection(by_seed.columns)]


def transients(inputs: Inputs, setting: Setting) -> tuple[Share, float]:
    """Count the networks with rho(W_hh) below 1 whose Jacobians stretch some direction first, before training.

    Returns
    -------
    The count, and the median of the greatest stretching of those that do, as a factor (1 where none does).
    """
    peaks = transient_by_lag(inputs, setting).max()
    stretching = peaks[peaks > 0]
    factor = 10 ** float(stretching.median()) if len(stretching) else 1.0
    return Share(len(stretching), len(peaks)), factor


@cache
def spectrum(inputs: Inputs, setting: Setting, phase: str) -> pd.DataFrame:
    """Return, by index, the spread over seeds of the Lyapunov exponents, as ``spreads`` does.

    Only networks of which all exponents were measured count, so that a line is about the same ones from end to end.
    """
    rows = inputs.spectra_of(setting, phase)
    size = rows.groupby("seed")["index"].transform("size")
    whole = rows[size == size.max()].assign(exponent=lambda kept: kept.exponent.fillna(-np.inf))
    return spreads(whole.pivot(index="index", columns="seed", values="exponent"))


@cache
def cumulated(inputs: Inputs, setting: Setting, phase: str) -> pd.DataFrame:
    """Return how much of sum |share| comes from the last steps together, spread over seeds, as ``spreads`` does."""
    return spreads(_cumulated(inputs, setting, phase))


def half_from(inputs: Inputs, setting: Setting, phase: str) -> Spread | None:
    """Return from how many last steps half of sum |share| comes; None where no seed has a weight gradient."""
    every = _cumulated(inputs, setting, phase)
    return spread([float(every.index[np.argmax(every[seed].to_numpy() >= 0.5)]) for seed in every.columns])


@cache
def horizons_over_steps(inputs: Inputs, setting: Setting) -> dict[tuple[str, int], Horizon]:
    """Return the horizons of the trained seeds by phase and training step; when trained, the step is each run's own."""
    early = inputs.rates_of(setting, EARLY)
    return {
        (INIT, 0): horizon(inputs, setting, INIT, trained_seeds=True),
        **{(EARLY, int(step)): horizon_of(rows) for step, rows in early.groupby("step")},
        (TRAINED, -1): horizon(inputs, setting, TRAINED),
    }


def horizon_by(inputs: Inputs, setting: Setting, phase: str, step: int, threshold: float, crossing: str) -> Horizon:
    """Return the horizons by another definition; ``step`` tells steps of the phase "early" apart."""
    rows = inputs.horizons_of(setting, phase)
    rows = rows[(rows.threshold == threshold) & (rows.crossing == crossing)]
    rows = rows[rows.step == step] if phase == EARLY else rows
    return horizon_of(rows.rename(columns={"censored": "horizon_censored"}))


def stretched(inputs: Inputs, task: str) -> dict[tuple[str, str], Setting]:
    """Return, by model, what is compared in how far Jacobians stretch: every activation, and the gated cells.

    All are at the greatest length at which the vanilla cell was measured before training.
    """
    length = longest_measured(inputs, task)
    models = [
        model
        for model in inputs.models_on(task)
        if model[1] == DEFAULT or (model[0] == VANILLA and model[1] in charted(inputs, VANILLA, ACTIVATIONS))
    ]
    return {(cell, variant): Setting(task, cell, variant, length) for cell, variant in models}


def longest_measured(inputs: Inputs, task: str, variant: str = DEFAULT, cell: str = VANILLA) -> int:
    """Return the greatest length at which a model was measured before training."""
    lengths = [n for n in inputs.measured_lengths(task) if len(inputs.rates_of(Setting(task, cell, variant, n), INIT))]
    return max(lengths, default=inputs.longest(task))


def _stretch(inputs: Inputs, setting: Setting, phase: str) -> pd.DataFrame:
    """Return log10 sigma_max by lag (rows) and seed; a seed without a value where others have one is at zero."""
    by_seed = inputs.gradients_of(setting, phase).pivot(index="lag", columns="seed", values="log10_sigma_max")
    return by_seed.dropna(how="all").dropna(axis="columns", how="all").fillna(-np.inf)


def _cumulated(inputs: Inputs, setting: Setting, phase: str) -> pd.DataFrame:
    """Return the part of sum |share| that comes from so many last steps (rows), by seed."""
    share = inputs.gradients_of(setting, phase).pivot(index="lag", columns="seed", values="share").abs()
    share = share.dropna(axis="columns", how="all").fillna(0)
    return (share.cumsum() / share.sum()).rename(index=lambda lag: lag + 1).rename_axis(index="steps")
