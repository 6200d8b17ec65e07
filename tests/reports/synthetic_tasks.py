"""The tasks of the made-up study: what their simple predictors and networks reach, and what their cards say."""

from __future__ import annotations

import math
from typing import Any

from rnn.tasks import TASKS
from rnn.tasks.copy_memory import N_COPIED

STUDY = {
    "hello": [4],
    "adding": [25, 50, 100, 200],
    "co2": [26, 52, 104, 200],
    "sunspots": [11, 22, 44],
    "reviews": [0, 10, 25, 50, 100, 200],
    "reviews-long": [25, 50, 100, 200],
    "shakespeare": [25, 50, 100, 200],
    "order": [20, 50, 100],
    "copy": [10, 30, 100],
}
INITIAL = {"adding": [120]}  # lengths at which networks are measured before training only
CRITERION = {"hello": 0.05, "adding": 0.01, "order": 0.01, "copy": 0.0173}
SCORED_BY = {"caption": "sequences", "translate": "sequences"}  # of the others it follows from the metric
BASELINES: dict[str, dict[str, Any]] = {
    "hello": {"baselines": {"symbol frequencies": 1.04, "previous symbol": 0.347}, "classical": "previous symbol"},
    "adding": {"baselines": {"constant 1": 1 / 6}, "classical": None},
    "co2": {
        "baselines": {"persistence": 9.2, "seasonal naive": 2.6, "autoregression": 1.1},
        "classical": "autoregression",
    },
    "sunspots": {"baselines": {"persistence": 1240.0, "autoregression": 390.0}, "classical": "autoregression"},
    "reviews": {"baselines": {"majority class": 0.5, "bag of words": 0.24}, "classical": "bag of words"},
    "reviews-long": {"baselines": {"majority class": 0.5, "bag of words": 0.17}, "classical": "bag of words"},
    "shakespeare": {"baselines": {"unigram": 4.6, "n-gram": 2.2}, "classical": "n-gram"},
    "order": {"baselines": {"one class, expected": 0.75, "bag of symbols": 0.246}, "classical": "bag of symbols"},
    "copy": {"baselines": {"memoryless, expected": 0.173}, "classical": None},
    "ball": {
        "baselines": {"constant": 0.08, "persistence": 0.02, "memoryless map": 0.015},
        "classical": "memoryless map",
    },
    "point": {"baselines": {"majority class": 0.5, "logistic regression": 0.2}, "classical": "logistic regression"},
    "caption": {
        "baselines": {"commonest word": 0.9, "logistic regression": 0.04},
        "classical": "logistic regression",
    },
    "translate": {"baselines": {"one translation for all": 1.0, "phrase table": 0.3}, "classical": "phrase table"},
    "speech": {
        "baselines": {"majority class": 0.889, "logistic regression": 0.05},
        "classical": "logistic regression",
    },
    "adding-hs97": {"baselines": {"constant 0.5": 1 / 24}, "classical": None},
    "adding-bai": {"baselines": {"constant 1": 1 / 6}, "classical": None},
}
SPLITS = {  # examples in training, validation and test
    "sunspots": (180, 60, 62),
    "reviews": (7500, 850, 1700),
    "reviews-long": (20000, 2500, 2500),
    "shakespeare": (40000, 2000, 2000),
}
SAMPLES = 16  # sequences on which gradients are measured
LONGEST_SENTENCE, MIDDLE_SENTENCE = 58, 20  # words of a review


def n_lags(task: str, length: int) -> int:
    """Return how many lags at least half of the measured sequences have."""
    return MIDDLE_SENTENCE + length if task == "reviews" else n_all_lags(task, length)


def n_all_lags(task: str, length: int) -> int:
    """Return how many lags the longest of the measured sequences has."""
    return length + {"reviews": LONGEST_SENTENCE, "copy": 2 * N_COPIED}.get(task, 0)


def n_samples(task: str, length: int, lag: int) -> int:
    """Return how many of the measured sequences have a lag."""
    if task != "reviews" or lag < length:
        return SAMPLES
    return max(1, SAMPLES - round(SAMPLES / 2 * (lag - length) / MIDDLE_SENTENCE))


def share(task: str, cell: str, variant: str, length: int, able: bool) -> float:
    """Return a network's score as a share of the trivial predictor's; the bare sentence of a review has length 0."""
    if task == "reviews":
        reach = {"rnn": 25, "lstm": 90, "gru": 130}[cell] if variant == "default" else 8
        return 1 - 0.48 * math.exp(-((length / reach) ** 2))
    if task == "reviews-long":
        return {"rnn": 0.72, "lstm": 0.5, "gru": 0.46}[cell] + 3 / length
    if task == "shakespeare":
        return {"rnn": 0.63, "lstm": 0.56, "gru": 0.55}[cell] + 0.5 / length
    if task == "sunspots":
        return 0.4
    if task == "order":
        return 0.005 if able else 0.98
    return 0.02 if able else 0.98


def metric(task: str) -> tuple[str, str]:
    """Return a task's metric and its unit."""
    return TASKS[task].metric, TASKS[task].unit


def scored_by(task: str) -> str:
    """Return what a task is scored by."""
    return SCORED_BY.get(task, "errors" if metric(task)[0] == "error rate" else "loss")


def card(task: str, length: int) -> dict[str, Any]:
    """Return a data card."""
    name, unit = metric(task)
    sizes: tuple[Any, ...] = SPLITS.get(task, ("drawn anew for every batch", 512, 1024))
    return {
        "source": "made up for tests",
        "licence": "none needed",
        "files": {"datasets/co2/co2.csv": "f" * 64} if task == "co2" else {},
        "split": dict(zip(("train", "valid", "test"), sizes, strict=True)),
        "input": f"{length} values",
        "target": "a number",
        "example": "0.1, 0.2 -> 0.3",
        "metric": name,
        "scored_by": scored_by(task),
        "unit": unit,
        "trivial": next(iter(BASELINES[task]["baselines"])),
        "notes": "not real",
        "sha256": "d" * 64,
        **BASELINES[task],
    }
