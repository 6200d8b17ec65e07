"""What a person sees of a run."""

import logging
from pathlib import Path

import pytest
from snakemake.common import NOTHING_TO_BE_DONE_MSG
from snakemake_interface_logger_plugins.common import LogEvent

from workflow.files import write_json
from workflow.progress import Progress, Quiet, TimeLeft, attach, changed_library, closing, duration, label
from workflow.provenance import code_digest


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_time_left_follows_the_pace_of_the_training_that_is_done() -> None:
    clock = Clock()
    left = TimeLeft({1: 10.0, 2: 10.0, 3: 10.0, 4: 4.0}, training={1, 2, 3}, cores=2, clock=clock)
    assert left.seconds == pytest.approx(34 / 2)
    left.start(1)
    left.start(2)
    clock.now = 20.0  # twice as slow as planned
    left.finish(1)
    assert left.seconds == pytest.approx(20)  # the longest job, whatever the number of cores
    left.start(3)
    clock.now = 40.0
    left.finish(2)
    assert left.seconds == pytest.approx(10)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "5 s"), (42, "40 s"), (89, "90 s"), (100, "2 min"), (3000, "50 min")]
)
def test_durations_are_rough(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_jobs_have_readable_names() -> None:
    names = {"task": "adding", "cell": "rnn", "variant": "relu", "length": "20"}
    assert label("train", names) == "adding rnn relu T=20"
    assert label("train", {**names, "variant": "default"}) == "adding rnn T=20"
    assert label("prepare", {"task": "adding", "length": "20"}) == "data of adding T=20"
    assert label("fetch", {"name": "texts/one.txt"}) == "original file texts/one.txt"
    assert label("initial", names) == "initialisation of adding rnn relu T=20"
    assert label("phase", {}) == "phase diagrams"
    assert label("reference", {}) == "reference cases"
    assert label("collect", {}) == "collect"


@pytest.fixture
def logger() -> logging.Logger:
    logger = logging.Logger("test")
    logger.addHandler(logging.StreamHandler())
    return logger


def run_job(logger: logging.Logger, number: int, log: Path, end: dict[str, object]) -> None:
    names = {"task": "adding", "cell": "gru", "variant": "default", "length": "20"}
    known = {"event": LogEvent.JOB_INFO, "jobid": number, "rule_name": "train", "wildcards": names, "log": [str(log)]}
    logger.info("Rule: train", extra=known)
    logger.log(logging.ERROR if end["event"] == LogEvent.JOB_ERROR else logging.INFO, "end", extra=end)


def test_a_finished_job_is_one_line_with_what_it_found(
    logger: logging.Logger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "job.log"
    log.write_text("details\n10 seeds, 9 solved, 41 s\n")
    progress = Progress(Path("results/x"))
    attach(logger, progress, lambda: False)
    progress.plan(TimeLeft(dict.fromkeys(range(10), 60.0), set(range(10)), cores=2))
    run_job(logger, 3, log, {"event": LogEvent.JOB_FINISHED, "job_id": 3})
    told = capsys.readouterr().err
    assert told.startswith("[ 1/10] adding gru T=20: 10 seeds, 9 solved, 41 s; about ")
    assert told.endswith(" left\n")


def test_a_failed_job_shows_its_log(logger: logging.Logger, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "job.log"
    log.write_text("Traceback ...\nValueError: no\n")
    progress = Progress(Path("results/x"))
    attach(logger, progress, lambda: False)
    progress.plan(TimeLeft({3: 1.0}, {3}, cores=2))
    run_job(logger, 3, log, {"event": LogEvent.JOB_ERROR, "jobid": 3})
    told = capsys.readouterr().err
    assert f"Failed: adding gru T=20. The end of its log, {log}:" in told
    assert "ValueError: no" in told


def test_a_job_that_was_ended_before_it_could_say_anything_is_named(
    logger: logging.Logger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = Progress(Path("results/x"))
    attach(logger, progress, lambda: False)
    progress.plan(TimeLeft({3: 1.0}, {3}, cores=2))
    run_job(logger, 3, tmp_path / "none.log", {"event": LogEvent.JOB_ERROR, "jobid": 3})
    assert capsys.readouterr().err == "Ended from outside: adding gru T=20.\n"


def test_nothing_to_be_done_says_where_the_reports_are(
    logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    attach(logger, Progress(Path("results/x")), lambda: False)
    logger.info(NOTHING_TO_BE_DONE_MSG)
    assert "The reports are in results/x/." in capsys.readouterr().err


@pytest.mark.parametrize(("dry", "level", "shown"), [(True, 20, True), (False, 20, False), (False, 40, True)])
def test_snakemake_is_quiet_but_for_errors_and_dry_runs(dry: bool, level: int, shown: bool) -> None:
    record = logging.LogRecord("x", level, "x", 1, "Building DAG of jobs...", None, None)
    assert Quiet(lambda: dry).filter(record) is shown


def test_the_last_words_compare_used_with_expected(tmp_path: Path) -> None:
    times = {"core_seconds": {"adding": {"expected": 60.0, "used": 41.4}}}
    write_json(tmp_path / "provenance.json", {"times": times, "code_sha256": [code_digest()]})
    for name in ("report.html", "report.pdf"):
        (tmp_path / name).touch()
    words = closing(tmp_path)
    assert "adding 41 (60)" in words
    assert str(tmp_path / "report.html") in words


def test_the_last_words_of_a_run_for_single_files(tmp_path):
    assert closing(tmp_path) == f"Done, in {tmp_path}/."


@pytest.mark.parametrize(("digests", "warned"), [([code_digest()], False), (["0"], True), ([code_digest(), "0"], True)])
def test_runs_of_another_state_of_the_library_are_said(tmp_path: Path, digests: list[str], warned: bool) -> None:
    write_json(tmp_path / "provenance.json", {"code_sha256": digests})
    assert ("--forcerun prepare" in changed_library(tmp_path)) is warned
