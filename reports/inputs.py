"""All that a report is made from: the tables, the data cards and the provenance of one results folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import pandas as pd

from reports.names import (
    FAMILY_EXAMPLES,
    INIT,
    OTHER_FAMILY,
    family,
    known_lags,
    ordered_cells,
    ordered_families,
    ordered_tasks,
    ordered_variants,
    shared_name,
)


@dataclass(frozen=True)
class Setting:
    """What all seeds of a stack share."""

    task: str
    cell: str
    variant: str
    length: int


@dataclass(frozen=True, eq=False)
class Inputs:
    """The content of a results folder.

    Attributes
    ----------
    attribution, decoded
        The tables with the columns of ``runs`` that name a run, so that they can be asked for a setting.
    phase
        The table of the phase diagrams, which knows no phase of training.
    claims
        What became of each claim that could be decided, as in claims.json.
    cards
        Data cards by task and length.
    """

    runs: pd.DataFrame
    tuning: pd.DataFrame
    curves: pd.DataFrame
    gradients: pd.DataFrame
    rates: pd.DataFrame
    horizons: pd.DataFrame
    spectra: pd.DataFrame
    attribution: pd.DataFrame
    decoded: pd.DataFrame
    reference: pd.DataFrame
    phase: pd.DataFrame
    claims: list[dict[str, Any]]
    cards: dict[str, dict[int, dict[str, Any]]]
    provenance: dict[str, Any]

    def runs_of(self, setting: Setting) -> pd.DataFrame:
        """Return a setting's rows of the table ``runs``."""
        return self._of("runs", setting)

    def curves_of(self, setting: Setting) -> pd.DataFrame:
        """Return a setting's rows of the table ``curves``."""
        return self._of("curves", setting)

    def gradients_of(self, setting: Setting, phase: str) -> pd.DataFrame:
        """Return a setting's rows of the table ``gradients`` in one phase."""
        return self._of("gradients", setting, phase)

    def rates_of(self, setting: Setting, phase: str) -> pd.DataFrame:
        """Return a setting's rows of the table ``rates`` in one phase."""
        return self._of("rates", setting, phase)

    def horizons_of(self, setting: Setting, phase: str) -> pd.DataFrame:
        """Return a setting's rows of the table ``horizons`` in one phase."""
        return self._of("horizons", setting, phase)

    def spectra_of(self, setting: Setting, phase: str) -> pd.DataFrame:
        """Return a setting's rows of the table ``spectra`` in one phase."""
        return self._of("spectra", setting, phase)

    def attribution_of(self, setting: Setting) -> pd.DataFrame:
        """Return a setting's rows of the table ``attribution``."""
        return self._of("attribution", setting)

    def decoded_of(self, setting: Setting) -> pd.DataFrame:
        """Return a setting's rows of the table ``decoded``."""
        return self._of("decoded", setting)

    def _of(self, table: str, setting: Setting, *phase: str) -> pd.DataFrame:
        found = self._by_setting[table].get((setting.task, setting.cell, setting.variant, setting.length, *phase))
        return getattr(self, table).iloc[:0] if found is None else found

    @cached_property
    def _by_setting(self) -> dict[str, dict[tuple[str | int, ...], pd.DataFrame]]:
        names = ["task", "cell", "variant", "length"]
        return {
            "runs": dict(iter(self.runs.groupby(names))),
            "curves": dict(iter(self.curves.groupby(names))),
            **{
                table: dict(iter(getattr(self, table).groupby([*names, "phase"], observed=True)))
                for table in ("gradients", "rates", "horizons", "spectra")
            },
            "attribution": dict(iter(self.attribution.groupby(names))),
            "decoded": dict(iter(self.decoded.groupby(names))),
        }

    @cached_property
    def tasks(self) -> list[str]:
        """The tasks that were trained, in the order of the registry."""
        return ordered_tasks(set(self.runs.task))

    @cached_property
    def charted(self) -> list[str]:
        """The tasks that have a panel in figures of many tasks; tables have all of them.

        Left out, where another task is left, are those of other forms, which mostly have one length, and those that
        share their name with a task that is there.
        """
        found = [
            task
            for task in self.tasks
            if family(task) != OTHER_FAMILY and (shared_name(task) == task or shared_name(task) not in self.tasks)
        ]
        return found or self.tasks

    @cached_property
    def families(self) -> dict[str, list[str]]:
        """The tasks by family."""
        found = {name: [task for task in self.tasks if family(task) == name] for name in map(family, self.tasks)}
        return {name: found[name] for name in ordered_families(set(found))}

    def examples(self, tasks: Sequence[str]) -> list[str]:
        """Return one of some tasks for each family: a preferred one where it is there, else as ``example`` chooses."""
        of_families = {name: [task for task in of_family if task in tasks] for name, of_family in self.families.items()}
        return [
            preferred if (preferred := FAMILY_EXAMPLES.get(name)) in of_family else self.example(of_family)
            for name, of_family in of_families.items()
            if of_family
        ]

    def example(self, tasks: Sequence[str]) -> str:
        """Return the task that stands for some: one whose evidence stands at known lags, else one of most length."""
        known = [task for task in tasks if known_lags(task)]
        return known[0] if known else max(tasks, key=self.longest)

    @cached_property
    def cells(self) -> list[str]:
        """The cells that were trained, the vanilla cell first."""
        return ordered_cells(set(self.runs.cell))

    def variants(self, cell: str) -> list[str]:
        """Return the variants of a cell, the default first."""
        return ordered_variants(set(self.runs[self.runs.cell == cell].variant))

    @cached_property
    def models(self) -> list[tuple[str, str]]:
        """All (cell, variant) pairs."""
        return [(cell, variant) for cell in self.cells for variant in self.variants(cell)]

    def models_on(self, *tasks: str) -> list[tuple[str, str]]:
        """Return the (cell, variant) pairs that were trained on one of some tasks."""
        return [model for model in self.models if any(self.trained_at(task, *model) for task in tasks)]

    def models_at(self, task: str, length: int) -> list[tuple[str, str]]:
        """Return the (cell, variant) pairs that were trained on a task at a length."""
        return [model for model in self.models if length in self.trained_at(task, *model)]

    def trained_at(self, task: str, cell: str, variant: str) -> list[int]:
        """Return the lengths at which a model was trained on a task, the shortest first; an ablation has few."""
        return self._trained_at.get((task, cell, variant), [])

    def at_every_length(self, task: str, cell: str, variant: str) -> bool:
        """Say whether a model was trained at every length of a task, so that it can be followed over them."""
        return self.trained_at(task, cell, variant) == self.lengths(task)

    @cached_property
    def _trained_at(self) -> dict[tuple[str, str, str], list[int]]:
        stacks = self.runs.groupby(["task", "cell", "variant"]).length
        return {(task, cell, variant): sorted(set(found)) for (task, cell, variant), found in stacks}

    @cached_property
    def cells_with_variants(self) -> list[str]:
        """The cells that have more than their default."""
        return [cell for cell in self.cells if len(self.variants(cell)) > 1]

    def lengths(self, task: str) -> list[int]:
        """Return the lengths at which a task was trained, the shortest first."""
        return self._lengths[task]

    def longest(self, task: str) -> int:
        """Return a task's greatest length."""
        return self.lengths(task)[-1]

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        return {str(task): sorted(set(length)) for task, length in self.runs.groupby("task").length}

    @cached_property
    def seeds(self) -> list[int]:
        """The seeds that were trained."""
        return sorted(set(self.runs.seed))

    @cached_property
    def draws(self) -> list[int]:
        """The weight draws that were measured before training; those of the trained seeds are among them."""
        return sorted(set(self.rates[self.rates.phase == INIT].seed))

    def measured_lengths(self, task: str) -> list[int]:
        """Return the lengths at which a task was measured before training, also those never trained at."""
        return sorted(set(self.rates[(self.rates.task == task) & (self.rates.phase == INIT)].length))

    def card(self, task: str, length: int | None = None) -> dict[str, Any]:
        """Return the data card of a task at a length (at the longest where none is given)."""
        return self.cards[task][self.longest(task) if length is None else length]

    def solved_below(self, task: str) -> bool:
        """Say whether a task has a criterion of success."""
        return bool(self.runs[self.runs.task == task].solved.notna().any())

    @cached_property
    def finished(self) -> datetime:
        """When the last training job ended: the date of the report."""
        return datetime.fromisoformat(self.provenance["times"]["finished"])
