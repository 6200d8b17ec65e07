"""Steps without Snakemake: what they write, and how they tell errors."""

import dataclasses
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pytest

from reports.stored import read
from reports.tables import (
    ATTRIBUTION,
    CURVES,
    GRADIENTS,
    HORIZONS,
    PHASE,
    RATES,
    REFERENCE,
    RUN_COLUMNS,
    RUNS,
    SPECTRA,
    TUNING,
    Table,
)
from rnn.files import write_whole
from rnn.gradients import GradientFlow, attribute, reasons
from rnn.reference import Case
from rnn.setup import Setup
from rnn.tasks import TASKS
from rnn.tasks.data import Data
from rnn.train import train
from tests.rnn.examples import small_setup, symbol_data
from workflow import initial as initial_module
from workflow import job as job_module
from workflow.columns import Columns
from workflow.files import read_json, write_json
from workflow.initial import UNTRAINED, Initial
from workflow.job import Job
from workflow.keys import Stack, data_file, facts_file, initial_file, job_file, tuning_file
from workflow.measured import (
    BY_EXPONENT,
    BY_LAG,
    BY_NETWORK,
    BY_QUESTION,
    Measured,
    measure_initial,
    measure_trained,
)
from workflow.provenance import code_digest
from workflow.settings import load

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path("results/test")


def collect(monkeypatch: pytest.MonkeyPatch, *groups: str, untrained: Sequence[str] = ()) -> None:
    arguments = ["--results", str(RESULTS), "--stacks", *groups, "--tuned", *groups, "--initial", *groups, *untrained]
    monkeypatch.setattr(sys, "argv", ["collect", *arguments])
    runpy.run_module("workflow.steps.collect", run_name="__main__")


def put(job: Job, initial: Initial, data: Data) -> None:
    stack = job.stack
    job.save(job_file(RESULTS, stack))
    initial.save(initial_file(RESULTS, stack))
    data.save(data_file(RESULTS, stack.task, stack.length))
    names = {"task": stack.task, "cell": stack.cell, "variant": stack.variant, "length": 6, "seed": 1000}
    row = {**names, "learning_rate": 0.01, "steps": 20, "valid_value": None, "chosen": True}
    write_json(tuning_file(RESULTS, stack), {"rows": [row]})


def with_variant(job: Job, variant: str) -> Job:
    key = Stack("adding", "rnn", variant, 6)
    runs = [{**run, "variant": variant, "key": f"{key}/{run['seed']}"} for run in job.runs]
    return dataclasses.replace(job, setup={**job.setup, "variant": variant}, runs=runs)


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
    for part in ("curves", "attribution", "weights"):
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
        found = attribute(setup, data, [run.best for run in trained])
        return Job.of(setup, data, trained, measure_trained(setup, data, trained), found, {"code_sha256": "x"}).setup

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


@pytest.mark.parametrize("kind", ["job", "initial"])
@pytest.mark.parametrize("written", [None, 0])
def test_a_file_of_another_layout_is_refused(
    kind: str,
    written: int | None,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    data: Data,
) -> None:
    """One sentence with the file and the remedy, from the step that reads all of them."""
    put(request.getfixturevalue("job"), request.getfixturevalue("initial"), data)
    path = {"job": job_file, "initial": initial_file}[kind](RESULTS, Stack("adding", "rnn", "default", 6))
    with np.load(path) as file:
        arrays = dict(file)
    number = int(arrays.pop("layout"))
    assert number == {"job": job_module.LAYOUT, "initial": initial_module.LAYOUT}[kind]
    np.savez(path, **arrays, **({} if written is None else {"layout": np.array(written)}))
    with pytest.raises(SystemExit) as ended:
        collect(monkeypatch, "adding/rnn/default/6")
    told = "no layout number" if written is None else "layout 0"
    assert str(ended.value) == (
        f"{path} has {told}, not layout {number}: another version of the project made it. Delete it and run the "
        "experiment again (`make study`, or `snakemake --config experiment=<its name>`)."
    )


def test_what_the_library_measures_is_what_the_tables_hold() -> None:
    """A column is one name in the library's result and one line of a schema."""
    network = (*RUN_COLUMNS, "phase", "step")
    for table, columns in ((RATES, BY_NETWORK), (GRADIENTS, BY_LAG), (HORIZONS, BY_QUESTION), (SPECTRA, BY_EXPONENT)):
        assert table.schema.names == [*network, *columns]
    numbers = {name for name, kind in get_type_hints(GradientFlow).items() if kind is float}
    assert set(reasons.EXPLAINED) == numbers


def test_tables_hold_every_run_with_null_for_what_is_not_finite(
    project: Path, monkeypatch: pytest.MonkeyPatch, with_nan: Job, initial: Initial, data: Data
) -> None:
    put(with_nan, initial, data)
    collect(monkeypatch, "adding/rnn/default/6")
    runs = read(RESULTS, RUNS).to_pylist()
    assert [run["key"] for run in runs] == ["adding/rnn/default/6/0", "adding/rnn/default/6/1"]
    assert all(run["data_sha256"] == data.sha256 for run in runs)
    curves = read(RESULTS, CURVES)
    assert curves["step"].to_pylist() == [0, 10, 20] * 2
    assert curves["grad_norm"].null_count == len(curves)
    assert len(read(RESULTS, ATTRIBUTION)) == 0, "numbers are no text"
    assert read(RESULTS, TUNING)["valid_value"].to_pylist() == [None]
    assert read_json(RESULTS / "data.json")["adding"]["6"]["sha256"] == data.sha256


def phases(table: Table) -> list[tuple[int, int, str, int]]:
    """Return (length, seed, phase, step) of a table's rows, each once, in their order."""
    columns = [read(RESULTS, table)[name].to_pylist() for name in ("length", "seed", "phase", "step")]
    return list(dict.fromkeys(zip(*columns, strict=True)))


def test_measurements_of_all_phases_stand_in_the_same_tables(
    project: Path, monkeypatch: pytest.MonkeyPatch, setup: Setup, job: Job, initial: Initial, data: Data
) -> None:
    """Of trained runs and of draws that are not trained, at a trained length and at another one."""
    put(job, initial, data)
    longer = TASKS["adding"].prepare(9, 1)
    longer.save(data_file(RESULTS, "adding", 9))
    elsewhere = Initial(initial.facts, measure_initial(dataclasses.replace(setup, length=9), longer, 2, 3))
    elsewhere.save(initial_file(RESULTS, Stack("adding", "rnn", "default", 9)))
    collect(monkeypatch, "adding/rnn/default/6", untrained=["adding/rnn/default/9"])
    best = [run["best_step"] for run in job.runs]
    expected = [(6, seed, "early", 10) for seed in (0, 1)]
    expected += [(length, seed, "init", 0) for length in (6, 9) for seed in (0, 1, 2)]
    expected += [(6, seed, "trained", best[seed]) for seed in (0, 1)]
    expected.sort()
    assert phases(RATES) == phases(GRADIENTS) == phases(HORIZONS) == expected
    assert phases(SPECTRA) == [names for names in expected if names[2] != "early"]
    rates = {(row["length"], row["seed"], row["phase"]): row for row in read(RESULTS, RATES).to_pylist()}
    assert rates[6, 1, "init"]["rate_total"] == initial.measured.rates[1]["rate_total"]
    assert rates[9, 2, "init"]["lyapunov_max"] == elsewhere.measured.rates[2]["lyapunov_max"]
    assert rates[6, 0, "early"]["lyapunov_max"] is None
    gradients = read(RESULTS, GRADIENTS).to_pylist()
    assert len(gradients) == 6 * (2 + 3 + 2) + 9 * 3
    shares: dict[tuple[int, int, str], float] = dict.fromkeys(rates, 0.0)
    for row in gradients:
        shares[row["length"], row["seed"], row["phase"]] += row["share"]
    assert list(shares.values()) == pytest.approx([1] * len(rates))
    spectra = read(RESULTS, SPECTRA)
    assert rates[6, 2, "init"]["lyapunov_max"] is not None
    assert rates[6, 2, "init"]["lyapunov_mean"] is None
    whole = list(range(setup.hidden))
    # the third draw is not trained: its largest exponent alone
    assert spectra["index"].to_pylist() == [*whole * 4, 0, *whole * 2, 0]
    assert set(read_json(RESULTS / "data.json")["adding"]) == {"6", "9"}


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


EXPERIMENT = """
title: Two runs
seed: 1
seeds: 2
draws: 3
cells: [rnn]
tuning: {learning_rates: [1e-2], seeds: 1}
tasks:
  adding: {lengths: [6], steps: 20, hidden: 4}
"""


@pytest.mark.parametrize("edited", [None, "phase", "reference"])
def test_what_other_code_measured_is_a_second_digest(
    edited: str | None, project: Path, monkeypatch: pytest.MonkeyPatch, job: Job, initial: Initial, data: Data
) -> None:
    """As after an edit of the library, which measures anew what needs no results and trains nothing."""
    # jobs that train nothing load fewer libraries
    put(job, dataclasses.replace(initial, facts={**initial.facts, "blas": []}), data)
    write_json(tuning_file(RESULTS, job.stack), {"facts": job.facts})
    for table in ("phase", "reference"):
        code = "0" * 64 if edited == table else code_digest()
        write_json(facts_file(RESULTS, table), {"facts": {**job.facts, "code_sha256": code}})
    Path("test.yaml").write_text(EXPERIMENT)
    stack, digest = "adding/rnn/default/6", load(Path("test.yaml")).digest()
    arguments = [
        "--stacks",
        stack,
        "--tuned",
        stack,
        "--initial",
        stack,
        "--experiment",
        "test.yaml",
        "--digest",
        digest,
    ]
    monkeypatch.setattr(sys, "argv", ["provenance", *arguments, "--results", str(RESULTS)])
    runpy.run_module("workflow.steps.provenance", run_name="__main__")
    found = read_json(RESULTS / "provenance.json")
    assert found["code_sha256"] == (["0" * 64, code_digest()] if edited else [code_digest()])
    assert all(len(values) == 1 for values in found["kernels"].values()), found["kernels"]


def test_attributions_stand_in_the_words_of_the_data(
    project: Path, monkeypatch: pytest.MonkeyPatch, job: Job, initial: Initial, data: Data
) -> None:
    """Beside a task without any; a gradient of exactly zero is null."""
    setup, texts = small_setup(task="co2", length=7, steps=5), symbol_data()
    trained = train(setup, texts, [1e-2] * 2, range(2))
    found = attribute(setup, texts, [run.best for run in trained])
    found[1].log10_norm[0] = -np.inf
    of_texts = Job.of(setup, texts, trained, measure_trained(setup, texts, trained), found, job.facts)
    put(of_texts, Initial(job.facts, measure_initial(setup, texts, 2, 2)), texts)
    put(job, initial, data)
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
    project: Path, monkeypatch: pytest.MonkeyPatch, job: Job, initial: Initial, data: Data
) -> None:
    put(job, initial, data)
    put(with_variant(job, "relu"), initial, data)
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
    slow = ("altair", "mlflow", "pandas", "pyarrow", "pydantic", "scipy.optimize", "sklearn", "snakemake")
    steps = ", ".join(f"workflow.steps.{name}" for name in ("train", "tune", "initial"))
    code = f"import sys, {steps}; print([m for m in {slow} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
