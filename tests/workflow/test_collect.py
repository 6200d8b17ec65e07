"""Collecting jobs in tables: every run, every phase, words in place of numbers, the same bytes."""

import dataclasses
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from reports.stored import read
from reports.tables import (
    ATTRIBUTION,
    CURVES,
    DECODED,
    GRADIENTS,
    HORIZONS,
    RATES,
    RUNS,
    SPECTRA,
    TUNING,
    Table,
)
from rnn.decode import decode
from rnn.gradients import attribute
from rnn.setup import Setup
from rnn.tasks import TASKS
from rnn.tasks.data import Data
from rnn.train import train
from tests.rnn.examples import small_setup, symbol_data
from workflow import initial as initial_module
from workflow import job as job_module
from workflow.files import read_json, write_json
from workflow.initial import Initial
from workflow.job import Job
from workflow.keys import Stack, data_file, facts_file, initial_file, job_file, tuning_file
from workflow.measured import measure_initial, measure_trained
from workflow.provenance import code_digest
from workflow.settings import load

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
    assert found["left_out"] == []
    assert all(len(values) == 1 for values in found["kernels"].values()), found["kernels"]
    # a task that was left out is no part of what was run, but its sentence is
    Path("test.yaml").write_text(f"{EXPERIMENT}\n  hello: {{lengths: [4], steps: 5}}\n")
    monkeypatch.setattr(sys, "argv", [*sys.argv, "--left-out", "hello", "The task hello is left out."])
    runpy.run_module("workflow.steps.provenance", run_name="__main__")
    again = read_json(RESULTS / "provenance.json")
    assert again["left_out"] == ["The task hello is left out."]
    assert again["configuration"] == found["configuration"]


def test_attributions_stand_in_the_words_of_the_data(
    project: Path, monkeypatch: pytest.MonkeyPatch, job: Job, initial: Initial, data: Data
) -> None:
    """Beside a task without any; a gradient of exactly zero is null."""
    setup, texts = small_setup(task="co2", length=7, steps=5), symbol_data()
    trained = train(setup, texts, [1e-2] * 2, range(2))
    found = attribute(setup, texts, [run.best for run in trained])
    found[1].log10_norm[0] = -np.inf
    decoded = decode(setup, texts, [run.best for run in trained])
    of_texts = Job.of(setup, texts, trained, measure_trained(setup, texts, trained), found, decoded, job.facts)
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


def test_what_was_decoded_stands_in_the_names_of_classes(
    project: Path, monkeypatch: pytest.MonkeyPatch, job: Job, initial: Initial, data: Data
) -> None:
    """It writes yes and no where yes alone is right, and nothing where no is."""
    decoded = {"seed": [1, 1, 1], "sentence": [4, 4, 9], "position": [0, 1, 0], "target": [1, -1, 0]}
    decoded["output"] = [1, 0, -1]
    texts = dataclasses.replace(symbol_data(), task="adding", length=6)
    put(dataclasses.replace(job, decoded={name: np.array(column) for name, column in decoded.items()}), initial, texts)
    collect(monkeypatch, "adding/rnn/default/6")
    key = "adding/rnn/default/6/1"
    assert read(RESULTS, DECODED).to_pylist() == [
        {"key": key, "sentence": 4, "position": 0, "target": "yes", "output": "yes"},
        {"key": key, "sentence": 4, "position": 1, "target": None, "output": "no"},
        {"key": key, "sentence": 9, "position": 0, "target": "no", "output": None},
    ]


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
