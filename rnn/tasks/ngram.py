"""Character n-gram model with interpolated Witten-Bell smoothing (Bell, Cleary & Witten 1990; method C).

With c(h s) the number of times symbol s follows context h in training, c(h) the sum over s and d(h) the number of
different symbols seen after h,

    p(s | h) = (c(h s) + d(h) p(s | h')) / (c(h) + d(h)),

where h' is h without its oldest symbol; without any context, p(s | h') is 1 / (number of symbols). A context that was
never seen has c = d = 0 and leaves the prediction to the shorter one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class _Order:
    """Counts of all runs of k symbols; a run is an integer in base V, its last symbol the last digit."""

    runs: Codes  # sorted, each once
    counts: Codes
    contexts: Codes  # sorted, each once
    totals: Codes  # c(h)
    kinds: Codes  # d(h)

    @classmethod
    def of(cls, runs: Codes, size: int) -> _Order:
        runs, counts = np.unique(runs, return_counts=True)
        contexts, first, kinds = np.unique(runs // size, return_index=True, return_counts=True)
        return cls(runs, counts, contexts, np.add.reduceat(counts, first), kinds)


class NGram:
    """Predicts a symbol from the symbols before it, for every order from 1 (no context) to the largest at once."""

    def __init__(self, texts: Sequence[NDArray[np.integer]], size: int, order: int) -> None:
        """Count the runs of up to ``order`` symbols below ``size`` in each of the texts, none across two of them.

        At least one text has ``order`` symbols.

        Raises
        ------
        ValueError
            ``size ** order`` does not fit into 64 bits.
        """
        if size**order > np.iinfo(np.int64).max:
            raise ValueError(f"Runs of {order} of {size} symbols do not fit into 64 bits: give a smaller order.")
        self.size = size
        digits = [text.astype(np.int64) for text in texts]
        runs = [np.zeros(len(text) + 1, np.int64) for text in texts]  # of no symbols, before each place and at the end
        self._orders: list[_Order] = []
        for k in range(order):
            runs = [_longer(run, size**k, symbols) for run, symbols in zip(runs, digits, strict=True)]
            self._orders.append(_Order.of(np.concatenate(runs), size))

    def probabilities(self, x: NDArray[np.integer], y: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return the probability of each target, (order, N, T), from what its window shows.

        Parameters
        ----------
        x, y
            Symbols (N, T). The context of y[:, t] is x[:, : t + 1], or as much of its end as the order takes; where
            the window shows less than that, what it shows.
        """
        p = np.full(x.shape, 1 / self.size)
        found = np.empty((len(self._orders), *x.shape))
        context = np.zeros(x.shape, np.int64)
        for k, order in enumerate(self._orders):  # k symbols of context
            if k:
                context[:, k - 1 :] += self.size ** (k - 1) * x[:, : max(x.shape[1] - k + 1, 0)].astype(np.int64)
            shown = np.s_[:, max(k - 1, 0) :]
            h = context[shown]
            count = _look_up(order.runs, order.counts, h * self.size + y[shown])
            total = _look_up(order.contexts, order.totals, h)
            kinds = _look_up(order.contexts, order.kinds, h)
            seen = total > 0
            shorter = p[shown]
            p = p.copy()
            p[shown] = np.where(seen, (count + kinds * shorter) / np.where(seen, total + kinds, 1), shorter)
            found[k] = p
        return found

    def bits(self, x: NDArray[np.integer], y: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return the mean cross-entropy in bits a symbol, (order,)."""
        return np.asarray(-np.mean(np.log2(self.probabilities(x, y)), axis=(1, 2)))


def _longer(runs: Codes, place: int, text: Codes) -> Codes:
    """Return the runs that begin one symbol earlier; ``place`` is the value of the new first digit."""
    rest = runs[1:]
    return rest + place * text[: len(rest)]


def _look_up(keys: Codes, values: Codes, wanted: Codes) -> Codes:
    """Return the value of each wanted key, 0 where there is none."""
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0)
