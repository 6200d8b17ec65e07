"""Write provenance.json: the configuration, and what its results were made by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rnn.errors import StudyError
from workflow.files import read_json, write_json
from workflow.grid import stacks_of
from workflow.initial import Initial
from workflow.job import Job
from workflow.keys import Stack, facts_file, initial_file, job_file, tuning_file
from workflow.provenance import project_facts
from workflow.settings import load
from workflow.steps import command


def kernels(facts: Iterable[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return what the jobs ran with, each value once; two values say that results of two machines mix."""
    found: dict[str, set[Any]] = defaultdict(set)
    for fact in facts:
        for name in ("cpu", "numba_target", "threads", "python", "numpy", "numba"):
            found[name].add(fact[name])
        for name in ("blas", "simd"):
            found[name].add(", ".join(fact[name]))
    return {name: sorted(values) for name, values in sorted(found.items())}


def main() -> str:
    """Gather and write."""
    parser = command.parser(__doc__)
    groups = "TASK/CELL/VARIANT/LENGTH,LENGTH"
    parser.add_argument("--stacks", nargs="+", required=True, metavar=groups, help="what was trained")
    parser.add_argument("--tuned", nargs="+", required=True, metavar=groups, help="for what a rate was chosen")
    parser.add_argument("--initial", nargs="+", required=True, metavar=groups, help="what was measured untrained")
    parser.add_argument("--digest", required=True, help="digest of the configuration that was run")
    parser.add_argument(
        "--left-out", nargs=2, action="append", default=[], metavar=("TASK", "SENTENCE"), help="a task, and why"
    )
    command.add_paths(parser, experiment="the experiment file", results="folder of the experiment's results")
    options = parser.parse_args()
    left_out = dict(options.left_out)
    experiment, results = load(options.experiment).without(left_out), options.results
    training = _training(results, stacks_of(options.stacks), stacks_of(options.tuned))
    initial = _initial(results, stacks_of(options.initial))
    trained, untrained = ([fact for facts in of.values() for fact in facts] for of in (training, initial))
    everything = [*trained, *untrained]
    everything += [read_json(facts_file(results, table))["facts"] for table in ("phase", "reference")]
    if experiment.digest() != options.digest:
        raise StudyError(f"{options.experiment} was changed while it was running: give the same command again.")
    used = {
        task: {
            "expected": experiment.chosen_tasks[task].core_seconds,
            "used": _core_seconds(facts),
            "initial": _core_seconds(initial[task]),
        }
        for task, facts in training.items()
    }
    content = {
        "experiment": options.experiment.stem,
        "title": experiment.title,
        "configuration": experiment.full(),
        "configuration_sha256": experiment.digest(),
        "left_out": list(left_out.values()),
        "code_sha256": sorted({fact["code_sha256"] for fact in everything}),
        # of the jobs that train: others need not load every library, and list those that they have loaded
        "kernels": kernels(trained),
        "times": {
            "started": min(fact["started"] for fact in everything),
            "finished": max(fact["finished"] for fact in everything),
            "core_seconds": used,
        },
        **project_facts(),
    }
    write_json(results / "provenance.json", content)
    return f"{sum(task['used'] for task in used.values()):.0f} core-seconds of training"


def _core_seconds(facts: Iterable[dict[str, Any]]) -> float:
    return round(sum(fact["core_seconds"] for fact in facts), 1)


def _initial(results: Path, stacks: Iterable[Stack]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for stack in stacks:
        found.setdefault(stack.task, []).append(Initial.load(initial_file(results, stack)).facts)
    return found


def _training(results: Path, stacks: Sequence[Stack], tuned: Sequence[Stack]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for stack in stacks:
        found.setdefault(stack.task, []).append(Job.load(job_file(results, stack)).facts)
    for stack in tuned:
        found[stack.task].append(read_json(tuning_file(results, stack))["facts"])
    return found


if __name__ == "__main__":
    command.run(main)
