"""Scores of a stack of seeds on a split, in the memory of one batch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.network import Batch, Network
from rnn.parameters import Parameters
from rnn.tape import Tape
from rnn.tasks.data import Split

Array = NDArray[Any]


def join(splits: Sequence[Split]) -> Batch:
    """Join one split a seed into a batch (S, B, ...)."""
    return Batch(np.stack([s.x for s in splits]), np.stack([s.y for s in splits]), np.stack([s.n for s in splits]))


def shared(split: Split, seeds: int) -> Batch:
    """Show the same split to every seed."""
    return Batch(*(np.broadcast_to(a, (seeds, *a.shape)) for a in (split.x, split.y, split.n)))


def evaluate(network: Network, p: Parameters, split: Split, tape: Tape) -> NDArray[np.float64]:
    """Return each seed's mean loss over a split, (S,): over sequences, or over all their steps.

    The split is run in chunks of the tape's batch; the last chunk is filled up with its own first sequence, which then
    counts nothing.
    """
    size, seeds = tape.n.shape[1], len(p.flat)
    total, count = np.zeros(seeds), 0
    for start in range(0, len(split), size):
        index = np.arange(start, min(start + size, len(split)))
        chunk = split.take(np.concatenate((index, np.full(size - len(index), start))))
        batch = shared(chunk, seeds)
        each, w, _ = network.losses(batch, network.forward(p.named, batch, tape))
        each, counted = each[..., : len(index)], w[..., : len(index)] > 0  # sequences are the last axis
        total += np.add.reduce(np.where(counted, each, 0).reshape(seeds, -1), axis=1, dtype=np.float64)
        count += int(counted[0].sum())
    return total / count
