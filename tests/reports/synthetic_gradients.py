"""What made-up networks measure of their gradients: rates that add up, shares that sum to 1, and spectra."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.reports.synthetic_tasks import n_all_lags, n_lags, n_samples

Columns = dict[str, dict[str, list[Any]]]

PER_STEP = {  # log10 of the gradient's factor a step, at initialisation and trained
    ("rnn", "default"): (-0.12, -0.06),
    ("rnn", "sigmoid"): (-0.9, -0.8),
    ("rnn", "relu"): (-0.2, -0.15),
    ("rnn", "linear"): (0.02, 0.03),
    ("lstm", "default"): (-0.04, -0.004),
    ("gru", "default"): (-0.05, -0.002),
}
SLOPES = {"default": (-0.2, -0.1), "sigmoid": (-1.6, -1.7), "relu": (-0.35, -0.3), "linear": (0.0, 0.0)}  # nats a step
UNITS = {"rnn": 6, "lstm": 12, "gru": 6}
GATED = "the gates make W_hh no single matrix of the state"
FLAT = "ReLU has slopes of exactly 0: the smallest exponents are minus infinity"
TRANSIENT = 0.4  # log10 of what a non-normal matrix stretches for a while


def measured(columns: Columns, rng: np.random.Generator, at: dict[str, Any], trained: bool = True) -> None:
    """Add the rows of one network in one phase.

    Parameters
    ----------
    at
        What names the rows: task, cell, variant, length, seed, phase, step.
    trained
        Whether the seed is trained; of other draws only the largest exponent is measured.
    """
    start, end = PER_STEP[at["cell"], at["variant"]]
    progress = {"init": 0.0, "early": 0.2 * math.log10(1 + at["step"]) / 3, "trained": 1.0}[at["phase"]]
    per_step = start + progress * (end - start) + rng.normal(0, 0.004)
    cancellation = _by_lag(columns, at, per_step)
    censored = _horizons(columns, at, per_step)
    _rates(columns, at, per_step * math.log(10), progress, cancellation, *censored, trained)


def reference(columns: Columns) -> None:
    """Add reference cases that agree."""
    for case, statement, expected, tolerance in (
        ("A2", "linear network, W = 1.1 Q with Q orthogonal: ln of the norm after 50 steps", 4.765509, 1e-9),
        ("A3", "[[.9, 1], [0, .9]]: greatest norm of a power", 3.8742, 1e-3),
        ("A10", "forget bias 1: mean lifetime in steps", 1 + math.e, 1e-12),
    ):
        row = {"case": case, "statement": statement, "expected": expected, "measured": expected + tolerance / 3}
        _add(columns["reference"], {**row, "tolerance": tolerance, "ok": True, "source": "made up"})


def _by_lag(columns: Columns, at: dict[str, Any], per_step: float) -> float:
    """Add the rows of ``gradients`` and return the sum of the absolute shares."""
    task, length = at["task"], at["length"]
    n, known = n_all_lags(task, length), n_lags(task, length)
    lag = np.arange(n)
    weight = 10 ** np.maximum(per_step * lag, -300) * np.where(lag % 5 == 4, -0.2, 1)
    weight[-1] = 0  # h_0 is zero
    share = weight / weight.sum() if n > 1 else np.full(1, np.nan)
    middle = np.where(lag < known, per_step * lag, np.nan)
    stretched = per_step * lag + TRANSIENT * (1 - np.exp(-lag))
    spaced = np.isin(lag, [0, *np.geomspace(1, max(1, n - 1), 20).round()])
    found = {
        "lag": lag,
        "n_samples": [n_samples(task, length, k) for k in range(n)],
        "n_zero": [0] * n,
        "log10_norm_q25": middle - 0.02 * lag,
        "log10_norm_q50": middle,
        "log10_norm_q75": middle + 0.02 * lag,
        "log10_sigma_max": np.where(spaced, stretched, np.nan),
        "log10_contribution": np.log10(np.abs(share), where=share != 0, out=np.full(n, np.nan)),
        "share": share,
        "log10_gate_path": np.full(n, np.nan) if at["cell"] == "rnn" else 1.2 * middle,
    }
    for name, column in columns["gradients"].items():
        column.extend([at[name]] * n if name in at else list(found[name]))
    return float(np.abs(share).sum())


def _horizons(columns: Columns, at: dict[str, Any], per_step: float) -> tuple[int, bool]:
    """Add the rows of ``horizons`` and return the one of the first crossing of 1 %."""
    n = n_lags(at["task"], at["length"])
    found = {}
    for threshold in (0.1, 0.01, 0.001):
        below = [lag for lag in range(n) if per_step * lag < math.log10(threshold)]
        for crossing in ("first", "last"):
            found[threshold, crossing] = below[0] if below else n, not below
            horizon, censored = found[threshold, crossing]
            named = {**at, "threshold": threshold, "crossing": crossing}
            _add(columns["horizons"], {**named, "horizon": horizon, "censored": censored})
    return found[0.01, "first"]


def _rates(
    columns: Columns,
    at: dict[str, Any],
    rate: float,
    progress: float,
    cancellation: float,
    horizon: int,
    censored: bool,
    trained: bool,
) -> None:
    vanilla, flat, early = at["cell"] == "rnn", at["variant"] == "relu", at["phase"] == "early"
    n = UNITS[at["cell"]]
    first, last = SLOPES[at["variant"]]
    slopes = first + progress * (last - first)
    exponents = rate - 0.1 * np.arange(n)
    below = np.arange(n) >= n // 2 if flat else np.zeros(n, bool)
    split = vanilla and not flat
    if not early:
        for index in range(n if trained else 1):
            exponent = None if below[index] else exponents[index]
            parts = {"slopes": slopes if split else None, "weights": exponents[index] - slopes if split else None}
            _add(columns["spectra"], {**at, "index": index, "exponent": exponent, **parts})
    mean = None if early or flat or not trained else float(exponents.mean())
    _add(
        columns["rates"],
        {
            **at,
            "rate_total": rate,
            "rate_slopes": slopes if vanilla else None,
            "rate_weights": rate - slopes if vanilla else None,
            "rate_gate_path": None if vanilla else 1.2 * rate,
            "lyapunov_max": None if early else rate,
            "lyapunov_mean": mean,
            "mean_slopes": slopes if split and mean is not None else None,
            "mean_weights": mean - slopes if split and mean is not None else None,
            "polar_slopes": 1.1 * slopes if vanilla else None,
            "unit_slopes_weights": 0.9 * (rate - slopes) if vanilla else None,
            "horizon": horizon,
            "horizon_censored": censored,
            "cancellation": cancellation,
            "w_spectral_radius": math.exp(rate - slopes) if vanilla else None,
            "w_sigma_max": 1.7 * math.exp(rate - slopes) if vanilla else None,
            "reason": FLAT if flat else None if vanilla else GATED,
        },
    )


def _add(columns: dict[str, list[Any]], row: dict[str, Any]) -> None:
    for name, column in columns.items():
        column.append(row[name])
