"""Log a task's runs in MLflow; what fails is said, and stops nothing."""

from __future__ import annotations

import traceback

from rnn.tasks.data import Data
from workflow.files import write_json
from workflow.grid import stacks_of
from workflow.initial import Initial
from workflow.job import Job
from workflow.keys import data_file, initial_file, job_file
from workflow.run_log import RunLog
from workflow.steps import command
from workflow.tracking import Store, reason


def main() -> str:
    """Log, and write down which runs are there now: a null run id is a run that could not be logged."""
    parser = command.parser(__doc__)
    parser.add_argument("--experiment", required=True, help="the experiment's name")
    parser.add_argument("--task", required=True)
    parser.add_argument("--stacks", nargs="+", required=True, metavar="TASK/CELL/VARIANT/LENGTH,LENGTH")
    command.add_paths(parser, results="folder of the experiment's results", output="keys and run ids, as .json")
    options = parser.parse_args()
    stacks = stacks_of(options.stacks)
    cards = {n: Data.load(data_file(options.results, options.task, n)).card for n in {stack.length for stack in stacks}}
    jobs = [Job.load(job_file(options.results, stack)) for stack in stacks]
    untrained = [Initial.load(initial_file(options.results, stack)).measured for stack in stacks]
    logs = [
        RunLog.of(job, i, initial, cards[job.stack.length])
        for job, initial in zip(jobs, untrained, strict=True)
        for i in range(len(job.runs))
    ]
    runs: dict[str, str | None] = dict.fromkeys(log.key for log in logs)
    trouble = ""
    try:
        runs |= Store().log(options.experiment, options.task, logs)
    except Exception as error:  # whatever MLflow, its database or its server raise: tables and report do not need it
        traceback.print_exc()
        trouble = f" ({reason(error)}); results and report do not need them, and the same command tries again"
    write_json(options.output, runs)
    there = sum(run_id is not None for run_id in runs.values())
    return f"{there} of {len(runs)} runs are in MLflow{trouble}" if trouble else f"{there} runs are in MLflow"


if __name__ == "__main__":
    command.run(main)
