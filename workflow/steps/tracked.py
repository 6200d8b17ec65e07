"""Make MLflow mirror the tables: delete the runs whose keys have left, and list the others in mlflow.parquet."""

from __future__ import annotations

import traceback
from pathlib import Path

from reports.tables import MLFLOW, write
from workflow.files import read_json, write_json
from workflow.steps import command
from workflow.tracking import Store, reason


def main() -> str:
    """Delete and list; a failure is recorded, so that the next run of the same command tries again."""
    parser = command.parser(__doc__)
    parser.add_argument("--experiment", required=True, help="the experiment's name")
    parser.add_argument(
        "--records", type=Path, nargs="+", required=True, help="what workflow.steps.track wrote, one a task"
    )
    command.add_paths(parser, results="folder of the experiment's results")
    options = parser.parse_args()
    found: dict[Path, dict[str, str | None]] = {path: read_json(path) for path in options.records}
    keys = [key for record in found.values() for key in record]
    logged = {key: run_id for record in found.values() for key, run_id in record.items() if run_id is not None}
    trouble = ""
    try:
        Store().keep_only(options.experiment, keys)
    except Exception as error:  # as in workflow.steps.track
        traceback.print_exc()
        trouble = f"; runs that left could not be deleted ({reason(error)}), and the same command tries again"
        for path, record in found.items():
            write_json(path, dict.fromkeys(record))
    write(options.results, MLFLOW, {"key": list(logged), "run_id": list(logged.values())})
    for path in {path for record in found for path in record.parent.glob("*.json")} - set(found):
        path.unlink()  # the record of a task that left: should the task come back, its runs must be logged again
    return f"{len(logged)} of {len(keys)} runs are in MLflow{trouble}"


if __name__ == "__main__":
    command.run(main)
