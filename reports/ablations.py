"""Remedies beside their cell's default: where they were trained, what became of their runs, and who did better.

Runs of one task, length and seed saw the same data, so a remedy and the default are compared in pairs, seed by seed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from reports.claims.inference import mcnemar, sign
from reports.claims.verdict import ALPHA
from reports.inputs import Inputs, Setting
from reports.learning import learned
from reports.names import DEFAULT
from reports.tables import RUN_COLUMNS


@dataclass(frozen=True)
class Group:
    """Remedies of one kind.

    Attributes
    ----------
    from_start
        Whether they change the network that training starts from, not training alone.
    """

    variants: tuple[str, ...]
    from_start: bool


GROUPS = {
    "clipping": Group(("clip-0", "clip-0-1"), from_start=False),
    "matrix": Group(("relu", "orthogonal", "identity", "irnn"), from_start=True),
    "bias": Group(("bias-0", "bias-2", "bias-3", "bias-4", "chrono"), from_start=True),
    "form": Group(("no-forget", "reset-before"), from_start=True),
    "truncation": Group(("truncated-20",), from_start=False),
}
# Activations and doses of the gate's bias, which experiments train for other questions too: alone they make no
# comparison of remedies.
SHARED = ("relu", "bias-0", "bias-2", "bias-3", "bias-4")
_NO_RANDOMNESS = np.random.default_rng(0)  # tests take a stream; those used here are exact and draw nothing from it


@dataclass(frozen=True)
class Pairs:
    """What pairs of a remedy and the default say.

    Attributes
    ----------
    won, lost
        Pairs in which the remedy is better, or worse; the others are ties.
    p
        Two-sided, of the exact test of equal chances among the pairs that are no ties.
    """

    n: int
    won: int
    lost: int
    p: float

    @property
    def verdict(self) -> int:
        """1 where the remedy is seen to be better, -1 where it is seen to be worse, 0 where no difference is seen."""
        return 0 if self.p >= ALPHA else (self.won > self.lost) - (self.won < self.lost)


def tasks(inputs: Inputs) -> list[str]:
    """Return the tasks on which remedies stand beside the default."""
    return [task for task in inputs.tasks if any(lengths(inputs, task, cell) for cell in inputs.cells)]


@cache
def lengths(inputs: Inputs, task: str, cell: str) -> list[int]:
    """Return the lengths of a task at which remedies of a cell stand beside its default."""
    found = []
    for length in inputs.lengths(task):
        models = inputs.models_at(task, length)
        own = [variant for of, variant in models if of == cell]
        if DEFAULT in own and any(v not in SHARED for group in GROUPS.values() for v in group.variants if v in own):
            found.append(length)
    return found


def main_length(inputs: Inputs, task: str, cell: str) -> int | None:
    """Return the length at which most remedies of a cell were trained, the greatest of several; None without any."""
    found = lengths(inputs, task, cell)
    return max(found, key=lambda length: (len(remedies(inputs, task, cell, length)), length)) if found else None


def remedies(inputs: Inputs, task: str, cell: str, length: int) -> list[str]:
    """Return the remedies of a cell on a task at a length, in the order in which they are told."""
    own = {variant for of, variant in inputs.models_at(task, length) if of == cell}
    return [variant for group in GROUPS.values() for variant in group.variants if variant in own]


def settings(inputs: Inputs, cell: str, variant: str) -> list[Setting]:
    """Return where a remedy of a cell stands beside the default."""
    return [
        Setting(task, cell, variant, length)
        for task in tasks(inputs)
        for length in lengths(inputs, task, cell)
        if variant in remedies(inputs, task, cell, length)
    ]


def every_setting(inputs: Inputs, of: Iterable[str] = GROUPS) -> list[Setting]:
    """Return where the remedies of some groups stand beside the default."""
    return [setting for group in of for variant in GROUPS[group].variants for setting in settings_of(inputs, variant)]


def settings_of(inputs: Inputs, variant: str) -> list[Setting]:
    """Return where a remedy stands beside the default, for all cells that have it."""
    return [setting for cell in inputs.cells for setting in settings(inputs, cell, variant)]


def default_of(setting: Setting) -> Setting:
    """Return the default that a remedy stands beside."""
    return replace(setting, variant=DEFAULT)


@cache
def learning_of(inputs: Inputs, one: Setting, other: Setting) -> Pairs:
    """Compare what was learned: a run that solved its task is better than one that did not, or that took longer.

    Of two runs that did not solve it, or of a task without a criterion, the one of the higher skill is better.
    """
    return _signs(*(learned(inputs.runs_of(setting).set_index("seed")) for setting in (one, other)))


def learning(inputs: Inputs, setting: Setting) -> Pairs:
    """Compare what was learned with a remedy and with the default."""
    return learning_of(inputs, setting, default_of(setting))


@cache
def horizons(inputs: Inputs, setting: Setting, phase: str) -> Pairs:
    """Compare memory horizons, a longer one being better; two censored ones are a tie."""
    return _signs(*(_reach(inputs.rates_of(of, phase)) for of in (setting, default_of(setting))))


def divergence(inputs: Inputs, setting: Setting) -> pd.DataFrame:
    """Return by seed which runs of a remedy diverged (column "remedy") and which of its default ("default")."""
    by_seed = {
        name: inputs.runs_of(of).set_index("seed").status.eq("diverged")
        for name, of in (("remedy", setting), ("default", default_of(setting)))
    }
    return pd.concat(by_seed, axis=1, join="inner")


def divergence_p(diverged: pd.DataFrame) -> float:
    """Return p of the exact McNemar test that a remedy and its default diverge alike."""
    alone = diverged.default.to_numpy(int) - diverged.remedy.to_numpy(int)
    return mcnemar(alone, 0.5, _NO_RANDOMNESS).p


def fewest_pairs() -> int:
    """Return how many pairs must point the same way, all of them, before a difference can be seen."""
    return next(n for n in range(1, 64) if 2 * 0.5**n < ALPHA)


def clipped(inputs: Inputs, found: Iterable[Setting]) -> float | None:
    """Return the share of updates in which the gradient was clipped, over all runs of some settings."""
    curves = pd.concat([inputs.curves.iloc[:0], *(inputs.curves_of(setting) for setting in found)])
    # a check stands for the updates since the one before
    updates = curves.groupby([*RUN_COLUMNS]).step.diff()
    known = curves.clipped.notna() & updates.notna()
    return float(np.average(curves.clipped[known], weights=updates[known])) if known.any() else None


def _reach(rates: pd.DataFrame) -> pd.Series:
    by_seed = rates.set_index("seed")
    return by_seed.horizon.astype(float).mask(by_seed.horizon_censored.eq(True), np.inf).dropna()


def _signs(remedy: pd.Series, default: pd.Series) -> Pairs:
    seeds = remedy.index.intersection(default.index)
    if seeds.empty:
        return Pairs(0, 0, 0, 1.0)
    one, other = remedy[seeds].to_numpy(float), default[seeds].to_numpy(float)
    signs = (one > other).astype(int) - (one < other)
    return Pairs(len(seeds), int((signs > 0).sum()), int((signs < 0).sum()), sign(signs, 0.0, _NO_RANDOMNESS).p)
