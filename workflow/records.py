"""Records of what was logged in MLflow: {key: run id} a task, null where a run could not be logged."""

from __future__ import annotations

from pathlib import Path

from workflow.files import read_json


def set_incomplete_aside(folder: Path) -> None:
    """Rename the records with a null, so that the next run of the same command makes them again.

    This is for the end of a run: until then Snakemake expects them to be there.
    """
    for path in folder.glob("*.json"):
        if None in read_json(path).values():
            path.replace(path.with_suffix(".incomplete"))
