"""Scores of a stack of seeds on a split, in the memory of one batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.losses import wrong
from rnn.network import Batch, Network, in_turn, part_of
from rnn.parameters import Parameters
from rnn.tape import Tape
from rnn.tasks.data import Split

Array = NDArray[Any]


@dataclass(frozen=True)
class Scores:
    """Means of each seed, (S,): over sequences, or over all their steps."""

    loss: NDArray[np.float64]
    score: NDArray[np.float64]  # the loss again, or the share of wrong classes


def join(splits: Sequence[Split]) -> Batch:
    """Join one split a seed into a batch (S, B, ...)."""
    splits = [split.longest_first() for split in splits]
    return Batch(np.stack([s.x for s in splits]), np.stack([s.y for s in splits]), np.stack([s.n for s in splits]))


def shared(split: Split, seeds: int) -> Batch:
    """Show the same split to every seed."""
    return Batch(*(np.broadcast_to(a, (seeds, *a.shape)) for a in (split.x, split.y, split.n)))


def evaluate(network: Network, p: Parameters, split: Split, tape: Tape, scored_by: str = "loss") -> Scores:
    """Return each seed's loss and score on a split.

    The split is run in chunks of the tape's batch; the last chunk is filled up with its own last sequence, which then
    counts nothing. Seeds are taken in turn where the tape holds fewer.

    Parameters
    ----------
    scored_by
        "loss" or "errors", as the data have it.
    """
    split = split.longest_first()
    found = []
    for part in in_turn(len(p.flat), tape):
        found.append(_evaluate(network, part_of(p.named, part), split, tape.first(part.stop - part.start), scored_by))
    return Scores(*(np.concatenate(values) for values in zip(*found, strict=True)))


def _evaluate(
    network: Network, p: dict[str, Array], split: Split, tape: Tape, scored_by: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    seeds, size = tape.n.shape
    loss, errors, count = np.zeros(seeds), np.zeros(seeds), 0
    for start in range(0, len(split), size):
        index = np.arange(start, min(start + size, len(split)))
        batch = shared(split.take(np.concatenate((index, np.full(size - len(index), index[-1])))), seeds)
        o = network.forward(p, batch, tape)
        each, w, _ = network.losses(batch, o)
        counted = (w > 0) & (np.arange(size) < len(index))  # sequences are the last axis
        loss += _total(each, counted)
        if scored_by == "errors":
            errors += _total(wrong(o, network.targets(batch)), counted)
        count += int(np.count_nonzero(counted[0]))
    return loss / count, (errors if scored_by == "errors" else loss) / count


def _total(each: Array, counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    kept = np.where(counted, each, 0)
    return np.asarray(np.add.reduce(kept.reshape(len(kept), -1), axis=1, dtype=np.float64))
