"""Scores of a stack of seeds on a split, in the memory of one batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.network import Batch, Network, in_turn, part_of
from rnn.parameters import Parameters
from rnn.scores import SCORES, beyond, illegal, in_sequences, wrong
from rnn.tape import Tape
from rnn.tasks.data import Split

Array = NDArray[Any]


@dataclass(frozen=True)
class Scores:
    """Means of each seed, (S,): over sequences, or over all their steps that have a target."""

    loss: NDArray[np.float64]
    score: NDArray[np.float64]  # the loss again, or the share of mistakes
    symbol_errors: NDArray[np.float64] | None  # share of wrong classes, where whole sequences are scored; else None


def join(splits: Sequence[Split]) -> Batch:
    """Join one split a seed into a batch (S, B, ...)."""
    splits = [split.longest_first() for split in splits]
    return Batch(np.stack([s.x for s in splits]), np.stack([s.y for s in splits]), np.stack([s.n for s in splits]))


def shared(split: Split, seeds: int) -> Batch:
    """Show the same split to every seed."""
    return Batch(*(np.broadcast_to(a, (seeds, *a.shape)) for a in (split.x, split.y, split.n)))


def evaluate(
    network: Network, p: Parameters, split: Split, tape: Tape, scored_by: str = "loss", tolerance: float = 0.0
) -> Scores:
    """Return each seed's loss and score on a split.

    The split is run in chunks of the tape's batch; the last chunk is filled up with its own last sequence, which then
    counts nothing. Seeds are taken in turn where the tape holds fewer. Outputs written one after the other, each read
    at the next step, are right as a whole if and only if each is right after the right ones before it; so the score of
    "sequences", for which the targets are read, is 1 less the exact match of greedy decoding.

    Parameters
    ----------
    scored_by, tolerance
        One of ``rnn.scores.SCORES`` and what it allows, as the data have them.

    Raises
    ------
    ValueError
        There is no such score, or the split lacks what it takes.
    """
    if scored_by not in SCORES:
        raise ValueError(f"There is no score {scored_by!r}, only {', '.join(SCORES)}.")
    split = split.longest_first()
    found = []
    for part in in_turn(len(p.flat), tape):
        own = tape.first(part.stop - part.start)
        found.append(_evaluate(network, part_of(p.named, part), split, own, scored_by, tolerance))
    loss, score, errors = (np.concatenate(values) for values in zip(*found, strict=True))
    return Scores(loss, score, errors if scored_by == "sequences" else None)


def _evaluate(
    network: Network, p: dict[str, Array], split: Split, tape: Tape, scored_by: str, tolerance: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    seeds, size = tape.n.shape
    loss, errors, sequences, count = np.zeros(seeds), np.zeros(seeds), np.zeros(seeds), 0
    for start in range(0, len(split), size):
        index = np.arange(start, min(start + size, len(split)))
        chunk = split.take(np.concatenate((index, np.full(size - len(index), index[-1]))))
        batch = shared(chunk, seeds)
        o = network.forward(p, batch, tape)
        each, w, _ = network.losses(batch, o)
        counted = (w > 0) & (np.arange(size) < len(index))  # sequences are the last axis
        loss += _total(each, counted)
        if scored_by != "loss":
            mistakes = _mistakes(o, network.targets(batch), chunk, scored_by, tolerance)
            errors += _total(mistakes, counted)
            sequences += _total(in_sequences(mistakes, counted), np.arange(size) < len(index))
        count += int(np.count_nonzero(counted[0]))
    loss, errors, sequences = loss / count, errors / count, sequences / len(split)
    return loss, {"loss": loss, "errors": errors}.get(scored_by, sequences), errors


def _mistakes(o: Array, y: Array, chunk: Split, scored_by: str, tolerance: float) -> NDArray[np.bool_]:
    if scored_by == "beyond":
        return beyond(o, y, tolerance)
    if scored_by == "illegal":
        if chunk.legal is None:
            raise ValueError("These sequences do not say which classes are legal, by which they are to be scored.")
        return illegal(o, chunk.legal.swapaxes(0, 1))
    return wrong(o, y)


def _total(each: Array, counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    kept = np.where(counted, each, 0)
    return np.asarray(np.add.reduce(kept.reshape(len(kept), -1), axis=1, dtype=np.float64))
