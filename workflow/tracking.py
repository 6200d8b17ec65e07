"""MLflow, which only this module knows: one flat run a key, kept, replaced or deleted so that it mirrors the tables.

``python -m workflow.tracking ui`` shows the runs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, Experiment, InputTag, Metric, Param, Run

from rnn.errors import StudyError
from workflow import ui
from workflow.lock import alone
from workflow.run_log import KIND, RunLog

FOLDER = Path("results/mlflow")
ENTRIES_A_BATCH = 1000  # MLflow's limit, of metrics, parameters and tags together
DIGEST_LENGTH = 12  # what a table shows of the digest of a data set; its profile and the tag hold the whole
REMOTE = "mlflow-artifacts:/"


class Store:
    """Where runs are kept: ``results/mlflow``, or what ``MLFLOW_TRACKING_URI`` names.

    In the local store the artifacts' addresses name no folder, so that a moved project still finds them: files are put
    where the UI's server looks for such addresses.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")  # a server that is gone must not hold up a run
        uri = os.environ.get("MLFLOW_TRACKING_URI")
        self.artifacts = None if uri else folder / "artifacts"
        self.client = MlflowClient(tracking_uri=uri or _database(folder))

    def log(self, experiment: str, task: str, logs: Sequence[RunLog]) -> Iterator[tuple[str, str]]:
        """Make MLflow mirror a task's runs and yield (key, run id) of each one as soon as it is there."""
        found = self._experiment(experiment)
        wanted = {log.key: log for log in logs}
        current: dict[str, str] = {}
        for run in list(self._runs(found, f" AND tags.task = '{task}'")):
            key = run.data.tags["key"]
            if key in wanted and key not in current and _is_current(run, wanted[key]):
                current[key] = run.info.run_id
            else:
                self._delete(run)
        for key, log in wanted.items():
            yield key, current.get(key) or self._create(found, log)

    def keep_tasks(self, experiment: str, tasks: Collection[str]) -> None:
        """Delete the runs of all other tasks."""
        for run in list(self._runs(self._experiment(experiment))):
            if run.data.tags["task"] not in tasks:
                self._delete(run)

    def experiments(self) -> dict[str, str]:
        """Return the ids of all experiments by name."""
        return {
            found.name: found.experiment_id for found in self.client.search_experiments() if found.name != "Default"
        }

    def _experiment(self, name: str) -> Experiment:
        found = self.client.get_experiment_by_name(name)
        if found is None:
            location = None if self.artifacts is None else f"{REMOTE}{name}"
            tags = {"mlflow.experimentKind": "custom_model_development"}
            self.client.create_experiment(name, location, tags)
        elif found.lifecycle_stage == "deleted":
            self.client.restore_experiment(found.experiment_id)
        return self.client.get_experiment_by_name(name)

    def _runs(self, experiment: Experiment, condition: str = "") -> Iterator[Run]:
        ours = f"tags.kind = '{KIND}'"  # on a shared server, what others keep in an experiment of this name is theirs
        token: str | None = None
        while token != "":
            page = self.client.search_runs([experiment.experiment_id], ours + condition, page_token=token)
            yield from page
            token = page.token or ""

    def _create(self, experiment: Experiment, log: RunLog) -> str:
        # what was logged half never ends as FINISHED, and the next attempt replaces it
        tags = {**log.tags, "digest": log.digest}
        run = self.client.create_run(experiment.experiment_id, run_name=log.key, tags=tags)
        run_id, now = run.info.run_id, int(time.time() * 1000)
        try:
            params = [Param(*param) for param in log.params.items()]
            metrics = [Metric(name, value, now, step) for name, value, step in log.metrics]
            first = ENTRIES_A_BATCH - len(params)
            self.client.log_batch(run_id, metrics[:first], params)
            for start in range(first, len(metrics), ENTRIES_A_BATCH):
                self.client.log_batch(run_id, metrics[start : start + ENTRIES_A_BATCH])
            self.client.log_inputs(run_id, [_data_input(log)])
            self._put(run, log.files)
            self.client.set_terminated(run_id, "FINISHED")
        except BaseException:
            self.client.set_terminated(run_id, "FAILED")
            raise
        return run_id

    def _put(self, run: Run, files: dict[str, bytes]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                (Path(folder) / name).write_bytes(content)
            if self.artifacts is None:
                self.client.log_artifacts(run.info.run_id, folder)
            else:
                target = self.artifacts / run.info.artifact_uri.removeprefix(REMOTE)
                shutil.copytree(folder, target, dirs_exist_ok=True)

    def _delete(self, run: Run) -> None:
        if run.info.status == "RUNNING":  # its process was killed
            self.client.set_terminated(run.info.run_id, "KILLED")
        self.client.delete_run(run.info.run_id)
        if self.artifacts is not None:
            folder = self.artifacts / run.info.artifact_uri.removeprefix(REMOTE)
            shutil.rmtree(folder.parent, ignore_errors=True)


def _database(folder: Path) -> str:
    """Return the URI of the local database, which is made whole before it gets its name."""
    database = folder / "mlflow.db"
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder / ".lock"):
        if not database.exists():
            unfinished = folder / ".mlflow.db.tmp"
            unfinished.unlink(missing_ok=True)
            MlflowClient(tracking_uri=f"sqlite:///{unfinished}").search_experiments()
            unfinished.replace(database)
    return f"sqlite:///{database.resolve()}"  # MLflow keeps a connection by its address


def reason(error: Exception) -> str:
    """Return what went wrong, short enough for one line."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__


def _is_current(run: Run, log: RunLog) -> bool:
    return run.info.status == "FINISHED" and run.data.tags.get("digest") == log.digest


def _data_input(log: RunLog) -> DatasetInput:
    data = log.data
    dataset = Dataset(
        name=data.name,
        digest=data.digest[:DIGEST_LENGTH],
        source_type="local",
        source=json.dumps({"uri": data.place}),
        profile=json.dumps(data.profile),
    )
    return DatasetInput(dataset, [InputTag("mlflow.data.context", "train")])


def main() -> None:
    """Serve the user interface."""
    parser = argparse.ArgumentParser(prog="python -m workflow.tracking", description="Runs in MLflow.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shown = commands.add_parser("ui", help="show the runs in MLflow's user interface, on 127.0.0.1")
    shown.add_argument("--port", type=int, default=5000)
    options = parser.parse_args()
    try:
        ui.check(FOLDER, options.port)
        ui.serve(FOLDER, options.port, Store().experiments())
    except StudyError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
