"""Steps without Snakemake: what they write, and how they tell errors."""

import dataclasses
import os
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from reports.tables import ATTRIBUTION, CURVES, GRADIENTS, RATES, RUNS, TUNING, read
from rnn.files import write_whole
from rnn.gradients import attribute, measure
from rnn.tasks.data import Data
from rnn.train import train
from tests.rnn.examples import small_setup, symbol_data
from workflow.files import read_json, write_json
from workflow.job import COLUMNS, Job
from workflow.keys import Stack, data_file, job_file, tuning_file

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path("results/test")


def collect(monkeypatch: pytest.MonkeyPatch, *groups: str) -> None:
    monkeypatch.setattr(sys, "argv", ["collect", "--results", str(RESULTS), "--stacks", *groups])
    runpy.run_module("workflow.steps.collect", run_name="__main__")


def put(job: Job, data: Data) -> None:
    stack = job.stack
    job.save(job_file(RESULTS, stack))
    data.save(data_file(RESULTS, stack.task, stack.length))
    names = {"task": stack.task, "cell": stack.cell, "variant": stack.variant, "length": 6, "seed": 1000}
    row = {**names, "learning_rate": 0.01, "steps": 20, "valid_value": None, "chosen": True}
    write_json(tuning_file(RESULTS, stack.task, stack.cell, stack.variant), {"rows": [row]})


def with_variant(job: Job, variant: str) -> Job:
    key = Stack("adding", "rnn", variant, 6)
    runs = [{**run, "variant": variant, "key": f"{key}/{run['seed']}"} for run in job.runs]
    return dataclasses.replace(job, setup={**job.setup, "variant": variant}, runs=runs)


def test_a_job_survives_the_round_trip(project: Path, job: Job) -> None:
    job.save(Path("job.npz"))
    loaded = Job.load(Path("job.npz"))
    assert (loaded.setup, loaded.facts, loaded.runs, loaded.rates) == (job.setup, job.facts, job.runs, job.rates)
    for part in COLUMNS:
        before, after = getattr(job, part), getattr(loaded, part)
        assert list(before) == list(after)
        for name in before:
            np.testing.assert_array_equal(before[name], after[name])
            assert before[name].dtype == after[name].dtype
    assert [path.name for path in Path().iterdir()] == ["job.npz"]


def test_tables_hold_every_run_with_null_for_what_is_not_finite(
    project: Path, monkeypatch: pytest.MonkeyPatch, with_nan: Job, data: Data
) -> None:
    put(with_nan, data)
    collect(monkeypatch, "adding/rnn/default/6")
    runs = read(RESULTS, RUNS).to_pylist()
    assert [run["key"] for run in runs] == ["adding/rnn/default/6/0", "adding/rnn/default/6/1"]
    assert all(run["data_sha256"] == data.sha256 for run in runs)
    curves = read(RESULTS, CURVES)
    assert curves["step"].to_pylist() == [0, 10, 20] * 2
    assert curves["grad_norm"].null_count == len(curves)
    gradients = read(RESULTS, GRADIENTS)
    assert len(gradients) == 2 * 2 * 6
    assert gradients["n_samples"].to_pylist() == [32] * len(gradients)
    assert len(read(RESULTS, RATES)) == 2 * 2
    assert len(read(RESULTS, ATTRIBUTION)) == 0, "numbers are no text"
    assert read(RESULTS, TUNING)["valid_value"].to_pylist() == [None]
    assert read_json(RESULTS / "data.json")["adding"]["6"]["sha256"] == data.sha256


def test_attributions_stand_in_the_words_of_the_data(
    project: Path, monkeypatch: pytest.MonkeyPatch, job: Job, data: Data
) -> None:
    """Beside a task without any; a gradient of exactly zero is null."""
    setup, texts = small_setup(task="co2", length=7, steps=5), symbol_data()
    trained = train(setup, texts, [1e-2] * 2, range(2))
    best = [run.best for run in trained]
    flows = {phase: measure(setup, texts, best) for phase in ("init", "trained")}
    found = attribute(setup, texts, best)
    found[1].log10_norm[0] = -np.inf
    put(Job.of(setup, texts, trained, flows, found, job.facts), texts)
    put(job, data)
    collect(monkeypatch, "adding/rnn/default/6", "co2/rnn/default/7")
    rows = read(RESULTS, ATTRIBUTION).to_pylist()
    assert len(rows) == sum(len(one.position) for one in found)
    assert {row["key"] for row in rows} == {"co2/rnn/default/7/0", "co2/rnn/default/7/1"}
    named = {(row["key"], row["sentence"], row["position"]): row for row in rows}
    for seed, one in enumerate(found):
        for i, norm in enumerate(one.log10_norm):
            row = named[f"co2/rnn/default/7/{seed}", one.sentence[i], one.position[i]]
            assert row["log10_norm"] == (norm if np.isfinite(norm) else None)
            assert row["token"] == "abcde"[texts.test.x[one.sentence[i], one.position[i]]]
            assert row["target"] == ("no", "yes")[one.target[i]]
    assert [row["log10_norm"] for row in rows].count(None) == 1


def test_tables_have_the_same_bytes_whatever_the_order(
    project: Path, monkeypatch: pytest.MonkeyPatch, job: Job, data: Data
) -> None:
    put(job, data)
    put(with_variant(job, "relu"), data)
    contents = []
    for groups in (["adding/rnn/default/6", "adding/rnn/relu/6"], ["adding/rnn/relu/6", "adding/rnn/default/6"]):
        collect(monkeypatch, *groups)
        contents.append({path.name: path.read_bytes() for path in RESULTS.glob("*.*")})
    assert contents[0] == contents[1]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_json(path, {"a": 1})

    def fail(temporary: Path) -> None:
        temporary.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_whole(path, fail)
    assert read_json(path) == {"a": 1}


def step(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "RUN_LOCK"}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_an_error_of_the_user_is_one_sentence_without_traceback(tmp_path: Path) -> None:
    ended = step("workflow.steps.report", "--results", str(tmp_path / "nowhere"))
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert "nowhere" in ended.stderr


FACTS = """
import sys
import workflow.steps
import rnn.cells.kernels
from workflow.provenance import process_facts
print(process_facts())
"""


def test_a_step_runs_on_one_thread_and_portable_pins_the_kernels() -> None:
    command = [sys.executable, "-c", FACTS]
    for pinned in ([], ["--portable"]):
        ended = subprocess.run([*command, *pinned], cwd=ROOT, capture_output=True, text=True, check=True)
        facts = eval(ended.stdout)  # our own output
        assert facts["threads"] == 1
    assert facts["numba_target"] == "haswell"
    assert not {"X86_V4", "AVX512_ICL", "AVX512_SPR"} & set(facts["simd"])
    assert "Haswell" in facts["blas"][0]


def test_a_training_job_loads_nothing_that_is_slow_to_import() -> None:
    """Hundreds of jobs pay for it: what reads texts or fits baselines is for the preparation of data alone."""
    slow = ("altair", "mlflow", "pandas", "pyarrow", "sklearn", "snakemake")
    code = f"import sys, workflow.steps.train, workflow.steps.tune; print([m for m in {slow} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
