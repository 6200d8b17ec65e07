"""Steps without Snakemake: what they write, and how they tell errors."""

import dataclasses
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pytest

from reports.stored import read
from reports.tables import (
    GRADIENTS,
    HORIZONS,
    PHASE,
    RATES,
    REFERENCE,
    RUN_COLUMNS,
    SPECTRA,
)
from rnn.decode import decode
from rnn.files import write_whole
from rnn.gradients import GradientFlow, attribute, reasons
from rnn.reference import Case
from rnn.setup import Setup
from rnn.tasks.data import Data
from rnn.train import train
from tests.rnn.examples import small_setup
from workflow.columns import Columns
from workflow.files import read_json, write_json
from workflow.initial import UNTRAINED, Initial
from workflow.job import Job
from workflow.keys import facts_file
from workflow.measured import (
    BY_EXPONENT,
    BY_LAG,
    BY_NETWORK,
    BY_QUESTION,
    Measured,
    measure_trained,
)
from workflow.provenance import code_digest

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path("results/test")


def assert_same(one: Measured, other: Measured) -> None:
    for name, columns in one.parts.items():
        assert_same_columns(columns, other.parts[name])
    np.testing.assert_equal(one.plain, other.plain)  # NaN is NaN


def assert_same_columns(one: Columns, other: Columns) -> None:
    assert list(one) == list(other)
    for name, column in one.items():
        np.testing.assert_array_equal(column, other[name])
        assert column.dtype == other[name].dtype


def test_what_a_job_leaves_survives_the_round_trip(project: Path, job: Job, initial: Initial) -> None:
    job.save(Path("job.npz"))
    loaded = Job.load(Path("job.npz"))
    assert (loaded.setup, loaded.facts, loaded.runs) == (job.setup, job.facts, job.runs)
    for part in ("curves", "attribution", "decoded", "weights"):
        assert_same_columns(getattr(job, part), getattr(loaded, part))
    assert_same(loaded.measured, job.measured)
    initial.save(Path("initial.npz"))
    again = Initial.load(Path("initial.npz"))
    assert again.facts == initial.facts
    assert_same(again.measured, initial.measured)
    assert sorted(path.name for path in Path().iterdir()) == ["initial.npz", "job.npz"]


def test_a_job_says_with_which_budget_clipping_and_units_it_trained(data: Data) -> None:
    """What MLflow shows of a run is what its variant made of the experiment's settings."""

    def logged(variant: str) -> dict[str, Any]:
        setup = small_setup(variant=variant, length=data.length, steps=2, log_every=1)
        trained = train(setup, data, [0.01], [0])
        best = [run.best for run in trained]
        found, decoded = attribute(setup, data, best), decode(setup, data, best)
        measured = measure_trained(setup, data, trained)
        return Job.of(setup, data, trained, measured, found, decoded, {"code_sha256": "x"}).setup

    usual = logged("default")
    changed = {
        variant: {name: value for name, value in logged(variant).items() if value != usual[name]}
        for variant in ("long-budget", "clip-0", "clip-0-1", "matched")
    }
    assert changed["long-budget"] == {"variant": "long-budget", "steps": 8}
    assert changed["clip-0"] == {"variant": "clip-0", "clip": 0.0}
    assert changed["clip-0-1"] == {"variant": "clip-0-1", "clip": 0.1}
    assert changed["matched"].keys() == {"variant", "hidden"}
    assert changed["matched"]["hidden"] > usual["hidden"]


def test_what_the_library_measures_is_what_the_tables_hold() -> None:
    """A column is one name in the library's result and one line of a schema."""
    network = (*RUN_COLUMNS, "phase", "step")
    for table, columns in ((RATES, BY_NETWORK), (GRADIENTS, BY_LAG), (HORIZONS, BY_QUESTION), (SPECTRA, BY_EXPONENT)):
        assert table.schema.names == [*network, *columns]
    numbers = {name for name, kind in get_type_hints(GradientFlow).items() if kind is float}
    assert set(reasons.EXPLAINED) == numbers


def test_runs_are_measured_early_as_long_as_they_train(setup: Setup, data: Data) -> None:
    """A solved or diverged run has no row at a step that it did not reach."""
    trained = train(dataclasses.replace(setup, steps=120), data, [1e-2, 1e-2, 1e-2], [0, 1, 2])
    trained[1] = dataclasses.replace(trained[1], early={10: trained[1].early[10]})
    measured = measure_trained(setup, data, trained)
    found = [(rate["seed"], rate["step"]) for rate in measured.rates if rate["phase"] == "early"]
    assert found == [(0, 10), (1, 10), (2, 10), (0, 100), (2, 100)]
    alone = measure_trained(setup, data, trained[2:])
    assert [rate for rate in measured.rates if rate["seed"] == 2][1]["rate_total"] == alone.rates[1]["rate_total"]


def test_untrained_weights_are_those_that_training_starts_from(setup: Setup, data: Data, initial: Initial) -> None:
    """A rate of zero: what training ends with is what it started from."""
    trained = train(dataclasses.replace(setup, steps=1), data, [0.0, 0.0], [0, 1])
    still = measure_trained(setup, data, trained)
    for before, after in zip(initial.measured.rates[:2], still.rates, strict=True):
        np.testing.assert_equal(before, {**after, "phase": "init"})


def test_what_is_untrained_does_not_depend_on_the_budget(setup: Setup) -> None:
    """All other fields of a setup decide the network or its weights."""
    assert {field.name for field in dataclasses.fields(setup)} - set(UNTRAINED) == {
        *("experiment_seed", "task", "cell", "variant", "length", "hidden")
    }


def test_the_step_at_initialisation(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    setup: Setup,
    data: Data,
    initial: Initial,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data.save(Path("data.npz"))
    names = ("experiment_seed", "task", "cell", "variant", "length", "hidden")
    arguments = [word for name in names for word in (f"--{name.replace('_', '-')}", str(getattr(setup, name)))]
    arguments += ["--seeds", "2", "--draws", "3", "--data", "data.npz", "--output", "initial.npz"]
    monkeypatch.setattr(sys, "argv", ["initial", *arguments])
    runpy.run_module("workflow.steps.initial", run_name="__main__")
    assert_same(Initial.load(Path("initial.npz")).measured, initial.measured)
    assert re.match(r"3 draws, median rate -?\d+\.\d{3} nats a step, \d+ s\n", capsys.readouterr().out)


def test_the_step_of_the_reference_cases_tells_which_are_wrong(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = [
        Case("A9", "ln 2", 0.7, 0.7, 0.01, "someone"),
        Case("A2", "g^k", 1, 2.0, 0.5, "algebra"),
    ]
    monkeypatch.setattr("rnn.reference.measure_cases", lambda: cases)
    monkeypatch.setattr(sys, "argv", ["reference", "--results", str(RESULTS)])
    runpy.run_module("workflow.steps.reference", run_name="__main__")
    assert capsys.readouterr().out == "1 of 2 values are as expected; not those of A2\n"
    assert [(row["case"], row["ok"]) for row in read(RESULTS, REFERENCE).to_pylist()] == [("A2", False), ("A9", True)]
    assert read_json(facts_file(RESULTS, "reference"))["facts"]["code_sha256"] == code_digest()


def test_the_step_of_the_phase_diagrams_writes_what_the_library_measures(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = {name: [0.5] for name in ("gain", "noise", "log10_norm", "lyapunov_max")}
    columns |= {"activation": ["lstm"], "theory": [np.nan], **{name: [0] for name in ("size", "seed", "lag")}}
    asked = []
    monkeypatch.setattr("rnn.phase.measure_phase", lambda *what: asked.append(what) or columns)
    arguments = ["--experiment-seed", "7", "--sizes", "64", "200", "--seeds", "3", "--results", str(RESULTS)]
    monkeypatch.setattr(sys, "argv", ["phase", *arguments])
    runpy.run_module("workflow.steps.phase", run_name="__main__")
    assert asked == [(7, [64, 200], 3)]
    assert re.match(r"3 draws of 64, 200 units, \d+ s\n", capsys.readouterr().out)
    assert [row["theory"] for row in read(RESULTS, PHASE).to_pylist()] == [None]
    assert read_json(facts_file(RESULTS, "phase"))["facts"]["code_sha256"] == code_digest()


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
    slow = ("altair", "mlflow", "pandas", "pyarrow", "pydantic", "scipy.optimize", "sklearn", "snakemake")
    steps = ", ".join(f"workflow.steps.{name}" for name in ("train", "tune", "initial"))
    code = f"import sys, {steps}; print([m for m in {slow} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
