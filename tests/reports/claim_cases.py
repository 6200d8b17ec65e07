"""Result tables in which one claim is true, or false, or rests on too few observations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from reports import stored, tables
from reports.claims import Claim

# by test: twelve times the same side, but more for a share that is almost all; two, but one where two are not too few
ENOUGH = {"wilcoxon": 12, "sign": 12, "mcnemar": 12, "logrank": 12, "binomial": 40}
TOO_FEW = {"wilcoxon": 2, "sign": 2, "mcnemar": 2, "logrank": 2, "binomial": 1}
LENGTHS = (100, 200)
DEFAULTS = {pa.string(): "", pa.int64(): 0, pa.float64(): 0.0}
GAINS = {"tanh": (1.0, 2.0, 3.0), "sigmoid": (4.0, 6.0, 8.0, 11.0)}
LN_RADIUS = -0.1


@dataclass(frozen=True)
class Row:
    """Where a value of a table stands.

    Attributes
    ----------
    model
        Position of the row's model in the claim.
    jitter
        A small number of this row alone, between 0 and 1.
    """

    model: int
    jitter: float


# of a claim, the columns where it is true and where it is false
Column = Callable[[Row], Any]
Columns = dict[str, Column]


def _by_model(*values: float, noise: float = 0.0) -> Column:
    return lambda row: values[row.model % len(values)] + noise * row.jitter


def _horizons(*values: int) -> Columns:
    return {"rates.horizon": lambda row: values[row.model % len(values)] + round(5 * row.jitter)}


def _rate(column: str, value: float, noise: float = 1e-3) -> Columns:
    radius = {"rates.w_spectral_radius": lambda row: np.exp(LN_RADIUS)}
    return {f"rates.{column}": _by_model(value, noise=noise), **radius}


def _solved(*solved: bool, steps: tuple[int, ...] = (1000,)) -> Columns:
    return {
        "runs.solved": lambda row: solved[row.model % len(solved)],
        "runs.steps": lambda row: steps[row.model % len(steps)] + round(50 * row.jitter),
    }


def _learning(horizons: tuple[int, ...], skills: tuple[float, ...]) -> Columns:
    return {**_horizons(*horizons), "runs.skill": _by_model(*skills, noise=0.01), "runs.solved": lambda row: False}


def _exponent(value: float) -> Columns:
    return {"phase.lyapunov_max": _by_model(value, noise=1e-3), "phase.theory": lambda row: 0.2}


LONG, SHORT = (400, 100), (100, 400)
UP, DOWN = (10, 20, 30, 40, 50), (50, 40, 30, 20, 10)
SKILLS = (0.1, 0.3, 0.5, 0.7, 0.9)
CASES: dict[str, tuple[Columns, Columns]] = {
    "linear-rate": (_rate("lyapunov_max", LN_RADIUS), _rate("lyapunov_max", LN_RADIUS + 0.05)),
    "sigmoid-vanishes-faster": (
        {"rates.rate_total": _by_model(-1.5, -0.1, noise=0.1)},
        {"rates.rate_total": _by_model(-0.2, -0.1, noise=0.1)},
    ),
    "slopes-shrink": (_rate("rate_slopes", -0.1), _rate("rate_slopes", 0.0)),
    "weights-alone": (_rate("unit_slopes_weights", LN_RADIUS), _rate("unit_slopes_weights", LN_RADIUS + 0.2)),
    "lstm-keeps-longer-at-bias-0": (_horizons(*LONG), _horizons(*SHORT)),
    "gru-keeps-longer-at-bias-0": (_horizons(*LONG), _horizons(*SHORT)),
    "orthogonal-lasts-longer": (_horizons(*LONG), _horizons(*SHORT)),
    "mean-field-exponent": (_exponent(0.2), _exponent(0.3)),
    "bound-is-not-boundary": (_exponent(-0.5), _exponent(0.5)),
    "lstm-solves-more": (_solved(True, False), _solved(False, True)),
    "lstm-solves-more-than-matched": (_solved(True, False), _solved(False, True)),
    "trained-horizon-goes-with-learning": (_learning(UP[:3], SKILLS[:3]), _learning(DOWN[:3], SKILLS[:3])),
    "horizon-dose-by-gain": (_learning(UP, SKILLS), _learning(DOWN, SKILLS)),
    "horizon-dose-by-bias": (_learning(UP, SKILLS), _learning(DOWN, SKILLS)),
    "clipping-prevents-divergence": (
        {"runs.status": lambda row: ("diverged", "ok")[row.model]},
        {"runs.status": lambda row: ("ok", "diverged")[row.model]},
    ),
    "forget-bias-sooner": (_solved(True, steps=(300, 900)), _solved(False, True)),
    "bias-narrows-gap": (
        _solved(True, steps=(3000, 500, 1000, 500)),
        _solved(True, steps=(1000, 500, 3000, 500)),
    ),
    "forget-gate-sooner": (_solved(True, False), _solved(True, steps=(900, 300))),
    "chrono-sooner": (_solved(True, False), _solved(False, True)),
    "truncation-cannot-learn": (
        {"runs.value": _by_model(0.27, noise=0.05), "runs.classical": lambda row: 0.25},
        {"runs.value": _by_model(0.0, noise=0.05), "runs.classical": lambda row: 0.25},
    ),
    "sigma-max-explodes": (
        {"rates.rate_total": lambda row: 0.1, "rates.w_sigma_max": lambda row: 1.5},
        {"rates.rate_total": lambda row: -0.1, "rates.w_sigma_max": lambda row: 1.5},
    ),
    "tanh-cannot-explode": (_exponent(-0.1), _exponent(0.1)),
    "lstm-does-not-vanish": (
        {"rates.horizon_censored": lambda row: True},
        {"rates.horizon_censored": lambda row: False},
    ),
    "clipping-cures-vanishing": (_horizons(*LONG), _horizons(100, 100)),
    "small-radius-small-gradient": (
        {"rates.w_spectral_radius": lambda row: 0.9, "gradients.log10_sigma_max": lambda row: -0.2},
        {"rates.w_spectral_radius": lambda row: 0.9, "gradients.log10_sigma_max": lambda row: 0.3},
    ),
    "init-horizon-predicts-learning": (_learning(UP[:3], SKILLS[:3]), _learning(DOWN[:3], SKILLS[:3])),
}


def write(results: Path, claim: Claim, columns: Columns, seeds: int) -> Path:
    """Write tables that hold what a claim needs, with the given columns, and nothing else."""
    results.mkdir(exist_ok=True)
    made = {name: list(_rows(name, claim, columns, seeds)) for name in ("runs", "rates", "gradients", "phase")}
    for name, rows in made.items():
        table = tables.TABLES[name]
        stored.write(results, table, {column: [row[column] for row in rows] for column in table.schema.names})
    return results


def _rows(table: str, claim: Claim, columns: Columns, seeds: int) -> Iterator[dict[str, Any]]:
    rng = np.random.default_rng(0)
    empty = {column.name: None if column.nullable else DEFAULTS[column.type] for column in tables.TABLES[table].schema}
    for model, length, seed in _places(table, claim, seeds):
        for named in _names(table, claim, model):
            row = Row(model, float(rng.uniform()))
            values = {name.partition(".")[2]: of(row) for name, of in columns.items() if name.startswith(f"{table}.")}
            place = {"seed": seed} | ({} if table == "phase" else {"length": length})
            yield empty | place | named | values


def _places(table: str, claim: Claim, seeds: int) -> Iterator[tuple[int, int, int]]:
    if table == "phase":
        return ((0, 0, seed) for seed in range(seeds if claim.needs.activations else 0))
    return ((m, length, seed) for m in range(len(claim.needs.models)) for length in LENGTHS for seed in range(seeds))


def _names(table: str, claim: Claim, model: int) -> Iterator[dict[str, Any]]:
    """Yield what names the rows of one model, length and seed but these."""
    if table == "phase":
        activation = claim.needs.activations[0]
        for gain in GAINS[activation]:
            for lag in (0, 10):
                yield {"activation": activation, "gain": gain, "noise": 0.0, "size": 200, "lag": lag}
        return
    cell, variant = claim.needs.models[model].split("/")
    run = {"task": (claim.needs.tasks or ["adding"])[0], "cell": cell, "variant": variant}
    if table == "runs":
        yield run
        return
    for phase in ("init", "trained"):
        for lag in (1, 10) if table == "gradients" else (None,):
            yield {**run, "phase": phase, "step": 0 if phase == "init" else 100} | ({"lag": lag} if lag else {})
