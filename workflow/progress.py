"""What a person sees of a run: one line a finished job with what it found and the time left, and the log of a job that failed."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from snakemake.common import NOTHING_TO_BE_DONE_MSG
from snakemake_interface_logger_plugins.common import LogEvent

from workflow.files import read_json

LAST_LINES = 40


def label(rule: str, wildcards: dict[str, str]) -> str:
    """Return a job's name: "lstm sigmoid on adding, T=200"."""
    names = {"prepare": "data of", "tune": "learning rate of", "train": "", "track": "tracking of"}
    parts = [names.get(rule, rule)]
    if "cell" in wildcards:
        variant = wildcards["variant"]
        parts += [wildcards["task"], wildcards["cell"], "" if variant == "default" else variant]
    else:
        parts.append(wildcards.get("task", ""))
    if "length" in wildcards:
        parts.append(f"T={wildcards['length']}")
    return " ".join(part for part in parts if part)


def duration(seconds: float) -> str:
    """Return a rough duration in words."""
    if seconds < 90:
        return f"{max(5, 5 * round(seconds / 5))} s"
    return f"{round(seconds / 60)} min"


class TimeLeft:
    """An estimate from what the jobs were expected to take and what the finished ones took."""

    def __init__(self, expected: dict[int, float], cores: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.expected, self.cores, self.clock = dict(expected), cores, clock
        self.started: dict[int, float] = {}
        self.planned = self.used = 0.0

    def start(self, job: int) -> None:
        """Note that a job starts now."""
        self.started[job] = self.clock()

    def finish(self, job: int) -> None:
        """Note that a job ends now."""
        self.planned += self.expected.pop(job)
        self.used += self.clock() - self.started.pop(job)

    @property
    def seconds(self) -> float:
        """Seconds until the last job ends, if the other jobs keep to their plan as well or as badly as the finished ones."""
        pace = self.used / self.planned if self.planned else 1.0
        now = self.clock()
        running = {job: now - started for job, started in self.started.items()}
        work = [max(0.0, pace * seconds - running.get(job, 0.0)) for job, seconds in self.expected.items()]
        return max(sum(work) / self.cores, max(work, default=0.0))


class Progress(logging.Handler):
    """Follows Snakemake's own messages and prints ours.

    Parameters
    ----------
    after_nothing
        What is printed when nothing had to be done.
    """

    def __init__(self, after_nothing: str) -> None:
        super().__init__()
        self.after_nothing = after_nothing
        self.jobs: dict[int, dict[str, Any]] = {}
        self.left: TimeLeft | None = None
        self.total = 0
        self.done = 0

    def plan(self, expected: dict[int, float], cores: int) -> None:
        """Begin a run: the expected core-seconds of each job, by Snakemake's number of it."""
        self.left, self.total = TimeLeft(expected, cores), len(expected)

    def say(self, line: str) -> None:
        """Print a line where Snakemake prints its own."""
        print(line, file=sys.stderr, flush=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Handle one of Snakemake's messages."""
        event = getattr(record, "event", None)
        if record.getMessage() == NOTHING_TO_BE_DONE_MSG:
            self.say(self.after_nothing)
        elif self.left is None:
            return
        elif event == LogEvent.JOB_INFO:
            self.jobs[record.jobid] = {"rule": record.rule_name, "wildcards": record.wildcards, "log": list(record.log)}
            self.left.start(record.jobid)
        elif event == LogEvent.JOB_FINISHED and self.jobs[record.job_id]["log"]:
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
        self.say(f"Failed: {label(job['rule'], job['wildcards'])}. The end of its log, {log}:")
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
        told_by_us = getattr(record, "event", None) == LogEvent.JOB_ERROR
        return self.dry_run() or (shown and not told_by_us)


def attach(logger: logging.Logger, progress: Progress, dry_run: Callable[[], bool]) -> None:
    """Let ``progress`` follow Snakemake's messages, and keep Snakemake from printing most of them."""
    for handler in logger.handlers:
        if isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler):
            handler.addFilter(Quiet(dry_run))
    logger.addHandler(progress)


def closing(results: Path) -> str:
    """Return the last words of a run: where the reports are, and what each task took."""
    tasks = read_json(results / "provenance.json")["times"]["core_seconds"]
    used = ", ".join(f"{task} {times['used']:.0f} ({times['expected']:.0f})" for task, times in sorted(tasks.items()))
    return (
        f"Core-seconds of training used (expected): {used}.\n"
        f"The report: {results / 'report.html'} and {results / 'report.pdf'}. The runs in MLflow: make ui."
    )
