"""List the runs in mlflow.parquet, and delete those of tasks that left the experiment."""

from __future__ import annotations

import traceback
from pathlib import Path

from reports.stored import write
from reports.tables import MLFLOW
from workflow.files import read_json, write_json
from workflow.steps import command


def main() -> str:
    """List, and delete where there is something to delete."""
    parser = command.parser(__doc__)
    parser.add_argument("--experiment", required=True, help="the experiment's name")
    parser.add_argument(
        "--records", type=Path, nargs="+", required=True, help="what workflow.steps.track wrote, one a task"
    )
    command.add_paths(parser, results="folder of the experiment's results")
    options = parser.parse_args()
    found: dict[Path, dict[str, str | None]] = {path: read_json(path) for path in options.records}
    runs = {key: run_id for record in found.values() for key, run_id in record.items()}
    logged = {key: run_id for key, run_id in runs.items() if run_id is not None}
    write(options.results, MLFLOW, {"key": list(logged), "run_id": list(logged.values())})
    tasks = {path.stem for path in found}
    left = {path for record in found for path in record.parent.iterdir() if path.stem not in tasks}
    trouble = forget(options.experiment, left, found) if left else ""
    return f"{len(logged)} of {len(runs)} runs are in MLflow{trouble}"


def forget(experiment: str, left: set[Path], found: dict[Path, dict[str, str | None]]) -> str:
    """Delete the runs and records of tasks that left; return what went wrong."""
    from workflow.tracking import Store, reason  # takes seconds, and is rarely needed

    try:
        Store().keep_tasks(experiment, {path.stem for path in found})
    except Exception as error:  # as in workflow.steps.track
        traceback.print_exc()
        for path, record in found.items():
            write_json(path, dict.fromkeys(record))  # so that the next run of the same command tries again
        return f"; runs that left could not be deleted ({reason(error)}), and the same command tries again"
    for path in left:
        path.unlink()
    return ""


if __name__ == "__main__":
    command.run(main)
