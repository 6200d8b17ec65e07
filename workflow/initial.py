"""What a job at initialisation leaves: measurements of untrained networks of one stack, in one .npz file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workflow import columns
from workflow.measured import Measured

# Of the file: one more for every change of what it holds, so that it is made anew.
LAYOUT = 2
# What an untrained network does not depend on, as the setup of no training has it: an edit of the budget measures
# nothing anew.
UNTRAINED = {"batch": 1, "steps": 0, "log_every": 1, "patience": 0, "clip": 0.0, "optimiser": "adam"}


@dataclass(frozen=True)
class Initial:
    """Measurements of untrained networks, and what they were made by."""

    facts: dict[str, Any]
    measured: Measured

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        columns.save(path, LAYOUT, {"facts": self.facts, **self.measured.plain}, self.measured.parts)

    @classmethod
    def load(cls, path: Path) -> Initial:
        """Read what ``save`` wrote; StudyError if the file has another layout."""
        plain, parts = columns.load(path, LAYOUT)
        return cls(plain["facts"], Measured.take(plain, parts))
