"""Collect finished jobs in the result tables, and the data cards in data.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from reports.stored import write
from reports.tables import (
    ATTRIBUTION,
    CURVES,
    DECODED,
    GRADIENTS,
    HORIZONS,
    RATES,
    RUN_COLUMNS,
    RUNS,
    SPECTRA,
    TUNING,
    Table,
)
from rnn.decode import NOTHING
from rnn.tasks.data import Data
from workflow.columns import Columns
from workflow.files import read_json, write_json
from workflow.grid import stacks_of
from workflow.initial import Initial
from workflow.job import Job
from workflow.keys import Stack, data_file, initial_file, job_file, tuning_file
from workflow.steps import command

STACK = RUN_COLUMNS[:-1]


def write_rows(results: Path, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a table from one mapping a row."""
    write(results, table, {name: [row[name] for row in rows] for name in table.schema.names})


def write_columns(results: Path, table: Table, parts: Sequence[tuple[Stack, Columns]]) -> None:
    """Write a table from columns that stacks have."""
    names = [name for name in table.schema.names if name not in STACK]
    joined = {name: np.concatenate([columns[name] for _, columns in parts]) for name in names}
    counts = [len(columns["seed"]) for _, columns in parts]
    stacks = {name: np.repeat([getattr(stack, name) for stack, _ in parts], counts) for name in STACK}
    write(results, table, stacks | joined)


def write_attribution(results: Path, jobs: Sequence[Job], data: Mapping[tuple[str, int], Data]) -> None:
    """Write the table of attributions, with the names of symbols and classes."""
    columns: dict[str, list[Any]] = {name: [] for name in ATTRIBUTION.schema.names}
    for job in jobs:
        own, part = data[job.stack.task, job.stack.length], job.attribution
        if own.symbols is None:
            continue
        keys = {run["seed"]: run["key"] for run in job.runs}
        columns["key"] += [keys[seed] for seed in part["seed"].tolist()]
        columns["token"] += [own.symbols[token] for token in part["token"].tolist()]
        columns["target"] += [own.classes[target] for target in part["target"].tolist()]
        for name in ("sentence", "position", "log10_norm"):
            columns[name] += part[name].tolist()
    write(results, ATTRIBUTION, columns)


def write_decoded(results: Path, jobs: Sequence[Job], data: Mapping[tuple[str, int], Data]) -> None:
    """Write the table of decoded sequences, with the names of classes."""
    columns: dict[str, list[Any]] = {name: [] for name in DECODED.schema.names}
    for job in jobs:
        names, part = data[job.stack.task, job.stack.length].classes, job.decoded
        if names is None:
            continue
        keys = {run["seed"]: run["key"] for run in job.runs}
        columns["key"] += [keys[seed] for seed in part["seed"].tolist()]
        for name in ("target", "output"):
            columns[name] += [None if number == NOTHING else names[number] for number in part[name].tolist()]
        for name in ("sentence", "position"):
            columns[name] += part[name].tolist()
    write(results, DECODED, columns)


def cards(data: Mapping[tuple[str, int], Data]) -> dict[str, dict[str, Any]]:
    """Return the data cards by task and length, with the digests of the data and what their metric is made of."""
    found: dict[str, dict[str, Any]] = {}
    for (task, length), own in data.items():
        found.setdefault(task, {})[str(length)] = {**own.card, "scored_by": own.scored_by, "sha256": own.sha256}
    return found


def main() -> str:
    """Read what the jobs left, write the tables."""
    parser = command.parser(__doc__)
    groups = "TASK/CELL/VARIANT/LENGTH,LENGTH"
    parser.add_argument("--stacks", nargs="+", required=True, metavar=groups, help="what was trained")
    parser.add_argument("--tuned", nargs="+", required=True, metavar=groups, help="for what a rate was chosen")
    parser.add_argument("--initial", nargs="+", required=True, metavar=groups, help="what was measured untrained")
    command.add_paths(parser, results="folder of the experiment's results")
    options = parser.parse_args()
    results: Path = options.results
    jobs = [Job.load(job_file(results, stack)) for stack in stacks_of(options.stacks)]
    tuned, untrained = stacks_of(options.tuned), stacks_of(options.initial)
    measured = [(stack, Initial.load(initial_file(results, stack)).measured) for stack in untrained]
    measured += [(job.stack, job.measured) for job in jobs]
    runs = [run for job in jobs for run in job.runs]
    prepared = sorted({(stack.task, stack.length) for stack, _ in measured})
    data = {(task, length): Data.load(data_file(results, task, length)) for task, length in prepared}
    write_rows(results, RUNS, runs)
    write_rows(results, RATES, [{**asdict(stack), **row} for stack, found in measured for row in found.rates])
    write_rows(results, HORIZONS, [{**asdict(stack), **row} for stack, found in measured for row in found.horizons])
    write_rows(results, TUNING, [row for stack in tuned for row in read_json(tuning_file(results, stack))["rows"]])
    write_columns(results, CURVES, [(job.stack, job.curves) for job in jobs])
    write_columns(results, GRADIENTS, [(stack, found.gradients) for stack, found in measured])
    write_columns(results, SPECTRA, [(stack, found.spectra) for stack, found in measured])
    write_attribution(results, jobs, data)
    write_decoded(results, jobs, data)
    write_json(results / "data.json", cards(data))
    diverged = sum(run["status"] == "diverged" for run in runs)
    return f"{len(runs)} runs, {diverged} diverged" if diverged else f"{len(runs)} runs"


if __name__ == "__main__":
    command.run(main)
