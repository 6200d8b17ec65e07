"""Reading a results folder for the report, with one sentence for what is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from reports import stored, tables
from reports.inputs import Inputs
from reports.names import DEFAULT
from rnn.errors import StudyError

# The table of gradients is by far the longest: of its columns only those are kept that something here is made from.
GRADIENT_COLUMNS = (
    *tables.RUN_COLUMNS,
    "phase",
    "step",
    "lag",
    "n_samples",
    "n_zero",
    "log10_norm_q50",
    "log10_sigma_max",
    "share",
)
# What the report prints of provenance.json, by the type it must have; "a.b" is b inside a.
PROVENANCE: dict[str, type | tuple[type, ...]] = {
    "experiment": str,
    "title": str,
    "configuration": dict,
    "configuration.seed": int,
    "configuration.seeds": int,
    "configuration.tuning": dict,
    "configuration.tasks": dict,
    "configuration_sha256": str,
    "code_sha256": list,
    "commit": (str, type(None)),
    "commit_dirty": (bool, type(None)),
    "locks": dict,
    "versions": dict,
    "machine": dict,
    "kernels": dict,
    "left_out": list,
    "times.started": str,
    "times.finished": str,
    "times.core_seconds": dict,
}
# What the report prints of every data card in data.json.
CARD = (
    "source",
    "licence",
    "files",
    "split",
    "input",
    "target",
    "example",
    "metric",
    "scored_by",
    "unit",
    "baselines",
    "trivial",
    "classical",
    "notes",
    "sha256",
)


def load(results: Path) -> Inputs:
    """Read a results folder.

    Raises
    ------
    StudyError
        A table, a column, a data card or a fact of the provenance is missing; the sentence names it.
    """
    frames = {
        table.name: stored.read(results, table).to_pandas()
        for table in (
            tables.RUNS,
            tables.TUNING,
            tables.CURVES,
            tables.RATES,
            tables.HORIZONS,
            tables.ATTRIBUTION,
            tables.DECODED,
            tables.REFERENCE,
            tables.PHASE,
        )
    }
    frames["gradients"] = _compact(stored.read(results, tables.GRADIENTS).select(GRADIENT_COLUMNS))
    frames["spectra"] = _compact(stored.read(results, tables.SPECTRA))
    if frames["runs"].empty:
        raise StudyError(f"Table runs of {results} has no rows: there is nothing to report.")
    named = frames["runs"][["key", *tables.RUN_COLUMNS]]
    for table in ("attribution", "decoded"):
        frames[table] = frames[table].merge(named, on="key")
    inputs = Inputs(
        **frames,
        claims=_json(results / "claims.json"),
        cards=_cards(results / "data.json", frames["runs"]),
        provenance=_provenance(results / "provenance.json"),
    )
    for task in inputs.tasks:
        if task not in inputs.provenance["configuration"]["tasks"]:
            raise StudyError(
                f"{results / 'provenance.json'} has no configuration.tasks.{task}, which table runs holds."
            )
    if not (inputs.runs.variant == DEFAULT).any():
        raise StudyError(
            f"Table runs of {results} holds no run of the variant {DEFAULT!r}, which all figures start from."
        )
    return inputs


def _compact(content: pa.Table) -> pd.DataFrame:
    """Return a long table with its few different words stored once."""
    return content.to_pandas(strings_to_categorical=True)


def _cards(file: Path, runs: pd.DataFrame) -> dict[str, dict[int, dict[str, Any]]]:
    content = _json(file)
    cards: dict[str, dict[int, dict[str, Any]]] = {}
    for task, length in sorted(set(zip(runs.task, runs.length, strict=True))):
        card = content.get(task, {}).get(str(length))
        if card is None:
            raise StudyError(f"{file} has no data card for {task} at length {length}.")
        for name in CARD:
            if name not in card:
                raise StudyError(f"The data card of {task} at length {length} in {file} has no {name!r}.")
        cards.setdefault(task, {})[length] = card
    return cards


def _provenance(file: Path) -> dict[str, Any]:
    content = _json(file)
    for path, kind in PROVENANCE.items():
        value: Any = content
        for name in path.split("."):
            if not isinstance(value, Mapping) or name not in value:
                raise StudyError(f"{file} has no {path!r}.")
            value = value[name]
        if not isinstance(value, kind):
            raise StudyError(f"{path!r} in {file} is not what it must be: {value!r}.")
    return content


def _json(file: Path) -> Any:
    if not file.is_file():
        raise StudyError(f"{file} is missing; run the experiment again to make it.")
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StudyError(f"{file} is not JSON ({error}); run the experiment again to make it.") from error
