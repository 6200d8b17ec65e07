"""Updates until a task is solved, as survival data: what the runs of a setting say of when, and two of them beside.

A run that is not solved is censored at its budget. One that diverged, or was stopped since it no longer improved, can
never be solved by more updates of the same training: a competing event, not an observation that was cut short. It
counts as not solved up to the budget, where a run that was merely censored at its end might have been solved after it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from reports.claims import inference
from reports.claims.inference import Finding
from reports.claims.verdict import ALPHA, holm
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT
from reports.statistics import LEVEL, Spread, spread
from rnn.streams import stream
from rnn.variants import VARIANTS

MATCHED = "matched"


@dataclass(frozen=True, eq=False)
class Times:
    """When the runs of a setting were solved.

    Attributes
    ----------
    solved_at
        Updates, one a seed; infinite for a run that was not solved.
    budget
        Updates at most.
    first_check
        Updates after which a run can first be found solved.
    """

    solved_at: NDArray[np.float64]
    budget: int
    first_check: int

    @property
    def n_solved(self) -> int:
        """Runs that were solved."""
        return int(np.isfinite(self.solved_at).sum())

    @property
    def median(self) -> Spread:
        """Updates after which half of the runs are solved; infinite where that was not reached."""
        found = spread(self.solved_at)
        assert found is not None
        return found

    def curve(self) -> pd.DataFrame:
        """Return the Kaplan-Meier estimate of the share that is not solved yet, from the first check to the budget.

        Columns: updates, left, low, high: the share from there on, with its interval of 95 % by the logarithm of its
        negative logarithm (Kalbfleisch and Prentice), which has no width where no run or every one is solved.
        """
        solved = np.isfinite(self.solved_at)
        at = np.where(solved, self.solved_at, self.budget)
        share = stats.ecdf(stats.CensoredData.right_censored(at, ~solved)).sf
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # the interval is undefined at 0 and 1
            interval = share.confidence_interval(LEVEL, method="log-log")
        found = pd.DataFrame(
            {
                "updates": share.quantiles,
                "left": share.probabilities,
                "low": interval.low.probabilities,
                "high": interval.high.probabilities,
            }
        )
        start = pd.DataFrame([{"updates": float(self.first_check), "left": 1.0, "low": 1.0, "high": 1.0}])
        found = pd.concat([start, found], ignore_index=True)
        return found.assign(low=found.low.fillna(found.left), high=found.high.fillna(found.left))


@dataclass(frozen=True)
class Comparison:
    """Two cells' defaults on a task at a length.

    Attributes
    ----------
    found
        The estimate is the probability that the first is solved before the second, ties counted half.
    corrected
        Two-sided p of the log-rank test, corrected for the number of comparisons of the report.
    """

    task: str
    length: int
    first: str
    second: str
    found: Finding
    corrected: float

    @property
    def side(self) -> int:
        """1 where the first is solved earlier, −1 where later, 0 where no difference is seen."""
        if self.corrected >= ALPHA:
            return 0
        return 1 if self.found.above < self.found.below else -1


@cache
def times(inputs: Inputs, setting: Setting) -> Times | None:
    """Return when a setting's runs were solved; None where it was not trained or its task has no criterion."""
    runs = inputs.runs_of(setting)
    if runs.empty or not inputs.solved_below(setting.task):
        return None
    configured = inputs.provenance["configuration"]["tasks"][setting.task]
    return Times(
        runs.sort_values("seed").steps.astype(float).where(runs.solved.eq(True), np.inf).to_numpy(),
        configured["steps"] * VARIANTS[setting.variant].budget,
        configured["log_every"],
    )


def judged(inputs: Inputs) -> list[tuple[str, int]]:
    """Return every task that has a criterion, with each of its lengths."""
    return [(task, n) for task in inputs.tasks if inputs.solved_below(task) for n in inputs.lengths(task)]


def compared(inputs: Inputs, task: str, length: int) -> dict[tuple[str, str], Times]:
    """Return when the cells' defaults, and those with as many parameters as an LSTM, were solved."""
    wanted = [model for model in inputs.models_at(task, length) if model[1] in (DEFAULT, MATCHED)]
    found = {model: times(inputs, Setting(task, *model, length)) for model in wanted}
    return {model: of_model for model, of_model in found.items() if of_model is not None}


def telling(inputs: Inputs) -> list[tuple[str, int]]:
    """Return where curves say something: something was solved, and not everything at the first check."""
    return [
        where
        for where in judged(inputs)
        if (at := [of.solved_at for of in compared(inputs, *where).values()])
        and np.isfinite(np.concatenate(at)).any()
        and any((of.solved_at > of.first_check).any() for of in compared(inputs, *where).values())
    ]


@cache
def comparisons(inputs: Inputs) -> tuple[Comparison, ...]:
    """Return the log-rank test of every two cells' defaults on every task with a criterion, at each length.

    Left out are two of which all runs were solved at the same check, or none was: they leave nothing to test.
    """
    found: dict[tuple[str, int, str, str], Finding] = {}
    for task, length in judged(inputs):
        of_cell = {cell: times(inputs, Setting(task, cell, DEFAULT, length)) for cell in inputs.cells}
        for second, first in combinations([cell for cell, of in of_cell.items() if of is not None], 2):
            both = np.stack([of_cell[first].solved_at, of_cell[second].solved_at])
            if len(np.unique(both)) > 1:
                named = (task, length, first, second)
                found[named] = inference.logrank(both, inference.NULL["logrank"], stream("survival", *named))
    corrected = holm({"/".join(map(str, named)): one.p for named, one in found.items()})
    return tuple(Comparison(*named, one, corrected["/".join(map(str, named))]) for named, one in found.items())
