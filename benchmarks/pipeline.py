"""What does the pipeline cost, beside training and measuring?

    python -m benchmarks.pipeline [EXPERIMENT]     of a finished run (study), to benchmarks/results

The core-seconds of a run are its cores times its wall time. A job takes a core from its start to its last output, as
Snakemake has recorded them, and says itself how long it trained and measured. The rest of it is start-up and files;
what no job takes is scheduling, and cores that wait for the last jobs. Preparing data, classical baselines included, is
work of the study too, but for a start as long as that of a job at initialisation. Snakemake's own start, some 2 s, is
not seen, and what a measurement imports counts as measuring.
"""

import argparse
import csv
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.files import RESULTS, Row, write
from benchmarks.problem import Ours, Problem, Setting
from benchmarks.process import ISA, isolated
from rnn.errors import StudyError
from workflow.files import read_json
from workflow.initial import Initial
from workflow.job import Job
from workflow.keys import Stack, facts_file, initial_file, job_file, tuning_file

CLAIM = "pipeline"
METADATA = Path(".snakemake/metadata")
PAUSE_S = 60.0  # a longer time without a job lies between two runs
MOST = 15.0  # % of the core-seconds that may go to anything but training and measuring
LOADS_KERNELS = ("tune", "train")
PREPARES = "prepare"


@dataclass(frozen=True)
class Span:
    """One job: when it ran, in seconds since the epoch, and what it says of its own time.

    ``cpu_s`` is null where a step records nothing of its process.
    """

    rule: str
    name: str
    start: float
    end: float
    cpu_s: float | None = None
    training_s: float = 0.0
    measuring_s: float = 0.0

    @property
    def seconds(self) -> float:
        """The time that it took a core for."""
        return self.end - self.start


def spans(results: Path, metadata: Path = METADATA) -> list[Span]:
    """Return the jobs that made an experiment's results, as they began.

    Raises
    ------
    StudyError
        Nothing is recorded of such a run, or an older version of the project made it.
    """
    found: dict[Path, list[dict[str, Any]]] = {}
    for path in filter(Path.is_file, metadata.rglob("*")):
        record = read_json(path)
        for log in map(Path, record["log"]):  # one a job, whatever the number of its outputs
            if log.is_relative_to(results / "logs"):
                found.setdefault(log.relative_to(results / "logs").with_suffix(""), []).append(record)
    if Path("report") not in found:
        raise StudyError(f"There is no finished run in {results}/ with what Snakemake records of it: run it first.")
    jobs = []
    for place, records in found.items():
        rule, name = records[0]["rule"], "/".join(place.parts[1:])
        start, end = min(one["starttime"] for one in records), max(one["endtime"] for one in records)
        jobs.append(Span(rule, name, start, end, **_own(facts(results, rule, name), results)))
    return sorted(jobs, key=lambda job: job.start)


def facts(results: Path, rule: str, name: str) -> dict[str, Any] | None:
    """Return what a job says of its process, None for a step that says nothing."""
    if rule == "train":
        return Job.load(job_file(results, Stack.parse(name))).facts
    if rule == "initial":
        return Initial.load(initial_file(results, Stack.parse(name))).facts
    if rule == "tune":
        return read_json(tuning_file(results, Stack.parse(name)))["facts"]
    if rule in ("phase", "reference"):
        return read_json(facts_file(results, rule))["facts"]
    return None


def _own(found: dict[str, Any] | None, results: Path) -> dict[str, float]:
    if found is None:
        return {}
    if "training_s" not in found:
        raise StudyError(f"An older version of the project made some files in {results}/: remove it and run it again.")
    return {"cpu_s": found["core_seconds"], "training_s": found["training_s"], "measuring_s": found["measuring_s"]}


def wall_seconds(jobs: Sequence[Span]) -> float:
    """Return the time of the run, without the pauses between several runs of the same command."""
    total, last = 0.0, jobs[0].start
    for job in sorted(jobs, key=lambda job: job.start):
        if job.start - last > PAUSE_S:
            last = job.start
        total += max(0.0, job.end - last)
        last = max(last, job.end)
    return total


def cores(jobs: Sequence[Span]) -> int:
    """Return how many jobs ran at once."""
    changes = sorted([(job.start, 1) for job in jobs] + [(job.end, -1) for job in jobs])
    running = most = 0
    for _, change in changes:
        running += change
        most = max(most, running)
    return most


def seconds_to_load_kernels() -> float:
    """Return the CPU seconds in which a process loads the compiled kernels; a job counts them as training."""
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as fresh:
        return [fresh.submit(first_step).result() for _ in range(2)][-1]  # the first one may have to compile


def first_step() -> float:
    """Return how many CPU seconds more the first training step of this process takes than the next."""
    step = Ours(Problem(Setting("lstm", hidden=8, steps=2, seeds=1, batch=1))).step
    times = []
    for _ in range(2):
        start = time.process_time()
        step()
        times.append(time.process_time() - start)
    return times[0] - times[1]


def rows_of(jobs: Sequence[Span], load_s: float) -> list[Row]:
    """Return core-seconds by kind of job, and the share of all that is neither training nor measuring."""
    rows, useful = [], data_seconds(jobs)
    whole = cores(jobs) * wall_seconds(jobs)
    for rule in dict.fromkeys(job.rule for job in jobs):
        of_kind = [job for job in jobs if job.rule == rule]
        taken = sum(job.seconds for job in of_kind)
        training = sum(job.training_s for job in of_kind)
        if rule in LOADS_KERNELS:
            training -= load_s * len(of_kind)
        measuring = sum(job.measuring_s for job in of_kind)
        useful += training + measuring
        parts = {"core-seconds": taken, "training": training, "measuring": measuring}
        parts["rest"] = taken - training - measuring
        rows.append(Row(CLAIM, "jobs", "", len(of_kind), at=rule))
        rows += [Row(CLAIM, part, "s", round(seconds, 1), at=rule) for part, seconds in parts.items() if seconds]
    between = whole - sum(job.seconds for job in jobs)
    overhead = 100 * (1 - useful / whole)
    return [
        *rows,
        Row(CLAIM, "core-seconds", "s", round(between, 1), at="between jobs"),
        Row(CLAIM, "core-seconds", "s", round(whole, 1), at="whole"),
        Row(CLAIM, "data and baselines", "s", round(data_seconds(jobs), 1), at="whole"),
        Row(CLAIM, "overhead", "%", round(overhead, 1), at="whole", target=MOST, at_most=True),
    ]


def data_seconds(jobs: Sequence[Span]) -> float:
    """Return the core-seconds of preparing data without the starts of these jobs."""
    starts = [job.seconds - job.measuring_s for job in jobs if job.rule == "initial"]
    start = sum(starts) / len(starts) if starts else 0.0
    return sum(max(0.0, job.seconds - start) for job in jobs if job.rule == PREPARES)


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines to print."""
    values = {(row.at, row.quantity): row.value for row in rows}
    columns = ("jobs", "core-seconds", "training", "measuring", "rest")
    yield f"{'':14}" + "".join(f"{column:>14}" for column in columns)
    for place in dict.fromkeys(row.at for row in rows):
        cells = (f"{values[place, column]:>14g}" if (place, column) in values else " " * 14 for column in columns)
        yield f"{place:14}" + "".join(cells).rstrip()
    share = rows[-1]
    yield f"Neither training, measuring nor data: {share.value:g} %, at most {share.target:g} %: {share.verdict}."


def main() -> int:
    """Print a table by kind of job; write it, and every job."""
    if ISA != "native":
        print("What the pipeline costs was measured as the run was made: natively, not here.")
        return 0
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pipeline", description=__doc__.splitlines()[0])
    parser.add_argument("experiment", nargs="?", default="study", help="an experiment that has been run; study")
    options = parser.parse_args()
    try:
        jobs = spans(Path("results") / options.experiment)
    except StudyError as error:
        print(f"{error} Not measured.")
        return 0
    rows = rows_of(jobs, seconds_to_load_kernels())
    print(f"{options.experiment}: {len(jobs)} jobs on {cores(jobs)} cores, {wall_seconds(jobs):.0f} s")
    print("\n".join(table(rows)))
    write("pipeline", rows, ISA)
    with (RESULTS / ISA / "pipeline_jobs.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(field.name for field in fields(Span))
        writer.writerows(asdict(job).values() for job in jobs)
    return 0


if __name__ == "__main__":
    sys.exit(isolated(main))
