"""What was learned, ranked in one way for every run, and how it goes with the memory horizon."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from scipy import stats

from rnn.tasks import TASKS
from rnn.variants import VARIANTS

RUN = ["task", "length", "seed"]
MODEL = ["cell", "variant"]


def learned(runs: pd.DataFrame) -> pd.Series:
    """Return by what runs of one task and length rank, the higher the better; only its order means anything.

    Runs that solved their task rank by their updates, before all others, which rank by their skill.
    """
    return runs.skill.where(~runs.solved.eq(True), 1 + 1 / runs.steps)  # a skill is at most 1


def beyond_window(task: str, variant: str, length: int) -> bool | None:
    """Say whether no gradient of truncated training reaches a task's nearest evidence; None where it may be anywhere.

    A window of n steps ends at the loss, so the farthest input inside it stands n - 1 steps before.
    """
    lag = TASKS[task].required_lag(length) if task in TASKS else None
    return None if lag is None else lag >= VARIANTS[variant].window


def rank_correlations(runs: pd.DataFrame, rates: pd.DataFrame, stratum: Sequence[str]) -> pd.DataFrame:
    """Return Spearman's correlation of horizon and learning across models, within each stratum and seed.

    Parameters
    ----------
    rates
        Horizons in one phase.

    Returns
    -------
    Columns: the stratum's, seed, rho. A stratum in which either is the same for all models of a seed says nothing and
    is left out.
    """
    found = runs.set_index([*RUN, *MODEL])
    horizon = rates.set_index([*RUN, *MODEL]).horizon
    both = pd.DataFrame({"learned": learned(found), "horizon": horizon}).dropna().reset_index()
    rows = [
        (*named, float(stats.spearmanr(of.horizon, of.learned).statistic))
        for named, of in both.groupby([*stratum, "seed"], sort=True)
        if of.horizon.nunique() > 1 and of.learned.nunique() > 1
    ]
    return pd.DataFrame(rows, columns=[*stratum, "seed", "rho"])
