"""The real pipeline in a temporary copy: every file, a kill, an edit, a move, and trouble with MLflow."""

import json
import math
import os
import re
import shutil
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from reports.stored import read
from reports.tables import CURVES, GRADIENTS, HORIZONS, MLFLOW, PHASE, RATES, REFERENCE, RUNS, SPECTRA, TABLES, TUNING
from rnn.tasks import TASKS
from rnn.train import early_steps
from tests.workflow.copies import LIMIT_S, Project, jobs_of, wait_for
from workflow.grid import Grid
from workflow.keys import Key, Stack
from workflow.lock import hold
from workflow.settings import load

ROOT = Path(__file__).resolve().parents[2]


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


def _stack(row: dict[str, Any]) -> Stack:
    return Stack(*(row[name] for name in ("task", "cell", "variant", "length")))


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
    tuning = done.table(experiment, TUNING)
    rates = {_stack(row): row["learning_rate"] for row in tuning if row["chosen"]}
    assert sorted(rates) == grid.tuned_stacks()
    assert all(run["learning_rate"] == rates[grid.tuned(_stack(run))] for run in runs)
    cards = json.loads((results / "data.json").read_text())
    assert {task: sorted(map(int, lengths)) for task, lengths in cards.items()} == {
        task: grid.measured_lengths(task) for task in grid.tasks
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
        "claims.json",
        "data.json",
        "phase.json",
        "provenance.json",
        "reference.json",
        "report.json",
        "report.html",
        "report.pdf",
    }
    assert not list(done.folder.rglob("*.tmp"))


Point = tuple[Key, str, int]  # run, phase, step


def points(rows: list[dict[str, Any]]) -> dict[Point, list[dict[str, Any]]]:
    """Return a table's rows by the network that they were measured on."""
    found: dict[Point, list[dict[str, Any]]] = {}
    for row in rows:
        key = Key(row["task"], row["cell"], row["variant"], row["length"], row["seed"])
        found.setdefault((key, row["phase"], row["step"]), []).append(row)
    return found


def expected_points(done: Project, experiment: str) -> set[Point]:
    """Return what has to be measured: every draw untrained, every run as long as it trains and at its best step."""
    grid = Grid(load(done.folder / "experiments" / f"{experiment}.yaml"))
    found: set[Point] = set()
    for stack in grid.measured_stacks():
        keys = [Key(stack.task, stack.cell, stack.variant, stack.length, seed) for seed in range(grid.experiment.draws)]
        found |= {(key, "init", 0) for key in keys}
    for run in done.table(experiment, RUNS):
        assert run["status"] == "ok", "a run that diverges may have fewer points"
        key = Key.parse(run["key"])
        early = early_steps(grid.experiment.chosen_tasks[key.task].steps)
        found |= {(key, "early", step) for step in early if step <= run["steps"]}
        found.add((key, "trained", run["best_step"]))
    return found


def assert_adds_up(row: dict[str, Any], total: str, *parts: str) -> None:
    """All are defined, and the parts add up to their total."""
    assert abs(row[total] - sum(row[part] for part in parts)) <= 1e-9


@pytest.mark.parametrize("experiment", ["tiny", "quick"])
def test_every_network_is_measured_exactly(experiment: str, request: pytest.FixtureRequest) -> None:
    """Reading a table refuses what is not finite; what is null has to be: ReLU, gates, exponents not measured."""
    done: Project = request.getfixturevalue({"tiny": "done", "quick": "done_too"}[experiment])
    seeds = load(done.folder / "experiments" / f"{experiment}.yaml").seeds
    expected = expected_points(done, experiment)
    gradients = points(done.table(experiment, GRADIENTS))
    rates = points(done.table(experiment, RATES))
    assert gradients.keys() == rates.keys() == points(done.table(experiment, HORIZONS)).keys() == expected
    for point, rows in gradients.items():
        key = point[0]
        assert [row["lag"] for row in rows] == list(range(len(rows)))
        assert max(key.length, 1) <= len(rows) <= TASKS[key.task].n_steps(key.length)
        shares = [row["share"] for row in rows]
        if rates[point][0]["cancellation"] is None:
            assert key.variant == "relu"
            assert set(shares) == {None}
        else:
            assert abs(sum(shares) - 1) <= 1e-9
    for (key, phase, _), (row,) in rates.items():
        assert (row["lyapunov_max"] is None) == (phase == "early")
        assert (row["w_spectral_radius"] is None) == (key.cell != "rnn")
        assert row["reason"] or None not in row.values()
        if key.variant != "relu":
            assert row["rate_total"] is not None
            all_exponents = phase != "early" and key.seed < seeds
            assert (row["lyapunov_mean"] is not None) == all_exponents
            if key.cell == "rnn":
                assert_adds_up(row, "rate_total", "rate_slopes", "rate_weights")
                if all_exponents:
                    assert_adds_up(row, "lyapunov_mean", "mean_slopes", "mean_weights")
        elif row["rate_total"] is not None:
            assert_adds_up(row, "rate_total", "rate_slopes", "rate_weights")
        if (key.variant, phase) == ("linear", "init"):
            assert row["lyapunov_max"] == pytest.approx(math.log(row["w_spectral_radius"]), abs=0.05)
    spectra = points(done.table(experiment, SPECTRA))
    assert spectra.keys() == {point for point in expected if point[1] != "early"}
    for point, rows in spectra.items():
        assert [row["index"] for row in rows] == list(range(len(rows)))
        assert (len(rows) == 1) == (point[0].seed >= seeds), "all exponents of seeds that are trained"
        assert rows[0]["exponent"] == rates[point][0]["lyapunov_max"]


def test_zeros_of_relu_are_null_with_a_reason(done_too: Project) -> None:
    """A unit with slope 0 makes the last exponents minus infinity, and so their mean."""
    seeds = load(done_too.folder / "experiments/quick.yaml").seeds
    rates, spectra = (points(done_too.table("quick", table)) for table in (RATES, SPECTRA))
    of_relu = [point for point in spectra if point[0].variant == "relu" and point[0].seed < seeds]
    assert of_relu
    for point in of_relu:
        row, exponents = rates[point][0], [row["exponent"] for row in spectra[point]]
        assert exponents[-1] is None
        assert exponents[: -exponents.count(None)] == [one for one in exponents if one is not None]
        assert row["lyapunov_mean"] is None
        assert "lyapunov_mean" in row["reason"]


@pytest.mark.parametrize("experiment", ["tiny", "quick"])
def test_reference_cases_hold_where_the_experiment_ran(experiment: str, request: pytest.FixtureRequest) -> None:
    done: Project = request.getfixturevalue({"tiny": "done", "quick": "done_too"}[experiment])
    cases = done.table(experiment, REFERENCE)
    assert {case["case"] for case in cases} == {f"A{number}" for number in range(1, 23)}
    assert [case for case in cases if not case["ok"]] == []


def test_a_second_run_has_nothing_to_do(done: Project) -> None:
    assert "Nothing to be done" in done.run("tiny", "-n")
    assert "The reports are in results/tiny/." in done.run("tiny")


def test_every_table_is_the_output_of_a_rule(done: Project) -> None:
    """One that is lost would else never be made again."""
    known = {line.split()[0] for line in done.run("tiny", "--summary").splitlines() if line}
    assert {f"results/tiny/{name}.parquet" for name in TABLES} <= known


def test_an_edit_re_runs_its_cone_only(done_too: Project, tmp_path: Path) -> None:
    copied = done_too.copy(tmp_path / "project")
    told = "Nothing to be done"
    assert told in copied.run("quick", "-n")
    copied.edit("quick", "title: ", "title: Edited, ")
    assert jobs_of(copied.run("quick", "-n")) == {"provenance": 1, "report": 1, "all": 1}
    copied.edit("quick", "title: Edited, ", "title: ")
    copied.edit("quick", "draws: 4", "draws: 4\nphase: {seeds: 3}")
    assert jobs_of(copied.run("quick", "-n")) == dict.fromkeys(("phase", "claims", "provenance", "report", "all"), 1)
    copied.edit("quick", "\nphase: {seeds: 3}", "")
    copied.edit("quick", "hello: {lengths: [4], steps: 200", "hello: {lengths: [4], steps: 100")
    grid = Grid(load(copied.folder / "experiments/quick.yaml"))
    stacks = len(grid.stacks("hello"))
    after = dict.fromkeys(("collect", "claims", "provenance", "track", "tracked", "report", "all"), 1)
    assert jobs_of(copied.run("quick", "-n")) == {"tune": stacks, "train": stacks, **after}
    copied.edit("quick", "steps: 100", "steps: 200")
    copied.edit("quick", "draws: 4", "draws: 5")
    measured = {"initial": len(grid.measured_stacks()), "track": len(grid.tasks)}
    assert jobs_of(copied.run("quick", "-n")) == after | measured
    copied.edit("quick", "draws: 5", "draws: 4")
    copied.edit("quick", "seeds: 3", "seeds: 4")
    # all exponents are of seeds that are trained
    trained = {"train": len(grid.stacks())}
    assert jobs_of(copied.run("quick", "-n")) == after | trained | measured
    copied.edit("quick", "seeds: 4", "seeds: 3")
    copied.edit("quick", "initial_lengths: [100]", "initial_lengths: [50]")
    untrained = sum(stack.length == 100 for stack in grid.measured_stacks("adding"))
    tables = dict.fromkeys(("prepare", "collect", "claims", "provenance", "report", "all"), 1)
    assert jobs_of(copied.run("quick", "-n")) == tables | {"initial": untrained}
    copied.edit("quick", "initial_lengths: [50]", "initial_lengths: [100]")
    assert told in copied.run("quick", "-n")


def test_a_new_layout_of_files_makes_them_anew(copied: Project) -> None:
    grid = Grid(load(copied.folder / "experiments/tiny.yaml"))
    after = dict.fromkeys(("collect", "claims", "provenance", "track", "tracked", "report", "all"), 1)
    made = {"job": {"train": len(grid.stacks())}, "initial": {"initial": len(grid.measured_stacks())}}
    for module, jobs in made.items():
        path = copied.folder / "workflow" / f"{module}.py"
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"^LAYOUT = (\d+)$", r"LAYOUT = 1\1", text, flags=re.MULTILINE), encoding="utf-8")
        assert jobs_of(copied.run("tiny", "-n")) == after | jobs
        path.write_text(text, encoding="utf-8")
    assert "Nothing to be done" in copied.run("tiny", "-n")


def test_an_edit_of_the_library_measures_anew_what_needs_no_results_and_says_so(copied: Project) -> None:
    """Runs stay as they are; the provenance gets the second digest."""
    path = copied.folder / "rnn/errors.py"
    path.write_text(path.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    expected = dict.fromkeys(("phase", "claims", "reference", "provenance", "report", "all"), 1)
    assert jobs_of(copied.run("tiny", "-n")) == expected


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
        wait_for(lambda: list(copied.results("tiny").glob("jobs/**/*.npz")) or run.poll() is not None)
        family = psutil.Process(run.pid).children(recursive=True)
        run.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(family, timeout=60)
    assert family
    assert not alive
    assert not (copied.results("tiny") / "runs.parquet").exists()
    copied.run("tiny", "--cores", "1")
    for table in (CURVES, GRADIENTS, RATES, HORIZONS, SPECTRA, TUNING, PHASE):
        assert table.file(copied.results("tiny")).read_bytes() == table.file(done.results("tiny")).read_bytes()
    first, second = (read(project.results("tiny"), RUNS).drop_columns("wall_s") for project in (done, copied))
    assert first.equals(second)
    assert copied.keys_in_mlflow("tiny") == sorted(copied.keys("tiny"))


def test_what_leaves_the_file_leaves_the_results_and_trouble_with_mlflow_stops_nothing(copied: Project) -> None:
    before = copied.keys("tiny")
    copied.edit("tiny", "lengths: [6, 10]", "lengths: [6]")
    copied.edit("tiny", "tuned_at: [6, 10]", "tuned_at: [6]")
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
        with urllib.request.urlopen(request, timeout=LIMIT_S) as answer:
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
