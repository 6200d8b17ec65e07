"""The share of a run that is neither training nor measuring, from what its jobs recorded."""

from base64 import b64encode
from pathlib import Path

import pytest

from benchmarks.pipeline import Span, cores, rows_of, spans, table, wall_seconds
from rnn.errors import StudyError
from workflow.files import write_json

# Two cores: 10 s of training on one beside data and a measurement on the other, then after an hour a report.
PREPARE = Span("prepare", "adding/10", 0, 2)
TRAIN = Span("train", "adding/rnn/default/10", 0, 10, cpu_s=9.5, training_s=8, measuring_s=1)
INITIAL = Span("initial", "adding/rnn/default/10", 3, 9, cpu_s=5.5, measuring_s=5)
REPORT = Span("report", "", 3600, 3605)
JOBS = [PREPARE, TRAIN, INITIAL, REPORT]


def test_the_time_between_two_runs_is_nobodys():
    assert wall_seconds(JOBS) == 15
    assert wall_seconds([PREPARE, Span("initial", "", 3, 9)]) == 9
    assert cores(JOBS) == 2
    assert cores([Span("tune", "", 0, 1), Span("train", "", 1, 2)]) == 1


def test_all_core_seconds_are_accounted_for():
    rows = {(row.at, row.quantity): row for row in rows_of(JOBS, load_s=0.5)}
    assert rows["whole", "core-seconds"].value == 30
    assert rows["between jobs", "core-seconds"].value == 30 - (2 + 10 + 6 + 5)
    assert rows["train", "training"].value == 7.5  # loading the kernels is start-up
    assert rows["train", "rest"].value == 1.5
    assert rows["initial", "rest"].value == 1
    assert rows["report", "rest"].value == 5
    overhead = rows["whole", "overhead"]
    assert rows["whole", "data and baselines"].value == 1  # preparing takes 2, a start 1
    assert overhead.value == 51.7
    assert overhead.verdict == "missed"
    assert list(table(list(rows.values())))[-1] == "Neither training, measuring nor data: 51.7 %, at most 15 %: missed."


def record(metadata: Path, results: Path, rule: str, output: str, log: str, end: float) -> None:
    """Write what Snakemake leaves of one output."""
    content = {"rule": rule, "log": [str(results / "logs" / log)], "starttime": 1.0, "endtime": end}
    write_json(metadata / b64encode(str(results / output).encode()).decode(), content)


def test_jobs_are_read_from_what_snakemake_records_of_their_outputs(tmp_path):
    results, metadata = tmp_path / "results/tiny", tmp_path / "metadata"
    with pytest.raises(StudyError, match="There is no finished run"):
        spans(results, metadata)
    record(metadata, results, "report", "report.html", "report.log", 2.0)
    record(metadata, results, "report", "report.pdf", "report.log", 3.0)
    record(metadata, tmp_path / "results/quick", "prepare", "data/adding/10.npz", "prepare/adding/10.log", 9.0)
    assert spans(results, metadata) == [Span("report", "", 1.0, 3.0)]
    record(metadata, results, "reference", "reference.json", "reference.log", 2.0)
    write_json(results / "reference.json", {"facts": {"core_seconds": 0.9, "training_s": 0, "measuring_s": 0.5}})
    assert Span("reference", "", 1.0, 2.0, cpu_s=0.9, measuring_s=0.5) in spans(results, metadata)
    write_json(results / "reference.json", {"facts": {"core_seconds": 0.9}})
    with pytest.raises(StudyError, match="An older version of the project"):
        spans(results, metadata)
