"""A small experiment, really trained and measured once, that the tests of tables and tracking share."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from rnn.decode import decode
from rnn.gradients import attribute
from rnn.setup import Setup
from rnn.tasks import TASKS
from rnn.tasks.data import Data
from rnn.train import train
from workflow.initial import Initial
from workflow.job import Job
from workflow.measured import measure_initial, measure_trained
from workflow.provenance import process_facts

SETUP = Setup(
    experiment_seed=1,
    task="adding",
    cell="rnn",
    variant="default",
    length=6,
    hidden=4,
    batch=8,
    steps=20,
    log_every=10,
    patience=0,
    clip=1.0,
    optimiser="adam",
)


@pytest.fixture(scope="session")
def setup() -> Setup:
    return SETUP


@pytest.fixture(scope="session")
def data() -> Data:
    return TASKS["adding"].prepare(6, experiment_seed=1)


@pytest.fixture(scope="session")
def job(data: Data) -> Job:
    trained = train(SETUP, data, [1e-2, 1e-2], [0, 1])
    best = [run.best for run in trained]
    found, decoded = attribute(SETUP, data, best), decode(SETUP, data, best)
    return Job.of(SETUP, data, trained, measure_trained(SETUP, data, trained), found, decoded, process_facts())


@pytest.fixture(scope="session")
def initial(data: Data) -> Initial:
    """One draw of weights more than there are seeds."""
    return Initial(process_facts(), measure_initial(SETUP, data, 2, 3))


@pytest.fixture
def other_job(job: Job) -> Job:
    """The same runs with another result, as after an edit of the library."""
    runs = [{**run, "value": run["value"] / 2} for run in job.runs]
    return dataclasses.replace(job, runs=runs)


@pytest.fixture
def with_nan(job: Job) -> Job:
    """A job whose curves hold what MLflow and the tables must not."""
    curves = {**job.curves, "grad_norm": np.where(job.curves["step"] == 10, np.inf, np.nan)}
    return dataclasses.replace(job, curves=curves)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path
