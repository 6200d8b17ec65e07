"""Train all seeds of a (task, cell, variant, length) as one stack and measure what flows back through them."""

from __future__ import annotations

import time
from statistics import median

from rnn.decode import decode
from rnn.gradients import attribute
from rnn.tasks.data import Data
from rnn.train import train
from workflow.files import read_json
from workflow.job import Job
from workflow.measured import measure_trained
from workflow.provenance import process_facts
from workflow.steps import command


def summary(job: Job) -> str:
    """Return what a person following the run wants to know of a finished job."""
    runs = job.runs
    parts = [f"{len(runs)} seeds"]
    if runs[0]["solved"] is None:
        parts.append(f"median skill {median(run['skill'] for run in runs):.2f}")
    else:
        parts.append(f"{sum(run['solved'] for run in runs)} solved")
    diverged = sum(run["status"] == "diverged" for run in runs)
    if diverged:
        parts.append(f"{diverged} diverged")
    return ", ".join([*parts, f"{job.facts['core_seconds']:.0f} s"])


def main() -> str:
    """Train, measure and save."""
    parser = command.parser(__doc__)
    command.add_setup(parser)
    parser.add_argument("--seeds", type=int, required=True, help="number of seeds, counted from 0")
    command.add_paths(
        parser,
        data="the task's data at this length",
        tuning="what workflow.steps.tune saved",
        output="runs, curves, measurements, attribution, decoded sequences and weights, as .npz",
    )
    options = parser.parse_args()
    setup, data = command.setup_of(options), Data.load(options.data)
    rate = read_json(options.tuning)["learning_rate"]
    started = time.perf_counter()
    trained = train(setup, data, [rate] * options.seeds, range(options.seeds))
    ended = time.perf_counter()
    measured = measure_trained(setup, data, trained)
    best = [run.best for run in trained]
    found, decoded = attribute(setup, data, best), decode(setup, data, best)
    facts = process_facts(training_s=ended - started, measuring_s=time.perf_counter() - ended)
    job = Job.of(setup, data, trained, measured, found, decoded, facts)
    job.save(options.output)
    return summary(job)


if __name__ == "__main__":
    command.run(main)
