"""Everything that is measured on the networks of a setup, one result a seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.cells import Cell, Vanilla
from rnn.evaluate import shared
from rnn.gradients.by_lag import gradient_norms
from rnn.gradients.horizon import memory_horizon
from rnn.gradients.recurrent import sigma_max, spectral_radius
from rnn.gradients.samples import spread
from rnn.parameters import Parameters
from rnn.setup import Setup, build_network
from rnn.tasks.data import Data

Array = NDArray[Any]
SAMPLES = 32  # sequences of the validation set, evenly spread over it
QUANTILES = (0.25, 0.5, 0.75)
GATED = "the gates make W_hh no single matrix of the state"
NO_GRADIENT = "no sample has a gradient at lag 0"


@dataclass(frozen=True)
class GradientFlow:
    """Norms of dL_T/ds_t relative to lag 0, as quantiles over samples by lag, and what follows from them.

    Lags end where fewer than half of the sequences reach back. ``n_samples`` counts the samples that have a lag and a
    gradient at lag 0. Those whose gradient is exactly zero at a lag are counted in ``n_zero`` too and left out of its
    quantiles, which are NaN where none is left; for the horizon they count as zeros.
    """

    lag: NDArray[np.int64]  # 0, 1, ...; to T-1 where all sequences have T steps
    n_samples: NDArray[np.int64]
    n_zero: NDArray[np.int64]
    log10_norm_q25: NDArray[np.float64]
    log10_norm_q50: NDArray[np.float64]
    log10_norm_q75: NDArray[np.float64]
    horizon: int | None
    horizon_censored: bool | None
    w_spectral_radius: float | None
    w_sigma_max: float | None
    reason: str | None  # why something is None


def measure(setup: Setup, data: Data, parameters: Sequence[dict[str, Array]]) -> list[GradientFlow]:
    """Measure networks of one setup, one set of parameters a seed, on some of the validation sequences."""
    network = build_network(setup, data)
    stacked = Parameters.stack(parameters, np.float64)
    samples = data.valid.take(spread(data.valid, SAMPLES))
    batch = shared(samples, len(parameters))
    if not np.isfinite(stacked.flat).all():
        raise ValueError("Only finite parameters can be measured.")
    reaching_back = np.count_nonzero(samples.n > np.arange(samples.x.shape[1])[:, None], axis=1)
    n_lags = np.count_nonzero(2 * reaching_back >= len(samples))
    log_ratio = gradient_norms(network, stacked.named, batch).log_ratio[..., :n_lags]
    return [_summary(network.cell, p["W"], ratio) for p, ratio in zip(parameters, log_ratio, strict=True)]


def _summary(cell: Cell, w: Array, log_ratio: NDArray[np.float64]) -> GradientFlow:
    zero = np.isneginf(log_ratio)
    left = np.where(zero, np.nan, log_ratio) / np.log(10)
    quantiles = np.full((3, log_ratio.shape[1]), np.nan)
    for lag, column in enumerate(left.T):
        if (there := column[~np.isnan(column)]).size:
            quantiles[:, lag] = np.quantile(there, QUANTILES)
    horizon, censored = memory_horizon(log_ratio)
    vanilla = isinstance(cell, Vanilla)
    w_hh = w[: cell.n_hidden]
    reasons = [GATED] * (not vanilla) + [NO_GRADIENT] * (horizon is None)
    q25, q50, q75 = quantiles
    return GradientFlow(
        np.arange(log_ratio.shape[1]),
        np.count_nonzero(~np.isnan(log_ratio), axis=0),
        zero.sum(axis=0),
        q25,
        q50,
        q75,
        horizon,
        censored,
        spectral_radius(w_hh) if vanilla else None,
        sigma_max(w_hh) if vanilla else None,
        "; ".join(reasons) or None,
    )
