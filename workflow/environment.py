"""What the jobs of a run find in their environment, and the store that it names."""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path

from workflow.lock import VARIABLE


def for_jobs(lock: Path) -> dict[str, str]:
    """Return what jobs need: ``python`` is the interpreter that runs this, and the lock says when their run is gone."""
    folder = str(Path(sys.executable).parent)
    return {"PATH": os.pathsep.join((folder, os.environ.get("PATH", os.defpath))), VARIABLE: str(lock)}


def tracking_store() -> str:
    """Return a name of the store that MLflow uses, without its address, which may hold a password."""
    address = os.environ.get("MLFLOW_TRACKING_URI")
    return sha256(address.encode()).hexdigest() if address else "local"
