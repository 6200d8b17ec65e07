"""What the jobs of a run find in their environment, and the store that it names."""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path

from workflow.lock import VARIABLE

MIRROR = "DATA_MIRROR"  # the folder that stands in for the network in this run, or nothing


def for_jobs(lock: Path, mirror: Path | None) -> dict[str, str]:
    """Return what jobs need: ``python`` is the interpreter that runs this, and the lock says when their run is gone.

    A mirror stands here, not in parameters: the same files from elsewhere make nothing out of date.
    """
    folder = str(Path(sys.executable).parent)
    path = os.pathsep.join((folder, os.environ.get("PATH", os.defpath)))
    return {"PATH": path, VARIABLE: str(lock), MIRROR: str(mirror or "")}


def tracking_store() -> str:
    """Return a name of the store that MLflow uses, without its address, which may hold a password."""
    address = os.environ.get("MLFLOW_TRACKING_URI")
    return sha256(address.encode()).hexdigest() if address else "local"
