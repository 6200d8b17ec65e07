"""Tables, chart and summary from invented timings."""

import csv
import json

import numpy as np
import pytest

from benchmarks.comparison import rows_of, settings, target
from benchmarks.files import Row, read, save_json, write
from benchmarks.problem import Setting
from benchmarks.report import collect, main
from benchmarks.timing import Timing

MACHINE = {
    "load_at_start": [0.1, 0.2, 0.3],
    "processor": {"model": "Invented", "vectors": ["avx2"], "cores": 2, "caches": {"L2": "1M"}, "system": "Linux"},
    "versions": {"numpy": "2.4.6"},
    "used": {"torch": "AVX2"},
}


def timed(*cpu: float) -> Timing:
    return Timing(np.array(cpu), np.array(cpu), first=1.0)


def compared(setting: Setting) -> list[Row]:
    """Return ours in 10 to 20 ms, torch.nn at half and jax at a fifth of that speed, in every round."""
    ours = np.array([0.010, 0.020, 0.011])
    times = {"torch.nn": timed(*2 * ours), "ours": timed(*ours), "jax": timed(*5 * ours)}
    return rows_of(setting, times, {"torch.nn": 1e-6, "ours": 0.0, "jax": 2e-6})


@pytest.fixture
def results(tmp_path):
    """Return a folder with what two scripts have measured."""
    write("training_step", [row for setting in settings() for row in compared(setting)], "native", tmp_path)
    memory = {"cell": "lstm", "engine": "ours"}
    limits = [
        Row("memory", "peak / minimum", "", 1.2, **memory),
        Row("limit", "share of the limit", "", 0.7, target=0.75),
    ]
    write("memory", limits, "native", tmp_path)
    save_json(tmp_path / "native/machine.json", MACHINE)
    return tmp_path


def test_ratios_are_medians_of_rounds_and_meet_their_targets():
    rows = {(row.quantity, row.engine): row for row in compared(Setting("lstm", steps=50))}
    assert rows["times torch.nn", "ours"].value == 2
    assert rows["times torch.nn", "ours"].verdict == "missed"  # 2.1
    assert rows["times torch.nn", "jax"].value == pytest.approx(0.4)
    assert rows["times the best peer", "ours"].verdict == "reached"
    assert rows["CPU time", "ours"].value == pytest.approx(11)
    assert (rows["CPU time", "ours"].low, rows["CPU time", "ours"].high) == (10, 20)


def test_every_target_is_among_the_settings():
    named = [setting for setting in settings() if target(setting)]
    assert len(named) == 10
    assert target(Setting("lstm", steps=50)) == 2.1
    assert target(Setting("lstm", steps=50, seeds=1)) is None


def test_verdicts_go_both_ways():
    assert Row("", "", "", 14.0, target=15.0, at_most=True).verdict == "reached"
    assert Row("", "", "", 14.0, target=15.0).verdict == "missed"
    assert Row("", "", "", 14.0).verdict == ""


def test_rows_are_read_as_they_were_written(results):
    assert read("training_step", "native", results)[:8] == compared(next(settings()))[:8]
    assert read("pipeline", "native", results) == []


def test_report_writes_tables_chart_and_summary(results, monkeypatch, capsys):
    monkeypatch.setenv("ISA", "native")
    assert main(results) == 0
    folder = results / "native"
    with (folder / "table.csv").open() as file:
        assert sum(1 for _ in csv.DictReader(file)) == len(collect("native", results))
    page = (folder / "table.md").read_text()
    assert "- Invented (avx2), 2 cores, L2 1M; Linux; load at start 0.1, 0.2, 0.3" in page
    assert "| LSTM | H 64, T 50, S 5, D 2, B 32 | 11 | 2 (2–2) | 2.1 missed | 0.4 (0.4–0.4) | 2 (2–2) |" in page
    drawing = (folder / "chart.svg").read_text()
    assert drawing.startswith("<svg")
    assert "H 128, T 100, S 5, D 32, B 64, every" in drawing
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["readme"][2] == "| LSTM | 2.0 | 2.0 | 2.0 | 2.0 | 2.0 | – | 1.2 |"
    assert summary["targets"]["times torch.nn, LSTM, H 64, T 50, S 5, D 2, B 32"] == "2, target 2.1: missed"
    assert capsys.readouterr().out.split() == [str(folder / "table.md"), str(folder / "chart.svg")]


def test_report_without_results_names_the_command(tmp_path):
    with pytest.raises(SystemExit, match=r"^Nothing was measured yet: `make bench` writes to "):
        collect("native", tmp_path)
