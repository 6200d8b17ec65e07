"""MLflow mirrors the tables: runs are kept, replaced or deleted, finite values only, and trouble stops nothing."""

import dataclasses
import json
import math
import runpy
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mlflow.entities import Run

from reports.stored import read
from reports.tables import MLFLOW
from rnn.errors import StudyError
from rnn.tasks.data import Data
from workflow import records, ui
from workflow.files import read_json, write_json
from workflow.initial import Initial
from workflow.job import Job
from workflow.keys import data_file, initial_file, job_file
from workflow.run_log import MOST_POINTS, RunLog
from workflow.tracking import FOLDER, Store

EXPERIMENT = "test"
LogsOf = Callable[[Job], list[RunLog]]


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database, which takes seconds to make, to copy."""
    folder = tmp_path_factory.mktemp("mlflow")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        Store(folder)
    return folder


@pytest.fixture
def store(project: Path, empty_store: Path) -> Store:
    shutil.copytree(empty_store, project / FOLDER)
    return Store()


@pytest.fixture
def logs_of(initial: Initial, data: Data) -> LogsOf:
    """Make the logs of a job's runs."""
    return lambda job: [RunLog.of(job, i, initial.measured, data.card) for i in range(len(job.runs))]


def runs_in(store: Store) -> dict[str, Run]:
    runs = store.client.search_runs([store.experiments()[EXPERIMENT]])
    assert len({run.data.tags["key"] for run in runs}) == len(runs)
    return {run.data.tags["key"]: run for run in runs}


def test_a_run_has_all_that_a_reader_looks_for(
    store: Store, job: Job, initial: Initial, logs_of: LogsOf, data: Data
) -> None:
    logs = logs_of(job)
    ids = dict(store.log(EXPERIMENT, "adding", logs))
    assert list(ids) == [run["key"] for run in job.runs]
    run = runs_in(store)["adding/rnn/default/6/0"]
    assert run.info.run_id == ids["adding/rnn/default/6/0"]
    assert run.info.status == "FINISHED"
    assert run.info.run_name == "adding/rnn/default/6/0"
    assert run.data.params["learning_rate"] == "0.01"
    assert run.data.params["hidden"] == "4"
    names = (
        "task",
        "cell",
        "variant",
        "length",
        "seed",
        "family",
        "status",
        "stopped_by",
        "digest",
        "code_sha256",
        "kind",
    )
    assert all(run.data.tags[name] for name in names)
    assert run.data.metrics["test_value"] == job.runs[0]["value"]
    assert run.data.metrics["solved"] == float(job.runs[0]["solved"])
    for phase in ("init", "trained"):
        history = store.client.get_metric_history(run.info.run_id, f"log10_gradient_norm_{phase}")
        assert [metric.step for metric in history] == list(range(6))
        assert history[0].value == 0
    (_early, trained), start = (rate for rate in job.measured.rates if rate["seed"] == 0), initial.measured.rates[0]
    for name in ("rate_total", "lyapunov_max", "horizon", "w_spectral_radius", "w_sigma_max"):
        assert run.data.metrics[f"{name}_init"] == start[name]
        assert run.data.metrics[f"{name}_trained"] == trained[name]
    assert not [name for name in run.data.metrics if name.endswith("_early")]
    (dataset,) = run.inputs.dataset_inputs
    assert dataset.dataset.name == "adding T=6"
    assert data.sha256.startswith(dataset.dataset.digest)
    folder = FOLDER / "artifacts" / EXPERIMENT / run.info.run_id / "artifacts"
    assert json.loads((folder / "run.json").read_text())["run"]["key"] == "adding/rnn/default/6/0"
    assert (folder / "weights.npz").exists()


def test_the_same_runs_are_kept_and_changed_ones_replaced(
    store: Store, job: Job, other_job: Job, logs_of: LogsOf
) -> None:
    first = dict(store.log(EXPERIMENT, "adding", logs_of(job)))
    slower = dataclasses.replace(job, runs=[{**run, "wall_s": run["wall_s"] + 1} for run in job.runs])
    assert dict(store.log(EXPERIMENT, "adding", logs_of(slower))) == first
    second = dict(store.log(EXPERIMENT, "adding", logs_of(other_job)))
    assert set(second) == set(first)
    assert not set(second.values()) & set(first.values())
    assert {key: run.info.run_id for key, run in runs_in(store).items()} == second
    left = {path.name for path in (FOLDER / "artifacts" / EXPERIMENT).iterdir()}
    assert left == set(second.values())


def test_keys_that_left_are_deleted(store: Store, job: Job, logs_of: LogsOf) -> None:
    logs = logs_of(job)
    first = dict(store.log(EXPERIMENT, "adding", logs))
    kept = logs[1].key
    assert dict(store.log(EXPERIMENT, "adding", logs[1:])) == {kept: first[kept]}
    assert {key: run.info.run_id for key, run in runs_in(store).items()} == {kept: first[kept]}
    theirs = store.client.create_run(store.experiments()[EXPERIMENT], tags={"key": "not ours"})
    store.keep_tasks(EXPERIMENT, {"hello"})
    assert [run.info.run_id for run in runs_in(store).values()] == [theirs.info.run_id]


@pytest.mark.parametrize("status", ["RUNNING", "FAILED"])
def test_what_was_logged_half_is_replaced(
    store: Store, job: Job, logs_of: LogsOf, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    logs = logs_of(job)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(Store, "_put", fail)
        if status == "RUNNING":  # as a killed process leaves it
            broken.setattr(type(store.client), "set_terminated", lambda *_: None)
        with pytest.raises(OSError, match="disk full"):
            dict(store.log(EXPERIMENT, "adding", logs))
    (half,) = runs_in(store).values()
    assert half.info.status == status
    ids = dict(store.log(EXPERIMENT, "adding", logs))
    assert half.info.run_id not in ids.values()
    assert all(run.info.status == "FINISHED" for run in runs_in(store).values())


def test_an_experiment_that_was_deleted_by_hand_comes_back(store: Store, job: Job, logs_of: LogsOf) -> None:
    ids = dict(store.log(EXPERIMENT, "adding", logs_of(job)))
    store.client.delete_experiment(store.experiments()[EXPERIMENT])
    assert set(dict(store.log(EXPERIMENT, "adding", logs_of(job)))) == set(ids)
    assert set(runs_in(store)) == set(ids)


def test_another_measurement_at_initialisation_is_another_run(
    job: Job, initial: Initial, logs_of: LogsOf, data: Data
) -> None:
    """So that it is logged anew; draws that are not trained are no part of it."""
    rates = [{**rate, "rate_total": -1.0} if rate["seed"] == 2 else rate for rate in initial.measured.rates]
    same = dataclasses.replace(initial.measured, rates=rates)
    assert RunLog.of(job, 0, same, data.card).digest == logs_of(job)[0].digest
    rates = [{**rate, "rate_total": -1.0} for rate in initial.measured.rates]
    other = dataclasses.replace(initial.measured, rates=rates)
    assert RunLog.of(job, 0, other, data.card).digest != logs_of(job)[0].digest


def test_only_finite_values_are_logged(with_nan: Job, logs_of: LogsOf) -> None:
    log = logs_of(with_nan)[0]
    assert all(math.isfinite(value) for _, value, _ in log.metrics)
    assert "grad_norm" not in {name for name, _, _ in log.metrics}


def test_long_curves_are_thinned(job: Job, logs_of: LogsOf) -> None:
    n = 10 * MOST_POINTS
    curves = {name: np.full(n, 0.5) for name in job.curves} | {"seed": np.zeros(n, int), "step": np.arange(n)}
    log = logs_of(dataclasses.replace(job, curves=curves))[0]
    steps = [step for name, _, step in log.metrics if name == "valid_loss"]
    assert len(steps) == MOST_POINTS
    assert (steps[0], steps[-1]) == (0, n - 1)


class Steps:
    """The two tracking steps, run as commands in an experiment's folder."""

    def __init__(self, project: Path, job: Job, initial: Initial, data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
        self.results, self.monkeypatch = project / "results" / EXPERIMENT, monkeypatch
        self.record = FOLDER / "records" / EXPERIMENT / "adding.json"
        job.save(job_file(self.results, job.stack))
        initial.save(initial_file(self.results, job.stack))
        data.save(data_file(self.results, "adding", 6))

    def run(self, step: str, *arguments: str) -> None:
        common = ("--experiment", EXPERIMENT, "--results", str(self.results))
        self.monkeypatch.setattr(sys, "argv", [step, *common, *arguments])
        runpy.run_module(f"workflow.steps.{step}", run_name="__main__")

    def track(self) -> None:
        self.run("track", "--task", "adding", "--stacks", "adding/rnn/default/6", "--output", str(self.record))

    def tracked(self) -> None:
        self.run("tracked", "--records", str(self.record))


@pytest.fixture
def steps(
    store: Store, project: Path, job: Job, initial: Initial, data: Data, monkeypatch: pytest.MonkeyPatch
) -> Steps:
    monkeypatch.delenv("RUN_LOCK", raising=False)
    return Steps(project, job, initial, data, monkeypatch)


def test_the_steps_list_the_runs_and_forget_tasks_that_left(
    steps: Steps, store: Store, job: Job, logs_of: LogsOf, capsys: pytest.CaptureFixture[str]
) -> None:
    hello = dataclasses.replace(logs_of(job)[0], key="hello/rnn/default/4/0")
    hello = dataclasses.replace(hello, tags={**hello.tags, "task": "hello", "key": hello.key})
    gone = steps.record.with_name("hello.json")
    write_json(gone, dict(store.log(EXPERIMENT, "hello", [hello])))
    steps.track()
    assert len(runs_in(store)) == 3
    steps.tracked()
    assert capsys.readouterr().out.splitlines()[-1] == "2 of 2 runs are in MLflow"
    listed = read(steps.results, MLFLOW).to_pydict()
    assert dict(zip(listed["key"], listed["run_id"], strict=True)) == read_json(steps.record)
    assert set(runs_in(store)) == set(listed["key"])
    assert not gone.exists()  # so that the task is logged again should it come back


def test_a_failed_log_is_said_leaves_the_table_short_and_is_tried_again(
    steps: Steps, capsys: pytest.CaptureFixture[str]
) -> None:
    create = Store._create

    def fail_on_the_second(self: Store, experiment: object, log: RunLog) -> str:
        if log.key.endswith("/1"):
            raise ConnectionError("server gone")
        return create(self, experiment, log)

    with steps.monkeypatch.context() as broken:
        broken.setattr(Store, "_create", fail_on_the_second)
        steps.track()
    told = capsys.readouterr()
    assert "1 of 2 runs are in MLflow (ConnectionError: server gone)" in told.out
    assert "Traceback" in told.err
    steps.tracked()
    assert read(steps.results, MLFLOW).to_pydict()["key"] == ["adding/rnn/default/6/0"]
    records.set_incomplete_aside(steps.record.parent)
    assert not steps.record.exists()  # Snakemake makes it again
    steps.track()
    steps.tracked()
    assert len(read(steps.results, MLFLOW)) == 2


def test_runs_that_could_not_be_deleted_are_tried_again(steps: Steps, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object) -> None:
        raise ConnectionError("server gone")

    steps.track()
    gone = steps.record.with_name("hello.json")
    write_json(gone, {"hello/rnn/default/4/0": "x"})
    with steps.monkeypatch.context() as broken:
        broken.setattr(Store, "keep_tasks", fail)
        steps.tracked()
    assert "2 of 2 runs are in MLflow; runs that left could not be deleted" in capsys.readouterr().out
    assert len(read(steps.results, MLFLOW)) == 2
    records.set_incomplete_aside(steps.record.parent)
    assert not steps.record.exists()
    assert gone.exists()


def test_the_interface_says_what_is_in_its_way(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StudyError, match="There are no runs to show yet"):
        ui.check(FOLDER, 5000)
    (project / FOLDER).mkdir(parents=True)
    (project / FOLDER / "mlflow.db").touch()
    with socket.socket() as taken:
        taken.bind((ui.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StudyError, match=f"Port {port} cannot be used"):
            ui.check(FOLDER, port)
    ui.check(FOLDER, port)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://somewhere")
    with pytest.raises(StudyError, match="runs are kept at http://somewhere"):
        ui.check(FOLDER, port)
