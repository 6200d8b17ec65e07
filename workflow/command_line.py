"""What the command line asks for: ``--config experiment=NAME data_mirror=PATH``, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnn.errors import StudyError
from workflow.problems import nearest

FOLDER = Path("experiments")
NAME = r"[a-z0-9][a-z0-9-]*"  # also a folder's name in results/, beside that of MLflow
KEYS = ("experiment", "data_mirror")


def available() -> list[str]:
    """Return the names of the experiments."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def chosen(config: Mapping[str, Any]) -> tuple[str, Path | None]:
    """Return the name of the experiment, and the folder that stands in for the network (None: there is none).

    A relative folder is relative to where the command was started.

    Raises
    ------
    StudyError
        One sentence for each key that is unknown, for a name without a file, and for a folder that is not there.
    """
    problems = [
        f"--config {key}: there is no such setting, only `experiment` and `data_mirror`; all else stands in "
        f"{FOLDER}/<name>.yaml."
        for key in sorted(config)
        if key not in KEYS
    ]
    name = str(config.get("experiment", "study"))
    if not re.fullmatch(NAME, name) or name == "mlflow":
        problems.append(
            f"{name!r} cannot name an experiment: use lower-case letters, digits and hyphens, but not `mlflow`."
        )
    elif name not in available():
        close = nearest(name, available())
        hint = f"; the nearest is {close}" if close else ""
        problems.append(f"There is no {FOLDER}/{name}.yaml; the experiments are {', '.join(available())}{hint}.")
    mirror = None
    if "data_mirror" in config:
        mirror = Path(str(config["data_mirror"] or "")).expanduser().absolute()
        if not config["data_mirror"] or not mirror.is_dir():
            problems.append(
                f"--config data_mirror={config['data_mirror'] or ''}: there is no such folder; name one that holds "
                "original files, or leave data_mirror out to download them."
            )
    if problems:
        raise StudyError("\n".join(problems))
    return name, mirror
