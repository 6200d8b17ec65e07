"""Made-up result tables that obey the schemas: shapes like those of a real study, no claim to be one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from reports import stored, tables
from tests.reports.synthetic_claims import claims
from tests.reports.synthetic_gradients import PER_STEP, measured, reference
from tests.reports.synthetic_phase import phase
from tests.reports.synthetic_tasks import BASELINES, CRITERION, INITIAL, STUDY, card, metric, scored_by, share
from tests.reports.synthetic_texts import attribution, decoded

EARLY_STEPS = (100, 1000)


@dataclass
class Synthetic:
    """Columns of all tables, to be changed by a test before they are written."""

    lengths: dict[str, list[int]]
    seeds: int
    draws: int
    models: Sequence[tuple[str, str]]
    columns: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
    cards: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    claims: list[dict[str, Any]] = field(default_factory=claims)

    def write(self, results: Path) -> Path:
        """Write the results folder."""
        results.mkdir(parents=True, exist_ok=True)
        for name, columns in self.columns.items():
            stored.write(results, tables.TABLES[name], columns)
        for name, content in (("provenance", self.provenance), ("data", self.cards), ("claims", self.claims)):
            (results / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
        return results

    def rows(self, table: str, **names: Any) -> list[int]:
        """Return the positions of a table's rows with the given values."""
        columns = self.columns[table]
        n = len(next(iter(columns.values())))
        return [i for i in range(n) if all(columns[name][i] == value for name, value in names.items())]

    def put(self, table: str, column: str, value: Any, **names: Any) -> None:
        """Set a column in the rows with the given values."""
        for i in self.rows(table, **names):
            self.columns[table][column][i] = value

    def drop_variants(self, *tasks: str, but: Sequence[str] = ("default",)) -> None:
        """Leave only some variants on some tasks, as where an experiment names ablations for them alone."""
        for name, columns in self.columns.items():
            if name in ("reference", "phase"):
                continue
            if "variant" in columns:
                named = zip(columns["task"], columns["variant"], strict=True)
            else:
                named = ((key.split("/")[0], key.split("/")[2]) for key in columns["key"])
            kept = [i for i, (task, variant) in enumerate(named) if task not in tasks or variant in but]
            self.columns[name] = {column: [values[i] for i in kept] for column, values in columns.items()}

    def ablate(self, task: str, cell: str, variant: str, length: int) -> None:
        """Add a variant at one length of a task, as its cell's default is there."""
        old, new = (f"{task}/{cell}/{name}/{length}/" for name in ("default", variant))
        where = {"task": task, "cell": cell, "variant": "default", "length": length}
        for name, columns in self.columns.items():
            if "variant" in columns:
                rows = self.rows(name, **where)
            else:
                rows = [i for i, key in enumerate(columns.get("key", [])) if key.startswith(old)]
            for column, values in columns.items():
                changed = {"variant": lambda _: variant, "key": lambda key: key.replace(old, new)}
                values += [changed.get(column, lambda value: value)(values[i]) for i in rows]

    def swap_cells(self, table: str, a: str, b: str) -> None:
        """Exchange what two cells have measured."""
        other = {a: b, b: a}
        self.columns[table]["cell"] = [other.get(cell, cell) for cell in self.columns[table]["cell"]]


def study(
    lengths: dict[str, list[int]] = STUDY,
    seeds: int = 10,
    models: Sequence[tuple[str, str]] = tuple(PER_STEP),
    draws: int | None = None,
    initial_lengths: dict[str, list[int]] = INITIAL,
) -> Synthetic:
    """Return tables in which gates help and nothing went wrong but what ``add_trouble`` adds.

    Before training more weights are drawn than trained (two more where no number is given), also at lengths that no
    network is trained at.
    """
    made = Synthetic(lengths, seeds, seeds + 2 if draws is None else draws, models)
    made.columns = {name: {column: [] for column in table.schema.names} for name, table in tables.TABLES.items()}
    rng, of_weights = np.random.default_rng(0), np.random.default_rng(1)
    for task, of_task in lengths.items():
        for cell, variant in models:
            for length in of_task:
                for seed in range(seeds):
                    _run(made, rng, of_weights, task, cell, variant, length, seed)
            for length in (*of_task, *initial_lengths.get(task, [])):
                for seed in range(made.draws):
                    run = {"task": task, "cell": cell, "variant": variant, "length": length, "seed": seed}
                    measured(made.columns, of_weights, {**run, "phase": "init", "step": 0}, seed < seeds)
            _tuning(made, rng, task, cell, variant, of_task[(len(of_task) - 1) // 2])
        made.cards[task] = {str(length): card(task, length) for length in of_task}
    reference(made.columns)
    phase(made.columns["phase"])
    made.provenance = _provenance(made)
    return made


def add_trouble(made: Synthetic) -> Synthetic:
    """Add what a report must not hide: a diverged run, undefined and exactly zero gradients, a run MLflow has not."""
    task = "adding" if "adding" in made.lengths else next(iter(made.lengths))
    cell, variant = made.models[-1]
    where = {"task": task, "cell": cell, "variant": variant, "length": made.lengths[task][-1], "seed": 0}
    made.put("runs", "status", "diverged", **where)
    made.put("runs", "stopped_by", "diverged", **where)
    made.put("runs", "solved", False, **where)
    made.put("rates", "horizon", None, phase="trained", **where)
    made.put("rates", "horizon_censored", None, phase="trained", **where)
    made.put("rates", "reason", "no sample has a gradient at lag 0", phase="trained", **where)
    gradients = made.columns["gradients"]
    undefined = set(made.rows("gradients", phase="trained", **where))
    exactly_zero = {
        i for i in made.rows("gradients", task=task, cell="rnn", variant="relu") if gradients["lag"][i] >= 20
    }
    for i in undefined | exactly_zero:
        for column in ("log10_norm_q25", "log10_norm_q50", "log10_norm_q75"):
            gradients[column][i] = None
    for i in exactly_zero:
        gradients["n_zero"][i] = 16
    for column in ("key", "run_id"):
        made.columns["mlflow"][column].pop()
    return made


def _append(made: Synthetic, table: str, **row: Any) -> None:
    for name, column in made.columns[table].items():
        column.append(row[name])


def _run(
    made: Synthetic,
    rng: np.random.Generator,
    of_weights: np.random.Generator,
    task: str,
    cell: str,
    variant: str,
    length: int,
    seed: int,
) -> None:
    run = {"task": task, "cell": cell, "variant": variant, "length": length, "seed": seed}
    key = f"{task}/{cell}/{variant}/{length}/{seed}"
    slope = PER_STEP[cell, variant]
    able = slope[1] * length > -4
    baselines = list(BASELINES[task]["baselines"].values())
    classical = baselines[-1] if BASELINES[task]["classical"] else None
    noise = 0.01 if task.startswith(("reviews", "shakespeare")) else 0.15
    fraction = share(task, cell, variant, length, able) * float(np.exp(rng.normal(0, noise)))
    value = baselines[0] * fraction
    solved = value < CRITERION[task] if task in CRITERION else None
    steps = 800 if solved else 4000
    _append(
        made,
        "runs",
        **run,
        key=key,
        status="ok",
        stopped_by="solved" if solved else "budget",
        metric=metric(task)[0],
        value=value,
        baseline=baselines[0],
        classical=classical,
        skill=1 - fraction,
        symbol_errors=value / 10 if scored_by(task) == "sequences" else None,
        solved=solved,
        best_step=steps,
        steps=steps,
        n_parameters=1000,
        wall_s=2.0,
        data_sha256="d" * 64,
        code_sha256="c" * 64,
        learning_rate=3e-3,
    )
    for step in range(0, steps + 1, steps // 8):
        loss = value + (baselines[0] * 1.5 - value) * float(np.exp(-6 * step / steps))
        _append(
            made,
            "curves",
            **run,
            step=step,
            train_loss=loss if step else None,
            valid_loss=loss,
            valid_metric=loss,
            grad_norm=0.5 if step else None,
            clipped=0.1 if step else None,
        )
    for when, at in [("early", step) for step in EARLY_STEPS if step < steps] + [("trained", steps)]:
        measured(made.columns, of_weights, {**run, "phase": when, "step": at})
    for row in attribution(rng, task, length, slope[1]):
        _append(made, "attribution", key=key, **row)
    for row in decoded(task, cell, seed):
        _append(made, "decoded", key=key, **row)
    _append(made, "mlflow", key=key, run_id=f"{len(made.columns['mlflow']['key']):032x}")


def _tuning(made: Synthetic, rng: np.random.Generator, task: str, cell: str, variant: str, length: int) -> None:
    for rate in (1e-3, 3e-3, 1e-2):
        for seed in (1000, 1001):
            value = (1 + abs(np.log10(rate / 3e-3))) * float(np.exp(rng.normal(0, 0.1)))
            _append(
                made,
                "tuning",
                task=task,
                cell=cell,
                variant=variant,
                length=length,
                seed=seed,
                learning_rate=rate,
                steps=4000,
                valid_value=None if rate == 1e-2 and seed == 1001 else value,
                chosen=rate == 3e-3,
            )


def _provenance(made: Synthetic) -> dict[str, Any]:
    task = {"steps": 4000, "hidden": 32, "batch": 32, "log_every": 100, "patience": 0, "clip": 1.0, "optimiser": "adam"}
    variants: dict[str, list[str]] = {}
    for cell, variant in made.models:
        variants.setdefault(cell, [])
        if variant != "default":
            variants[cell].append(variant)
    return {
        "experiment": "made-up",
        "title": "Made-up results for tests",
        "configuration": {
            "title": "Made-up results for tests",
            "seed": 1,
            "seeds": made.seeds,
            "draws": made.draws,
            "cells": list(variants),
            "variants": variants,
            "tuning": {"learning_rates": [1e-3, 3e-3, 1e-2], "seeds": 2},
            "portable": False,
            "tasks": {
                name: {**task, "lengths": lengths, "core_seconds": 900.0} for name, lengths in made.lengths.items()
            },
        },
        "configuration_sha256": "e" * 64,
        "code_sha256": ["c" * 64],
        "commit": "a" * 40,
        "commit_dirty": False,
        "locks": {"build.lock": "1" * 64, "data.lock": "2" * 64, "requirements.lock": "3" * 64},
        "versions": {"python": "3.11.7", "numpy": "2.4.6", "numba": "0.68.1"},
        "machine": {"cpu": "a processor", "cores": 2, "system": "Linux", "architecture": "x86_64"},
        "kernels": {
            "blas": ["openblas 0.3 Haswell"],
            "cpu": ["a processor"],
            "numba": ["0.68.1"],
            "numba_target": ["haswell"],
            "numpy": ["2.4.6"],
            "python": ["3.11.7"],
            "simd": ["AVX2"],
            "threads": [1],
        },
        "left_out": [],
        "times": {
            "started": "2026-04-15T10:00:00+00:00",
            "finished": "2026-04-15T10:20:00+00:00",
            "core_seconds": {name: {"expected": 900.0, "used": 800.0} for name in made.lengths},
        },
    }
