"""Results as flat rows: what a script measured goes to ``benchmarks/results/<isa>/raw/<script>.json``."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

RESULTS = Path(__file__).parent / "results"
LOAD_AT_START = os.getloadavg()


@dataclass(frozen=True)
class Row:
    """One number, with its extremes over the rounds, and the size of the problem where it has one.

    ``target`` is what the number should reach, from above where ``at_most``.
    """

    claim: str
    quantity: str
    unit: str
    value: float
    low: float | None = None
    high: float | None = None
    engine: str = ""
    cell: str = ""
    hidden: int | None = None
    steps: int | None = None
    seeds: int | None = None
    inputs: int | None = None
    batch: int | None = None
    at: str = ""
    target: float | None = None
    at_most: bool = False

    @classmethod
    def of_rounds(cls, claim: str, quantity: str, unit: str, rounds: ArrayLike, **rest: Any) -> "Row":
        """Take the median of the rounds, and their extremes."""
        values = np.asarray(rounds, np.float64)
        low, middle, high = (float(f"{value:.5g}") for value in np.quantile(values, (0, 0.5, 1)))
        return cls(claim, quantity, unit, middle, low, high, **rest)

    @property
    def verdict(self) -> str:
        """Say whether the target is reached."""
        if self.target is None:
            return ""
        return "reached" if (self.value <= self.target if self.at_most else self.value >= self.target) else "missed"


def write(script: str, rows: Sequence[Row], isa: str, results: Path = RESULTS) -> None:
    """Write what a script measured, with the load of the machine when it began."""
    content = {"isa": isa, "load_at_start": LOAD_AT_START, "rows": [asdict(row) for row in rows]}
    save_json(results / isa / "raw" / f"{script}.json", content)


def save_json(path: Path, content: Any) -> None:
    """Write a file that a person can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n")


def read(script: str, isa: str, results: Path = RESULTS) -> list[Row]:
    """Return what a script measured, nothing if it has not run."""
    path = results / isa / "raw" / f"{script}.json"
    return [Row(**row) for row in json.loads(path.read_text())["rows"]] if path.exists() else []
