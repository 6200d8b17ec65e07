"""Everything that is measured on the networks of a setup, one result a seed."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.cells import Cell, Vanilla
from rnn.evaluate import shared
from rnn.gradients import reasons
from rnn.gradients.by_lag import gradient_norms
from rnn.gradients.contributions import contributions
from rnn.gradients.factors import two_factors
from rnn.gradients.gates import gate_path
from rnn.gradients.horizon import Horizon, horizons, memory_horizon
from rnn.gradients.jacobians import log_spaced_lags, sigma_max_by_lag
from rnn.gradients.lyapunov import BURN_IN, STEPS, Spectrum, lyapunov_spectrum
from rnn.gradients.quantiles import quantiles
from rnn.gradients.rates import factor_rates, growth, late_rate
from rnn.gradients.recurrent import sigma_max, spectral_radius
from rnn.gradients.samples import laid_end_to_end, spread
from rnn.gradients.trajectory import Trajectory
from rnn.network import Network
from rnn.parameters import Parameters
from rnn.setup import Setup, build_network
from rnn.tasks.data import Data, Split

Array = NDArray[Any]
SAMPLES = 16  # sequences of the validation set, evenly spread over it
ROWS_AT_ONCE = 80_000  # seeds x samples x steps: with 64 units some 0.5 GB
QUANTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class GradientFlow:
    """What flows back through one network. Numbers that are not defined are NaN, with a sentence in ``reason``.

    By lag, 0 to the last that the longest measured sequence has:

    - quantiles over samples of log10 ||dL_T/ds_t|| relative to lag 0, and the median of the gates' direct path; NaN at
      lags that fewer than half of the samples have. ``n_samples`` counts the samples that have a lag and a gradient at
      lag 0. Those whose gradient is exactly zero at a lag are counted in ``n_zero`` too and left out of its quantiles;
      for the horizon they count as zeros.
    - ``log10_sigma_max`` of ds_T/ds_t on the longest sample, at log-spaced lags.
    - ``log10_contribution`` and ``share`` of each lag in dL_T/dW_hh of the mean over samples.

    Rates are in nats a step (``rates.late_rate``, ``lyapunov.Spectrum``). ``horizons`` and ``spectrum`` hold columns;
    the spectrum's are empty where it was not measured.
    """

    lag: NDArray[np.int64]
    n_samples: NDArray[np.int64]
    n_zero: NDArray[np.int64]
    log10_norm_q25: NDArray[np.float64]
    log10_norm_q50: NDArray[np.float64]
    log10_norm_q75: NDArray[np.float64]
    log10_sigma_max: NDArray[np.float64]
    log10_contribution: NDArray[np.float64]
    share: NDArray[np.float64]
    log10_gate_path: NDArray[np.float64]
    rate_total: float
    rate_slopes: float
    rate_weights: float
    rate_gate_path: float
    lyapunov_max: float
    lyapunov_mean: float
    mean_slopes: float
    mean_weights: float
    polar_slopes: float
    unit_slopes_weights: float
    horizon: int | None
    horizon_censored: bool | None
    cancellation: float
    w_spectral_radius: float
    w_sigma_max: float
    reason: str | None
    horizons: dict[str, list[Any]]
    spectrum: dict[str, NDArray[Any]]


def measure(
    setup: Setup, data: Data, parameters: Sequence[dict[str, Array]], n_exponents: int | None = None
) -> list[GradientFlow]:
    """Measure networks of one setup, one set of parameters a seed, on some of the validation sequences.

    Parameters
    ----------
    n_exponents
        How many Lyapunov exponents, along validation sequences laid end to end: None for all, 0 for none. One costs
        little, all of them most of the time. None are measured where no sequence has a second step: no state is fed
        back, so that nothing grows or fades.

    Raises
    ------
    ValueError
        A parameter is not finite.
    """
    network = build_network(setup, data)
    found: list[GradientFlow] = []
    if data.valid.n.max() == 1:
        n_exponents = 0
    at_once = max(1, ROWS_AT_ONCE // (SAMPLES * data.valid.x.shape[1]))
    for start in range(0, len(parameters), at_once):
        stacked = Parameters.stack(parameters[start : start + at_once], np.float64)
        if not np.isfinite(stacked.flat).all():
            raise ValueError("Only finite parameters can be measured.")
        with np.errstate(over="ignore", invalid="ignore"):  # a state that overflows is looked for
            found += _measured(network, stacked.named, data.valid, n_exponents)
    return found


def _measured(network: Network, p: dict[str, Array], valid: Split, n_exponents: int | None) -> list[GradientFlow]:
    samples = valid.take(spread(valid, SAMPLES))
    trajectory = Trajectory.run(network, p, shared(samples, len(p["W"])))
    steps = int(samples.n.max())
    common = np.count_nonzero(samples.n > np.arange(steps)[:, None], axis=1) * 2 >= len(samples)
    log_ratio = gradient_norms(trajectory).log_ratio[..., :steps]
    by_lag = [_quantiles(ratio, common) for ratio in log_ratio]
    scalars: dict[str, Array] = {"rate_total": late_rate(growth(log_ratio), samples.n[None])}
    path = gate_path(trajectory)
    if path is not None:
        scalars["rate_gate_path"] = late_rate(growth(path), samples.n[None])
    if isinstance(network.cell, Vanilla):
        scalars |= factor_rates(two_factors(trajectory), samples.n[None])
        w_hh = p["W"][:, : network.cell.n_hidden]
        scalars["w_spectral_radius"] = np.array([spectral_radius(w) for w in w_hh])
        scalars["w_sigma_max"] = np.array([sigma_max(w) for w in w_hh])
    parts = contributions(trajectory)
    scalars["cancellation"] = parts.cancellation
    lags = log_spaced_lags(steps)
    stretch = sigma_max_by_lag(trajectory.one_sample(int(samples.n.argmax())), lags)[:, 0] / np.log(10)
    spectrum = None
    if n_exponents != 0:
        x = laid_end_to_end(valid, BURN_IN + STEPS)
        spectrum = lyapunov_spectrum(network, p, x, n_exponents=n_exponents)
        scalars |= _of_spectrum(spectrum, network.cell)
    overflowed = [not np.isfinite(h).all() for h in trajectory.tape.h]
    flows = []
    for s, ratio in enumerate(log_ratio):
        own: dict[str, Any] = {name: float(values[s]) for name, values in scalars.items()}
        horizon, censored = memory_horizon(ratio[:, common])
        of_path = np.full(steps, np.nan) if path is None else _median(path[s, :, :steps], common)
        sigma = np.full(steps, np.nan)
        sigma[lags] = stretch[s]
        flows.append(
            GradientFlow(
                lag=np.arange(steps),
                **by_lag[s],
                log10_sigma_max=sigma,
                log10_contribution=parts.log_norm[s, :steps] / np.log(10),
                share=parts.share[s, :steps],
                log10_gate_path=of_path / np.log(10),
                **{name: own.get(name, math.nan) for name in reasons.EXPLAINED},
                horizon=horizon,
                horizon_censored=censored,
                reason=reasons.why(network.cell, own, horizon, steps, n_exponents, overflowed[s]),
                horizons=_columns(horizons(ratio[:, common])),
                spectrum=_of_seed(spectrum, s),
            )
        )
    return flows


def _quantiles(log_ratio: NDArray[np.float64], common: NDArray[np.bool_]) -> dict[str, Any]:
    """Return one seed's columns by lag, of ratios (B, T); quantiles only at lags in ``common``."""
    zero = np.isneginf(log_ratio)
    left = quantiles(np.where(zero, np.nan, log_ratio) / np.log(10), QUANTILES)
    q25, q50, q75 = np.where(common, left, np.nan)
    return {
        "n_samples": np.count_nonzero(~np.isnan(log_ratio), axis=0),
        "n_zero": zero.sum(axis=0),
        "log10_norm_q25": q25,
        "log10_norm_q50": q50,
        "log10_norm_q75": q75,
    }


def _median(by_lag: NDArray[np.float64], common: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the median over samples (B, T) at lags in ``common``, NaN elsewhere and where no sample has a value."""
    return np.where(common, quantiles(by_lag, (0.5,))[0], np.nan)


def _of_spectrum(spectrum: Spectrum, cell: Cell) -> dict[str, NDArray[np.float64]]:
    exponents = spectrum.exponents
    found = {"lyapunov_max": exponents[:, 0]}
    if exponents.shape[1] == cell.n_hidden * len(cell.state):
        found["lyapunov_mean"] = np.add.reduce(exponents, axis=1) / exponents.shape[1]
    if spectrum.mean_slopes is not None and spectrum.mean_weights is not None:
        found |= {"mean_slopes": spectrum.mean_slopes, "mean_weights": spectrum.mean_weights}
    return found


def _of_seed(spectrum: Spectrum | None, s: int) -> dict[str, NDArray[Any]]:
    """Return one seed's spectrum as columns, empty where none was measured."""
    if spectrum is None:
        return {"index": np.empty(0, np.int64), **{name: np.empty(0) for name in ("exponent", "slopes", "weights")}}
    exponent = spectrum.exponents[s]
    none = np.full(len(exponent), np.nan)
    return {
        "index": np.arange(len(exponent)),
        "exponent": exponent,
        "slopes": none if spectrum.slopes is None else spectrum.slopes[s],
        "weights": none if spectrum.weights is None else spectrum.weights[s],
    }


def _columns(rows: Iterable[Horizon]) -> dict[str, list[Any]]:
    found = list(rows)
    return {field.name: [getattr(row, field.name) for row in found] for field in fields(Horizon)}
