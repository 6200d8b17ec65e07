"""Tasks of every form in small: their registry entries, without data, and a made-up study on them."""

from typing import NoReturn

import pytest

from rnn.tasks import TASKS
from rnn.tasks.base import Task
from tests.reports.synthetic import Synthetic, study

MODELS = [("rnn", "default"), ("lstm", "default"), ("gru", "default")]
LENGTHS = {
    "adding": [20, 40],
    "adding-hs97": [40],
    "ball": [10, 20],
    "order": [20],
    "point": [1],
    "caption": [6],
    "translate": [50],
    "speech": [29],
}


class Listed(Task):
    """A task whose data nobody asks for."""

    def prepare(self, length: int, experiment_seed: int) -> NoReturn:
        raise NotImplementedError


def _other(name: str, form: str, metric: str) -> Task:
    return Listed(name, f"Task {name}", "other forms", form, metric, "")


LISTED = [
    Listed("adding-hs97", "Adding problem of 1997", "time series", "many-to-one", "mean squared error", ""),
    Listed("ball", "A bouncing ball", "time series", "many-to-many", "mean squared error", ""),
    _other("point", "one-to-one", "error rate"),
    _other("caption", "one-to-many", "share of wrong words"),
    _other("translate", "many-to-many", "share of wrong translations"),
    _other("speech", "many-to-one", "error rate"),
]


def register(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the tasks in the registry for the time of a test."""
    for task in LISTED:
        monkeypatch.setitem(TASKS, task.name, task)


def every_form() -> Synthetic:
    """Return a study on tasks of all forms."""
    return study(LENGTHS, seeds=3, models=MODELS, draws=3)
