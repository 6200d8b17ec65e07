# Entry point: `snakemake` runs experiments/study.yaml, `snakemake --config experiment=quick` another one.
import os
import shlex
import sys
from pathlib import Path

from snakemake.logging import logger

from rnn.errors import StudyError
from rnn.tasks import TASKS
from workflow import command_line, environment, initial, job, lock, mirror, progress, records, settings
from workflow.grid import Grid, groups_of, stack_of
from workflow.provenance import code_digest

try:
    EXPERIMENT, MIRROR = command_line.chosen(config)
    EXPERIMENT_FILE = command_line.FOLDER / f"{EXPERIMENT}.yaml"
    WHOLE = settings.load(EXPERIMENT_FILE)
    LEFT_OUT = mirror.left_out(WHOLE, MIRROR) if MIRROR else {}
    GRID = Grid(WHOLE.without(LEFT_OUT))
except StudyError as error:
    sys.exit(str(error))

RESULTS = f"results/{EXPERIMENT}"
LOGS = f"{RESULTS}/logs"
RECORDS = f"results/mlflow/records/{EXPERIMENT}"
LOCK = Path("results/.lock")

os.environ.update(environment.for_jobs(LOCK, MIRROR))

PROGRESS = progress.Progress(Path(RESULTS))
progress.attach(logger, PROGRESS, lambda: workflow.dryrun)
for sentence in LEFT_OUT.values():
    PROGRESS.say(sentence)


wildcard_constraints:
    task="|".join(GRID.tasks),
    cell="|".join(GRID.cells),
    variant="[a-z0-9-]+",
    length="[0-9]+",


include: "workflow/rules/data.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/results.smk"
include: "workflow/rules/tracking.smk"


rule all:
    default_target: True
    input:
        f"{RESULTS}/report.html",
        f"{RESULTS}/report.pdf",
        f"{RESULTS}/mlflow.parquet",
        expand(f"{RECORDS}/{{task}}.json", task=GRID.tasks),


onstart:
    try:
        lock.hold(LOCK)
    except StudyError as error:
        sys.exit(str(error))
    # Its limit of jobs a second makes Snakemake look for new ones again a second after every look: hundreds of times a
    # second once hundreds of jobs have ended, a third of a core. No job here needs that limit.
    workflow.scheduler.job_rate_limiter = None
    jobs = {job.jobid: job for job in workflow.dag.needrun_jobs() if job.rule.name != "all"}
    expected = {number: GRID.seconds(job.rule.name, job.wildcards_dict) for number, job in jobs.items()}
    training = {number for number, job in jobs.items() if job.rule.name in ("tune", "train")}
    PROGRESS.plan(progress.TimeLeft(expected, training, workflow.cores))


onsuccess:
    records.set_incomplete_aside(Path(RECORDS))
    PROGRESS.say(progress.closing(Path(RESULTS)))


onerror:
    records.set_incomplete_aside(Path(RECORDS))
