"""Columns of arrays: joined from parts, and kept beside plain values in one .npz file, whose layout has a number."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.errors import StudyError
from rnn.files import write_whole

Array = NDArray[Any]
Columns = dict[str, Array]
LAYOUT, PLAIN = "layout", "plain"


def joined(parts: Sequence[tuple[dict[str, Any], Mapping[str, Array]]], names: Sequence[str]) -> Columns:
    """Lay the named columns of some parts end to end, with a column for each constant that a part comes with."""
    lengths = [len(columns[names[0]]) for _, columns in parts]
    constants = {name: np.repeat([own[name] for own, _ in parts], lengths) for name in parts[0][0]}
    return constants | {name: np.concatenate([columns[name] for _, columns in parts]) for name in names}


def save(path: Path, layout: int, plain: dict[str, Any], parts: Mapping[str, Columns]) -> None:
    """Write JSON-able values, and columns by the name of their part, whole or not at all.

    Parameters
    ----------
    layout
        Number of what such a file holds; another one for every change of it.
    """
    arrays = {LAYOUT: np.array(layout), PLAIN: np.array(json.dumps(plain))}
    for part, columns in parts.items():
        arrays |= {f"{part}/{name}": column for name, column in columns.items()}

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            np.savez_compressed(file, **arrays)

    write_whole(path, write)


def load(path: Path, layout: int) -> tuple[dict[str, Any], dict[str, Columns]]:
    """Read what ``save`` wrote.

    Raises
    ------
    StudyError
        The file has another layout, or none.
    """
    parts: dict[str, Columns] = {}
    with np.load(path) as file:
        found = int(file[LAYOUT]) if LAYOUT in file else None
        if found != layout:
            told = "no layout number" if found is None else f"layout {found}"
            raise StudyError(
                f"{path} has {told}, not layout {layout}: another version of the project made it. Delete it and run "
                "the experiment again (`make study`, or `snakemake --config experiment=<its name>`)."
            )
        plain = json.loads(str(file[PLAIN]))
        for name in file.files:
            part, separator, column = name.partition("/")
            if separator:
                parts.setdefault(part, {})[column] = file[name]
    return plain, parts
