"""A copy of the project, used as a person uses it."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlflow import MlflowClient

from reports.stored import read
from reports.tables import RUNS, Table

LIMIT_S = 1200  # of what hangs; a busy machine only makes a run slow


@dataclass(frozen=True)
class Project:
    """A folder with the project in it; its processes get HOME and PATH alone, and what a test adds."""

    folder: Path

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        environment |= {name: os.environ[name] for name in ("HOME", "PATH")}
        command = [sys.executable, "-m", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder, env=environment, stdout=pipe, stderr=pipe, text=True)

    def snakemake(
        self, experiment: str, *arguments: str, mirror: str | None = None, **environment: str
    ) -> tuple[int, str]:
        """Run an experiment; return the exit status and all that was printed."""
        chosen = ["--config", f"experiment={experiment}", *([f"data_mirror={mirror}"] if mirror else [])]
        with self.start("snakemake", *arguments, *chosen, **environment) as process:
            output, errors = process.communicate(timeout=LIMIT_S)
        return process.returncode, output + errors

    def run(self, experiment: str, *arguments: str, **environment: str) -> str:
        """Run an experiment that must succeed; return what was printed."""
        status, told = self.snakemake(experiment, *arguments, **environment)
        assert status == 0, told
        return told

    def results(self, experiment: str) -> Path:
        return self.folder / "results" / experiment

    def table(self, experiment: str, table: Table) -> list[dict[str, Any]]:
        return read(self.results(experiment), table).to_pylist()

    def keys(self, experiment: str) -> set[str]:
        return {run["key"] for run in self.table(experiment, RUNS)}

    def keys_in_mlflow(self, experiment: str) -> list[str]:
        client = MlflowClient(f"sqlite:///{self.folder / 'results/mlflow/mlflow.db'}")
        found = client.get_experiment_by_name(experiment)
        assert found is not None
        return sorted(run.data.tags["key"] for run in client.search_runs([found.experiment_id]))

    def edit(self, experiment: str, old: str, new: str) -> None:
        path = self.folder / "experiments" / f"{experiment}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def copy(self, folder: Path) -> "Project":
        """Copy everything, with its dates."""
        shutil.copytree(self.folder, folder)
        return Project(folder)


def jobs_of(dry_run: str) -> dict[str, int]:
    """Return how many jobs of each rule a dry run announces."""
    found = re.findall(r"^([a-z]+) +(\d+)$", dry_run, flags=re.MULTILINE)
    return {rule: int(count) for rule, count in found if rule != "total"}


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
