"""What MLflow is told of a run: parameters, tags, metrics over steps and over lags, data set and files."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.tasks import TASKS
from workflow.job import Job
from workflow.measured import Measured

KIND = "run"  # tells our runs from what else may lie in an experiment
MOST_POINTS = 250  # of one curve; a chart shows no more, and hundreds of runs stay quick to load
CURVES = ("train_loss", "valid_loss", "valid_metric", "grad_norm", "clipped")
FINAL = ("skill", "best_step", "steps", "wall_s")
FLOW = ("rate_total", "lyapunov_max", "horizon", "w_spectral_radius", "w_sigma_max")
CHANGING = "wall_s"  # differs when the same run is made again, so it is no part of the digest


@dataclass(frozen=True)
class DataSet:
    """The data of a run, as MLflow shows them."""

    name: str
    digest: str
    place: str
    profile: dict[str, Any]


@dataclass(frozen=True)
class RunLog:
    """One run; metrics are (name, value, step) with finite values only, and the step of a gradient norm is its lag."""

    key: str
    params: dict[str, str]
    tags: dict[str, str]
    metrics: list[tuple[str, float, int]]
    data: DataSet
    files: dict[str, bytes]

    @classmethod
    def of(cls, job: Job, index: int, initial: Measured, card: dict[str, Any]) -> RunLog:
        """Gather one of a job's runs; ``initial`` holds measurements of its network before training, ``card`` its data.

        What is measured early in training stands in the tables alone.
        """
        run = job.runs[index]
        measured = {"init": initial, "trained": job.measured}
        params = {
            **job.setup,
            "seed": run["seed"],
            "learning_rate": run["learning_rate"],
            "n_parameters": run["n_parameters"],
        }
        tags = {
            **{
                name: run[name] for name in ("key", "task", "cell", "variant", "length", "seed", "status", "stopped_by")
            },
            **{name: run[name] for name in ("code_sha256", "data_sha256", "first_bad_step") if run[name] is not None},
            "family": TASKS[run["task"]].family,
            "kind": KIND,
        }
        metrics = [*_final(run, measured), *_over_steps(job, run["seed"]), *_over_lags(measured, run["seed"])]
        metrics = [(name, float(value), int(step)) for name, value, step in metrics if math.isfinite(value)]
        weights = io.BytesIO()
        np.savez(weights, **{name.replace("/", "."): stacked[index] for name, stacked in job.weights.items()})
        description = {"run": run, "setup": job.setup, "facts": job.facts}
        return cls(
            key=run["key"],
            params={name: str(value) for name, value in params.items()},
            tags={name: str(value) for name, value in tags.items()},
            metrics=metrics,
            data=DataSet(
                f"{run['task']} {TASKS[run['task']].axis}={run['length']}",
                run["data_sha256"],
                f"data/{run['task']}/{run['length']}.npz",
                {"split": card["split"], "source": card["source"], "sha256": run["data_sha256"]},
            ),
            files={
                "run.json": (json.dumps(description, indent=1, sort_keys=True) + "\n").encode(),
                "weights.npz": weights.getvalue(),
            },
        )

    @property
    def digest(self) -> str:
        """Digest of what the run is: the same run made again has the same."""
        lasting = [metric for metric in self.metrics if metric[0] != CHANGING]
        weights = sha256(self.files["weights.npz"]).hexdigest()
        return sha256(json.dumps([self.params, self.tags, lasting, weights], sort_keys=True).encode()).hexdigest()


def _final(run: dict[str, Any], measured: Mapping[str, Measured]) -> Iterator[tuple[str, float, int]]:
    yield "test_value", run["value"], 0
    if run["solved"] is not None:
        yield "solved", float(run["solved"]), 0
    for name in FINAL:
        yield name, run[name], 0
    for phase, found in measured.items():
        for rate in found.rates:
            if (rate["seed"], rate["phase"]) == (run["seed"], phase):
                for name in FLOW:
                    if rate[name] is not None:
                        yield f"{name}_{phase}", rate[name], 0


def _over_steps(job: Job, seed: int) -> Iterator[tuple[str, float, int]]:
    own = np.flatnonzero(job.curves["seed"] == seed)
    for name in CURVES:
        yield from _points(name, job.curves[name][own], job.curves["step"][own])


def _over_lags(measured: Mapping[str, Measured], seed: int) -> Iterator[tuple[str, float, int]]:
    for phase, found in measured.items():
        columns = found.gradients
        own = np.flatnonzero((columns["seed"] == seed) & (columns["phase"] == phase))
        yield from _points(f"log10_gradient_norm_{phase}", columns["log10_norm_q50"][own], columns["lag"][own])


def _points(name: str, values: NDArray[Any], steps: Sequence[int] | NDArray[Any]) -> Iterator[tuple[str, float, int]]:
    shown = np.unique(np.linspace(0, len(values) - 1, min(len(values), MOST_POINTS)).round().astype(int))
    for i in shown:
        yield name, values[i], steps[i]
