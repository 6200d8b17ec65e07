"""Greedy decoding: what a network writes when it reads its own output, on some sequences of the test set."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.evaluate import shared
from rnn.gradients.attribution import SENTENCES
from rnn.gradients.samples import spread
from rnn.network import Network
from rnn.parameters import Parameters
from rnn.setup import Setup, build_network
from rnn.tasks.data import Data, Split

Array = NDArray[Any]
END = 0  # the class that ends what is written
NOTHING = -1  # stands behind the end


@dataclass(frozen=True)
class Decoded:
    """What should be written and what a network writes, one entry a sentence and position, without the ends.

    A sentence has as many positions as the longer of the two; ``target`` or ``output`` is ``NOTHING`` behind its end.
    """

    sentence: NDArray[np.int64]  # index in the test set
    position: NDArray[np.int64]  # 0-based
    target: NDArray[np.int64]  # classes
    output: NDArray[np.int64]


def decode(setup: Setup, data: Data, parameters: Sequence[dict[str, Array]]) -> list[Decoded]:
    """Decode the test sequences that are attributed, one set of parameters a seed.

    The results are empty for data whose networks never read what they wrote.
    """
    if data.feedback is None:
        none = np.empty(0, np.int64)
        return [Decoded(none, none, none, none) for _ in parameters]
    chosen = spread(data.test, SENTENCES)
    sentences, p = data.test.take(chosen), Parameters.stack(parameters, np.float32)
    targets = before_end(written_targets(sentences))
    found = []
    for output in greedy(build_network(setup, data), p.named, sentences, data.feedback):
        row, position = np.nonzero((targets != NOTHING) | (output != NOTHING))
        found.append(Decoded(chosen[row], position, targets[row, position], output[row, position]))
    return found


def greedy(network: Network, p: dict[str, Array], split: Split, feedback: Array) -> NDArray[np.int64]:
    """Return the classes that each of S seeds writes after the prompt of each sequence, the likeliest one at a time.

    The prompt ends with the first step that has a target; from then on a network reads, in place of the sequence's own
    inputs, what stands for the class that it wrote last. It writes at most as many classes as the longest sequence has
    room for.

    Returns
    -------
    (S, N, L) without the end, ``NOTHING`` from it on.
    """
    seeds, start = len(p["b_o"]), np.argmax(split.y >= 0, axis=1)
    longest = int((split.n - start).max())
    each = np.arange(len(split))
    x = np.zeros((seeds, len(split), int(start.max()) + longest, *split.x.shape[2:]), split.x.dtype)
    x[:, :, : split.x.shape[1]] = split.x[:, : x.shape[2]]
    output = np.full((seeds, len(split), longest), NOTHING, np.int64)
    last = replace(network, at="last")
    tape = network.tape(seeds, x.shape[2], len(split))
    batch = shared(Split(x[0], split.y, start), seeds)
    for position in range(longest):
        # the whole sequence anew for every class: a few short ones, and no second way to run a network
        o = last.forward(p, replace(batch, x=x, n=batch.n + position + 1), tape)
        output[:, :, position] = o.argmax(axis=-1)
        if position + 1 < longest:
            x[:, each, start + position + 1] = feedback[output[:, :, position]]
    return before_end(output)


def written_targets(split: Split) -> NDArray[np.int64]:
    """Return the targets from each sequence's first one on, (N, L), ``NOTHING`` behind its last."""
    start = np.argmax(split.y >= 0, axis=1)
    place = start[:, None] + np.arange(int((split.n - start).max()))
    kept = np.take_along_axis(split.y, np.minimum(place, split.y.shape[1] - 1), axis=1)
    return np.where(place < split.n[:, None], kept, NOTHING)


def before_end(classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return classes (..., L) with ``NOTHING`` from the first end on."""
    ended = np.logical_or.accumulate((classes == END) | (classes == NOTHING), axis=-1)
    return np.where(ended, NOTHING, classes)
