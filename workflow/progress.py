"""What a person sees of a run: a line for each finished job, the time left, the log of a job that failed."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from snakemake.common import NOTHING_TO_BE_DONE_MSG
from snakemake_interface_logger_plugins.common import LogEvent

from rnn.tasks import TASKS
from workflow.files import read_json
from workflow.provenance import code_digest

LAST_LINES = 40


def label(rule: str, wildcards: dict[str, str]) -> str:
    """Return a job's name: "lstm sigmoid on adding, T=200"."""
    names = {
        "fetch": "original file",
        "prepare": "data of",
        "tune": "learning rate of",
        "train": "",
        "initial": "initialisation of",
        "phase": "phase diagrams",
        "reference": "reference cases",
        "track": "tracking of",
    }
    parts = [names.get(rule, rule)]
    if "cell" in wildcards:
        variant = wildcards["variant"]
        parts += [wildcards["task"], wildcards["cell"], "" if variant == "default" else variant]
    else:
        parts.append(wildcards.get("task") or wildcards.get("name", ""))
    if "length" in wildcards:
        parts.append(f"{TASKS[wildcards['task']].axis}={wildcards['length']}")
    return " ".join(part for part in parts if part)


def duration(seconds: float) -> str:
    """Return a rough duration in words."""
    if seconds < 90:
        return f"{max(5, 5 * round(seconds / 5))} s"
    return f"{round(seconds / 60)} min"


class TimeLeft:
    """An estimate from what the jobs are expected to take, corrected by what the finished training jobs took.

    Parameters
    ----------
    expected
        Core-seconds of each job, by its number.
    training
        The jobs whose plan is a guess; the others take what they always take.
    """

    def __init__(
        self, expected: dict[int, float], training: set[int], cores: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.expected, self.training, self.cores, self.clock = dict(expected), training, cores, clock
        self.started: dict[int, float] = {}
        self.planned = self.used = 0.0

    def start(self, job: int) -> None:
        """Note that a job starts now."""
        self.started[job] = self.clock()

    def finish(self, job: int) -> None:
        """Note that a job ends now."""
        expected, used = self.expected.pop(job), self.clock() - self.started.pop(job)
        if job in self.training:
            self.planned += expected
            self.used += used

    @property
    def seconds(self) -> float:
        """Seconds until the last job ends, if the training that is left deviates as the finished one did."""
        pace = self.used / self.planned if self.planned else 1.0
        now = self.clock()
        work = [
            max(0.0, seconds * (pace if job in self.training else 1.0) - (now - self.started.get(job, now)))
            for job, seconds in self.expected.items()
        ]
        return max(sum(work) / self.cores, max(work, default=0.0))


class Progress(logging.Handler):
    """Follows Snakemake's own messages and prints ours.

    Parameters
    ----------
    results
        Folder of the experiment's results, named when nothing had to be done.
    """

    def __init__(self, results: Path) -> None:
        super().__init__()
        self.results = results
        self.jobs: dict[int, dict[str, Any]] = {}
        self.left: TimeLeft | None = None
        self.total = 0
        self.done = 0

    def plan(self, time_left: TimeLeft) -> None:
        """Begin a run."""
        self.left, self.total = time_left, len(time_left.expected)

    def say(self, line: str) -> None:
        """Print a line where Snakemake prints its own."""
        print(line, file=sys.stderr, flush=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Handle one of Snakemake's messages."""
        event = getattr(record, "event", None)
        message = record.getMessage()
        if message == NOTHING_TO_BE_DONE_MSG:
            self.say(f"The reports are in {self.results}/.{changed_library(self.results)}")
        elif message.startswith("Terminating processes on user request"):
            self.say("Stopped; the same command continues.")
        elif self.left is None:
            return
        elif event == LogEvent.JOB_INFO and record.jobid in self.left.expected:
            self.jobs[record.jobid] = {"rule": record.rule_name, "wildcards": record.wildcards, "log": list(record.log)}
            self.left.start(record.jobid)
        elif event == LogEvent.JOB_FINISHED and record.job_id in self.jobs:
            self._finished(record.job_id)
        elif event == LogEvent.JOB_ERROR:
            self._failed(record.jobid)

    def _finished(self, number: int) -> None:
        job = self.jobs[number]
        self.left.finish(number)
        self.done += 1
        lines = Path(job["log"][0]).read_text(encoding="utf-8", errors="replace").splitlines()
        found = f": {lines[-1]}" if lines else ""
        left = f"; about {duration(self.left.seconds)} left" if self.done < self.total else ""
        width = len(str(self.total))
        self.say(f"[{self.done:>{width}}/{self.total}] {label(job['rule'], job['wildcards'])}{found}{left}")

    def _failed(self, number: int) -> None:
        job = self.jobs[number]
        self.left.finish(number)
        log = Path(job["log"][0])
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
        name = label(job["rule"], job["wildcards"])
        self.say(f"Failed: {name}. The end of its log, {log}:" if lines else f"Ended from outside: {name}.")
        for line in lines[-LAST_LINES:]:
            self.say(f"  {line}")


class Quiet(logging.Filter):
    """Lets errors and warnings of Snakemake through, and everything in a dry run."""

    def __init__(self, dry_run: Callable[[], bool]) -> None:
        super().__init__()
        self.dry_run = dry_run

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether Snakemake's own handler prints a message."""
        shown = record.levelno >= logging.WARNING or record.getMessage() == NOTHING_TO_BE_DONE_MSG
        return self.dry_run() or (shown and not _is_about_a_failed_job(record))


def _is_about_a_failed_job(record: logging.LogRecord) -> bool:
    # told by Progress; besides its own event there is an exception, which repeats the whole command
    event = getattr(record, "event", None)
    return event == LogEvent.JOB_ERROR or (event == LogEvent.ERROR and "\nCalledProcessError" in record.getMessage())


def attach(logger: logging.Logger, progress: Progress, dry_run: Callable[[], bool]) -> None:
    """Let ``progress`` follow Snakemake's messages, and keep Snakemake from printing most of them."""
    for handler in logger.handlers:
        if isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler):
            handler.addFilter(Quiet(dry_run))
    logger.addHandler(progress)


def closing(results: Path) -> str:
    """Return the last words of a run: where the reports are, and what each task took."""
    if not all((results / name).exists() for name in ("provenance.json", "report.html", "report.pdf")):
        return f"Done, in {results}/."  # single files were asked for
    tasks = read_json(results / "provenance.json")["times"]["core_seconds"]
    used = ", ".join(f"{task} {times['used']:.0f} ({times['expected']:.0f})" for task, times in sorted(tasks.items()))
    return (
        f"Core-seconds of training used (expected): {used}.\n"
        f"The report: {results / 'report.html'} and {results / 'report.pdf'}. The runs in MLflow: make ui."
        f"{changed_library(results)}"
    )


def changed_library(results: Path) -> str:
    """Return a warning if runs were trained with another state of ``rnn/`` than there is now, else ""."""
    provenance = results / "provenance.json"
    if not provenance.exists() or read_json(provenance)["code_sha256"] == [code_digest()]:
        return ""
    return (
        f"\nAttention: runs in {results}/ were made with another state of rnn/ than there is now. "
        f"A run with --forcerun prepare makes them anew."
    )
