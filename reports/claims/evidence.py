"""The tables that claims are decided on, and the part of them that one claim is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reports import stored, tables
from reports.numbers import listed

if TYPE_CHECKING:
    from reports.claims.claim import Needs

USED = ("runs", "rates", "gradients", "phase")
SIGMA = [*tables.GRADIENTS.rows, "log10_sigma_max"]  # of the longest table


class LackingError(Exception):
    """The experiment has not what a claim needs; the message says what."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Tables of an experiment, or the rows and columns of them that one claim needs.

    Attributes
    ----------
    models
        (cell, variant) of a claim, in its order; empty for whole tables.
    """

    runs: pd.DataFrame
    rates: pd.DataFrame
    gradients: pd.DataFrame
    phase: pd.DataFrame
    models: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, results: Path) -> Evidence:
        """Read the tables of a results folder; StudyError where one is missing."""
        found = {name: stored.read(results, tables.TABLES[name]) for name in USED if name != "gradients"}
        gradients = stored.read(results, tables.GRADIENTS).select(SIGMA)
        gradients = gradients.filter(gradients["log10_sigma_max"].is_valid())
        frames = {name: table.to_pandas() for name, table in found.items()}
        return cls(**frames, gradients=gradients.to_pandas(strings_to_categorical=True))

    def of(self, needs: Needs) -> Evidence:
        """Return what a claim needs.

        Raises
        ------
        LackingError
            A model was trained on none of the tasks, or an activation has no phase diagram.
        """
        models = tuple(tuple(model.split("/")) for model in needs.models)
        phase = self.phase[self.phase.activation.isin(needs.activations)]
        absent = sorted(set(needs.activations) - set(phase.activation))
        if absent:
            raise LackingError(f"there is no phase diagram of {listed(absent)}")
        tasks = self._tasks(needs.tasks, models) if models else []
        return Evidence(
            **{
                name: _columns(_rows(getattr(self, name), tasks, models), name, needs)
                for name in USED
                if name != "phase"
            },
            phase=_columns(phase, "phase", needs),
            models=models,
        )

    def _tasks(self, wanted: Sequence[str], models: Sequence[tuple[str, ...]]) -> list[str]:
        """Return the wanted tasks (none named: all) on which every model was trained."""
        trained = {task: set(zip(of.cell, of.variant, strict=True)) for task, of in self.runs.groupby("task")}
        found = [task for task in wanted or sorted(trained) if set(models) <= trained.get(task, set())]
        if not found:
            where = f"{listed(list(wanted), 'or')} " if wanted else "any one task "
            everywhere = set().union(*(trained.get(task, set()) for task in wanted or trained))
            absent = [model for model in models if model not in everywhere] or models
            raise LackingError(f"no run on {where}has {listed(['/'.join(model) for model in absent])}")
        return found


def _rows(frame: pd.DataFrame, tasks: Sequence[str], models: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    of_tasks = frame[frame.task.isin(tasks)]
    chosen = pd.MultiIndex.from_arrays([of_tasks.cell, of_tasks.variant]).isin(models)
    return of_tasks[chosen].astype(dict.fromkeys(("task", "cell", "variant"), str))


def _columns(frame: pd.DataFrame, table: str, needs: Needs) -> pd.DataFrame:
    named = [column.partition(".")[2] for column in needs.columns if column.startswith(f"{table}.")]
    return frame[[*tables.TABLES[table].rows, *named]]
