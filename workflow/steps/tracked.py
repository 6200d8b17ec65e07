"""Make MLflow mirror the tables: delete the runs whose keys have left, and list the others in mlflow.parquet."""

from __future__ import annotations

import traceback
from pathlib import Path

from reports.tables import MLFLOW, write
from workflow.files import read_json
from workflow.steps import command
from workflow.tracking import Store, reason


def main() -> str:
    """Delete, list, and forget what the next run of the same command must try again."""
    parser = command.parser(__doc__)
    parser.add_argument("--experiment", required=True, help="the experiment's name")
    parser.add_argument(
        "--records", type=Path, nargs="+", required=True, help="what workflow.steps.track wrote, one a task"
    )
    command.add_paths(parser, results="folder of the experiment's results")
    options = parser.parse_args()
    records: dict[Path, dict[str, str | None]] = {path: read_json(path) for path in options.records}
    keys = [key for runs in records.values() for key in runs]
    logged = {key: run_id for runs in records.values() for key, run_id in runs.items() if run_id is not None}
    again = [path for path, runs in records.items() if None in runs.values()]
    trouble = ""
    try:
        Store().keep_only(options.experiment, keys)
    except Exception as error:  # as in workflow.steps.track
        traceback.print_exc()
        trouble = f"; runs that left could not be deleted ({reason(error)}), and the same command tries again"
        again = list(records)
    write(options.results, MLFLOW, {"key": list(logged), "run_id": list(logged.values())})
    left = {path for record in records for path in record.parent.glob("*.json")} - set(records)
    for path in (*again, *left):  # a missing record is made again, also that of a task that left, should it come back
        path.unlink()
    return f"{len(logged)} of {len(keys)} runs are in MLflow{trouble}"


if __name__ == "__main__":
    command.run(main)
