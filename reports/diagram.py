"""What the phase diagrams come to; figures, tables and sentences all take their numbers from here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.inputs import Inputs
from reports.summaries import spreads
from rnn.gradients.mean_field import LARGEST_SLOPE, critical_gain, largest_exponent

RANDOM, GATED = ("tanh", "sigmoid", "relu", "linear"), ("lstm", "gru")
PER_SIZE = 5.0  # a mean exponent is off by this over N at the most, as published for 1000 units: .005
ERRORS = 2  # and by so many standard errors over the draws


@dataclass(frozen=True)
class Kind:
    """Networks that differ in their gain, their size and their draw alone; for gated cells the gain is a bias."""

    activation: str
    noise: float = 0.0

    @property
    def limit(self) -> float:
        """1 / max f': the onset if every slope were the largest, never above the onset itself."""
        return 1 / LARGEST_SLOPE[self.activation]

    @property
    def bound(self) -> float:
        """The gain at which the largest singular value of many units, 2 g, is 1 / max f': below it gradients vanish."""
        return self.limit / 2

    @property
    def onset(self) -> float:
        """The gain at which the largest exponent of infinitely many units is zero."""
        return critical_gain(self.activation, self.noise)


@dataclass(frozen=True)
class Mean:
    """The mean exponent of some draws beside the theory.

    Attributes
    ----------
    error
        Standard error of the mean; NaN with one draw.
    allowed
        How far from the theory the mean of such networks may be.
    """

    n: int
    value: float
    error: float
    theory: float
    allowed: float

    @property
    def off(self) -> float:
        """Measured minus theory."""
        return self.value - self.theory

    @property
    def agrees(self) -> bool:
        """Whether the mean is as far from the theory as its size and its draws allow, or nearer."""
        return abs(self.off) <= self.allowed


def random_kinds(inputs: Inputs) -> list[Kind]:
    """Return the kinds of random networks, by activation and noise."""
    rows = inputs.phase[["activation", "noise"]].drop_duplicates()
    found = {Kind(str(activation), float(noise)) for activation, noise in rows.itertuples(index=False)}
    return sorted(
        (kind for kind in found if kind.activation in RANDOM),
        key=lambda kind: (RANDOM.index(kind.activation), kind.noise),
    )


def silent_kinds(inputs: Inputs) -> list[Kind]:
    """Return the kinds without noise, one an activation."""
    return [kind for kind in random_kinds(inputs) if kind.noise == 0]


def gated_kinds(inputs: Inputs) -> list[Kind]:
    """Return the gated cells that were measured."""
    found = set(inputs.phase.activation)
    return [Kind(cell) for cell in GATED if cell in found]


def sizes(inputs: Inputs, kind: Kind) -> list[int]:
    """Return the sizes at which a kind was measured, the smallest first."""
    return sorted(set(_rows(inputs, kind)["size"]))


def largest(inputs: Inputs) -> int:
    """Return the largest size of the random networks."""
    return max((size for kind in random_kinds(inputs) for size in sizes(inputs, kind)), default=0)


def n_draws(inputs: Inputs) -> int:
    """Return how many draws of weights a setting has."""
    return int(inputs.phase.seed.nunique())


def n_networks(inputs: Inputs, kinds: list[Kind], size: int | None = None) -> int:
    """Return how many networks of some kinds were measured, of all sizes or of one."""
    found = [_rows(inputs, kind) for kind in kinds]
    return sum(len(_networks(rows if size is None else rows[rows["size"] == size])) for rows in found)


@cache
def norms(inputs: Inputs, kind: Kind, size: int) -> pd.DataFrame:
    """Return the median over draws of log10 of the gradient's relative norm: columns gain, lag, median."""
    rows = _rows(inputs, kind)
    rows = rows[rows["size"] == size]
    # a gradient of exactly zero, which is null, ranks below every number
    ranked = rows.assign(median=rows.log10_norm.fillna(-np.inf))
    return ranked.groupby(["gain", "lag"], as_index=False)["median"].median()


@cache
def exponents(inputs: Inputs, kind: Kind, size: int) -> pd.DataFrame:
    """Return the spread over draws of the largest exponent by gain, and its theory where there is one."""
    networks = _networks(_rows(inputs, kind))
    networks = networks[networks["size"] == size]
    found = spreads(networks.pivot(index="gain", columns="seed", values="lyapunov_max").fillna(-np.inf))
    return found.merge(networks[["gain", "theory"]].drop_duplicates(), on="gain")


def measured_onset(inputs: Inputs, kind: Kind, size: int) -> float | None:
    """Return the gain beyond which every median exponent is above zero, between two gains; None where there is none."""
    found = exponents(inputs, kind, size)
    below = np.flatnonzero(found["median"] <= 0)
    if not len(below) or below[-1] == len(found) - 1:
        return None
    gain, value = (found[name].to_numpy()[below[-1] : below[-1] + 2] for name in ("gain", "median"))
    share = 0.0 if np.isinf(value[0]) else -value[0] / (value[1] - value[0])
    return float(gain[0] + share * (gain[1] - gain[0]))


def mean(inputs: Inputs, kind: Kind, gain: float, size: int) -> Mean | None:
    """Return the mean exponent of a setting beside the theory; None where it was not measured."""
    networks = _networks(_rows(inputs, kind))
    rows = networks[(networks["size"] == size) & (networks.gain == gain)]
    values = rows.lyapunov_max.dropna()
    if values.empty:
        return None
    error = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else np.nan
    allowed = PER_SIZE / size + (0.0 if np.isnan(error) else ERRORS * error)
    return Mean(len(values), float(values.mean()), error, float(rows.theory.iloc[0]), allowed)


def fading(inputs: Inputs, kind: Kind, size: int, low: float, high: float) -> tuple[int, int]:
    """Return in how many networks the gradient fades, of those with a gain between two."""
    networks = _networks(_rows(inputs, kind))
    rows = networks[(networks["size"] == size) & (networks.gain > low) & (networks.gain < high)]
    return int((rows.lyapunov_max.fillna(-np.inf) < 0).sum()), len(rows)


def reach(kind: Kind, gain: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    """Return the lag at which the gradient of infinitely many units has shrunk, or grown, by a factor."""
    exponent = np.array([largest_exponent(kind.activation, float(g), kind.noise) for g in gain])
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(factor) / np.abs(exponent))


def gate_reach(bias: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    """Return the lag at which a gate with no input but its bias has let through one part of that factor."""
    return np.asarray(np.log(factor) / np.log1p(np.exp(-bias)))


def _rows(inputs: Inputs, kind: Kind) -> pd.DataFrame:
    return _by_kind(inputs).get((kind.activation, kind.noise), inputs.phase.iloc[:0])


@cache
def _by_kind(inputs: Inputs) -> dict[tuple[str, float], pd.DataFrame]:
    return dict(iter(inputs.phase.groupby(["activation", "noise"])))


def _networks(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a network, that of lag 0."""
    return rows[rows.lag == 0]
