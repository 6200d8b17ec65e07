"""How much each token of a sequence matters to a prediction, by the norm of the gradient: what the seeds come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import cache

import numpy as np
import pandas as pd

from reports.inputs import Inputs, Setting
from reports.statistics import Spread, spread


def sentences(inputs: Inputs, task: str, length: int) -> list[int]:
    """Return the sequences of the test set that are stored for a task and length, in the order of the test set."""
    rows = inputs.attribution
    return sorted(set(rows[(rows.task == task) & (rows.length == length)].sentence))


def middling(inputs: Inputs, task: str, length: int) -> int:
    """Return the stored sequence whose number of tokens is nearest to their median, the first of ties."""
    rows = inputs.attribution
    sizes = rows[(rows.task == task) & (rows.length == length)].groupby("sentence").position.max() + 1
    return int((sizes - sizes.median()).abs().idxmin())


def longest_shown(inputs: Inputs, task: str, n: int) -> int | None:
    """Return the greatest length at which the sequence of middling length has at most n tokens.

    The smallest of all where it has more at each of them; None where nothing is stored.
    """
    rows = inputs.attribution[inputs.attribution.task == task]
    stored = sorted(set(rows.length))
    fitting = [
        length
        for length in stored
        if rows[(rows.length == length) & (rows.sentence == middling(inputs, task, length))].position.max() < n
    ]
    return max(fitting, default=min(stored, default=None))


def relative(inputs: Inputs, setting: Setting, sentence: int) -> pd.DataFrame:
    """Return a sequence's tokens with log10 of the gradient's norm relative to the sequence's largest.

    Returns
    -------
    Columns position, token, value: the median over seeds, each relative to its own largest; -inf where that is an
    exact zero. A seed without any gradient in this sequence is left out; no rows where all are.
    """
    rows = inputs.attribution_of(setting)
    rows = rows[rows.sentence == sentence]
    largest = rows.groupby("seed").log10_norm.transform("max")
    known = rows.assign(value=(rows.log10_norm - largest).fillna(-np.inf))[largest.notna()]
    found = [
        (position, of_position.token.iloc[0], s.median)
        for position, of_position in known.groupby("position")
        if (s := spread(of_position.value)) is not None
    ]
    return pd.DataFrame(found, columns=["position", "token", "value"])


def predictions(inputs: Inputs, setting: Setting, sentence: int) -> Counter[str]:
    """Return how many seeds predict which class for a sequence."""
    rows = inputs.attribution_of(setting)
    return Counter(rows[rows.sentence == sentence].drop_duplicates("seed").target)


def share_of_last(inputs: Inputs, setting: Setting, n: int) -> Spread | None:
    """Return which share of the sum of a sequence's norms falls on its last n tokens.

    The spread over seeds of each seed's median over sequences; None where nothing is stored. Sequences without any
    gradient are left out.
    """
    sums = _sums(inputs, setting, n)
    return spread((sums.last / (sums.before + sums.last)).groupby("seed").median())


def share_before_last(inputs: Inputs, setting: Setting, n: int, seeds: Collection[int]) -> Spread | None:
    """Return which share falls on the tokens before the last n in some seeds, exact also where it is far below one."""
    sums = _sums(inputs, setting, n)
    by_seed = (sums.before / (sums.before + sums.last)).groupby("seed").median()
    return spread(by_seed[by_seed.index.isin(list(seeds))])


def even_share_of_last(inputs: Inputs, setting: Setting, n: int) -> float:
    """Return the share of the last n tokens if all mattered the same: the median over sequences."""
    sizes = inputs.attribution_of(setting).groupby("sentence").position.max() + 1
    return float((n / sizes).clip(upper=1.0).median())


@cache
def _sums(inputs: Inputs, setting: Setting, n: int) -> pd.DataFrame:
    """Return the sums of norms before the last n tokens and over these, by seed and sentence, where there is any."""
    rows = inputs.attribution_of(setting)
    of_sequence = rows.groupby(["seed", "sentence"])
    # Relative to the largest norm, so that the sums neither overflow nor vanish.
    norm = 10.0 ** (rows.log10_norm - of_sequence.log10_norm.transform("max")).fillna(-np.inf)
    last = rows.position > of_sequence.position.transform("max") - n
    parts = pd.DataFrame({"before": norm.where(~last, 0.0), "last": norm.where(last, 0.0)})
    sums = parts.groupby([rows.seed, rows.sentence]).sum()
    return sums[sums.sum(axis=1) > 0]
