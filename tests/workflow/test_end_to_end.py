"""The real pipeline in a temporary copy: every file, a kill, an edit, a move, and trouble with MLflow."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from mlflow import MlflowClient

from reports.tables import CURVES, GRADIENTS, MLFLOW, RATES, RUNS, TABLES, TUNING, Table, read
from rnn.tasks import TASKS
from workflow.grid import Grid
from workflow.keys import Key
from workflow.lock import hold
from workflow.settings import load

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 300


@dataclass(frozen=True)
class Project:
    """A copy of the project, used as a person uses it: with an environment of HOME and PATH only."""

    folder: Path

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        environment |= {name: os.environ[name] for name in ("HOME", "PATH")}
        command = [sys.executable, "-m", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder, env=environment, stdout=pipe, stderr=pipe, text=True)

    def snakemake(self, experiment: str, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run an experiment; return the exit status and all that was printed."""
        chosen = ("--config", f"experiment={experiment}")
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


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tracked files, as a clone has them."""
    folder = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return Project(folder)


@pytest.fixture(scope="module")
def done(fresh: Project) -> Project:
    """The project with the results of ``tiny``."""
    told = fresh.run("tiny")
    assert "The report: results/tiny/report.html and results/tiny/report.pdf." in told
    assert "Core-seconds of training used (expected): adding " in told
    return fresh


@pytest.fixture(scope="module")
def done_too(done: Project) -> Project:
    """The project with the results of ``quick`` besides."""
    done.run("quick")
    return done


@pytest.fixture
def copied(done: Project, tmp_path: Path) -> Project:
    """A copy of it to change."""
    return done.copy(tmp_path / "project")


def jobs_of(dry_run: str) -> dict[str, int]:
    """Return how many jobs of each rule a dry run announces."""
    found = re.findall(r"^([a-z]+) +(\d+)$", dry_run, flags=re.MULTILINE)
    return {rule: int(count) for rule, count in found if rule != "total"}


def wait_for(condition: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("experiment", ["tiny", "quick"])
def test_every_file_is_there_and_whole(experiment: str, request: pytest.FixtureRequest) -> None:
    done: Project = request.getfixturevalue({"tiny": "done", "quick": "done_too"}[experiment])
    results, grid = done.results(experiment), Grid(load(done.folder / "experiments" / f"{experiment}.yaml"))
    stacks, seeds = grid.stacks(), range(grid.experiment.seeds)
    expected = [Key(s.task, s.cell, s.variant, s.length, seed) for s in stacks for seed in seeds]
    runs = done.table(experiment, RUNS)
    assert [run["key"] for run in runs] == [str(key) for key in sorted(expected)]
    assert {run["code_sha256"] for run in runs} == set(
        json.loads((results / "provenance.json").read_text())["code_sha256"]
    )
    for run in runs:
        assert run["skill"] == pytest.approx(1 - run["value"] / run["baseline"])
        assert run["status"] == "ok" or run["stopped_by"] == "diverged"
    curves = done.table(experiment, CURVES)
    assert {(row["task"], row["step"]) for row in curves if row["step"] == 0} == {(task, 0) for task in grid.tasks}
    lags: dict[tuple[object, ...], list[int]] = {}
    for row in done.table(experiment, GRADIENTS):
        of = (row["task"], row["cell"], row["variant"], row["length"], row["seed"], row["phase"])
        lags.setdefault(of, []).append(row["lag"])
    assert len(lags) == 2 * len(expected)
    for (task, _cell, _variant, length, *_rest), found in lags.items():
        assert found == list(range(len(found)))
        # sentences differ in length: lags that fewer than half of them have are left out
        assert max(length, 1) <= len(found) <= TASKS[str(task)].n_steps(length)
    assert len(done.table(experiment, RATES)) == 2 * len(expected)
    tuning = done.table(experiment, TUNING)
    rates = {(row["task"], row["cell"], row["variant"]): row["learning_rate"] for row in tuning if row["chosen"]}
    assert all(run["learning_rate"] == rates[run["task"], run["cell"], run["variant"]] for run in runs)
    cards = json.loads((results / "data.json").read_text())
    assert {task: sorted(map(int, lengths)) for task, lengths in cards.items()} == {
        task: grid.lengths(task) for task in grid.tasks
    }
    listed = {row["key"]: row["run_id"] for row in done.table(experiment, MLFLOW)}
    assert sorted(listed) == done.keys_in_mlflow(experiment) == sorted(done.keys(experiment))
    provenance = json.loads((results / "provenance.json").read_text())
    assert provenance["configuration"] == grid.experiment.full()
    assert provenance["kernels"]["threads"] == [1]
    assert set(provenance["times"]["core_seconds"]) == set(grid.tasks)
    assert json.loads((results / "report.json").read_text())
    assert grid.experiment.title in (results / "report.html").read_text(encoding="utf-8")
    assert (results / "report.pdf").read_bytes().startswith(b"%PDF-")
    made = {path.name for path in results.iterdir() if path.is_file()}
    assert made == {f"{name}.parquet" for name in TABLES} | {
        "data.json",
        "provenance.json",
        "report.json",
        "report.html",
        "report.pdf",
    }
    assert not list(done.folder.rglob("*.tmp"))


def test_a_second_run_has_nothing_to_do(done: Project) -> None:
    assert "Nothing to be done" in done.run("tiny", "-n")
    assert "The reports are in results/tiny/." in done.run("tiny")


def test_an_edit_re_runs_its_cone_only(done_too: Project, tmp_path: Path) -> None:
    copied = done_too.copy(tmp_path / "project")
    told = "Nothing to be done"
    assert told in copied.run("quick", "-n")
    copied.edit("quick", "title: ", "title: Edited, ")
    assert jobs_of(copied.run("quick", "-n")) == {"provenance": 1, "report": 1, "all": 1}
    copied.edit("quick", "title: Edited, ", "title: ")
    copied.edit("quick", "hello: {lengths: [4], steps: 200", "hello: {lengths: [4], steps: 100")
    grid = Grid(load(copied.folder / "experiments/quick.yaml"))
    stacks = len(grid.stacks("hello"))
    after = dict.fromkeys(("collect", "provenance", "track", "tracked", "report", "all"), 1)
    assert jobs_of(copied.run("quick", "-n")) == {"tune": stacks, "train": stacks, **after}
    copied.edit("quick", "steps: 100", "steps: 200")
    assert told in copied.run("quick", "-n")


def test_a_second_run_at_once_is_refused(fresh: Project) -> None:
    held = hold(fresh.folder / "results/.lock")
    status, told = fresh.snakemake("tiny", "--forcerun", "collect")
    os.close(held)
    assert status == 1
    assert "Another run is using results/: wait for it to end" in told
    assert "Traceback" not in told


def test_a_killed_run_continues_to_the_same_bits(done: Project, copied: Project) -> None:
    shutil.rmtree(copied.folder / "results")
    with copied.start("snakemake", "--config", "experiment=tiny") as run:
        wait_for(lambda: list(copied.results("tiny").glob("jobs/**/*.npz")), 60)
        family = psutil.Process(run.pid).children(recursive=True)
        run.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(family, timeout=10)
    assert family
    assert not alive
    assert not (copied.results("tiny") / "runs.parquet").exists()
    copied.run("tiny", "--cores", "1")
    for table in (CURVES, GRADIENTS, RATES, TUNING):
        assert table.file(copied.results("tiny")).read_bytes() == table.file(done.results("tiny")).read_bytes()
    first, second = (read(project.results("tiny"), RUNS).drop_columns("wall_s") for project in (done, copied))
    assert first.equals(second)
    assert copied.keys_in_mlflow("tiny") == sorted(copied.keys("tiny"))


def test_what_leaves_the_file_leaves_the_results_and_trouble_with_mlflow_stops_nothing(copied: Project) -> None:
    before = copied.keys("tiny")
    copied.edit("tiny", "lengths: [6, 10]", "lengths: [6]")
    told = copied.run("tiny", MLFLOW_TRACKING_URI="http://127.0.0.1:9", MLFLOW_HTTP_REQUEST_MAX_RETRIES="0")
    left = {key for key in before if "/6/" in key}
    assert copied.keys("tiny") == left
    assert "0 of 4 runs are in MLflow" in told
    assert copied.table("tiny", MLFLOW) == []
    assert copied.keys_in_mlflow("tiny") == sorted(before)
    copied.run("tiny")
    assert {row["key"] for row in copied.table("tiny", MLFLOW)} == left
    assert copied.keys_in_mlflow("tiny") == sorted(left)
    assert "Nothing to be done" in copied.run("tiny", "-n")


@pytest.fixture
def interface(copied: Project, tmp_path: Path) -> Iterator[tuple[Project, str]]:
    """The user interface of a project that was moved."""
    moved = Project(copied.folder.rename(tmp_path / "moved"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with moved.start("workflow.tracking", "ui", "--port", str(port)) as server:
        assert server.stdout is not None
        assert "MLflow shows the runs at" in server.stdout.readline()
        yield moved, f"http://127.0.0.1:{port}/api/2.0/mlflow"
        server.terminate()


def test_a_moved_project_shows_its_runs_and_builds_its_report(interface: tuple[Project, str]) -> None:
    moved, address = interface

    def ask(path: str, **body: object) -> Any:
        request = urllib.request.Request(f"{address}/{path}", json.dumps(body).encode() if body else None)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    number = ask("experiments/get-by-name?experiment_name=tiny")["experiment"]["experiment_id"]
    runs = ask("runs/search", experiment_ids=[number])["runs"]
    assert {run["info"]["run_name"] for run in runs} == moved.keys("tiny")
    files = ask(f"artifacts/list?run_id={runs[0]['info']['run_id']}")["files"]
    assert [file["path"] for file in files] == ["run.json", "weights.npz"]
    report = moved.results("tiny") / "report.html"
    report.unlink()
    moved.run("tiny")
    assert report.is_file()


def test_errors_are_told_before_anything_runs(fresh: Project, tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    shutil.copytree(fresh.folder, project.folder, ignore=shutil.ignore_patterns("results", ".snakemake"))
    project.edit("tiny", "cells:", "celss:")
    status, told = project.snakemake("tiny")
    assert status == 1
    assert "experiments/tiny.yaml: `celss` is not a key of an experiment; the nearest is `cells`." in told
    assert "Traceback" not in told
    status, told = project.snakemake("quik")
    assert status == 1
    assert "the nearest is quick" in told
    assert not (project.folder / "results").exists()
