"""The lecture's example as a task: read h, e, l, l and say e, l, l, o.

There is one sequence, so training, validation and test are the same: the task asks whether it can be learned by
heart. The last two inputs are the same symbol with different targets, which no memoryless predictor can give.
"""

import math

import numpy as np

from rnn.lecture import INPUTS, SYMBOLS, TARGETS
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split


class Hello(Task):
    """One sequence of four symbols."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Return the sequence as every split."""
        x = np.array([[SYMBOLS.index(s) for s in INPUTS]], np.int32)
        y = np.array([[SYMBOLS.index(s) for s in TARGETS]], np.int32)
        split = Split(x, y, np.array([length]))
        counts = np.bincount(y[0])
        frequency = counts[counts > 0] / length
        unigram = -float(np.sum(frequency * np.log(frequency)))
        # after l stand l and o, each once: two of four steps cost ln 2
        bigram = 2 * math.log(2) / length
        card = {
            "source": "the lecture's worked example",
            "licence": "none needed",
            "files": {},
            "split": {"train": 1, "valid": 1, "test": 1},
            "input": f"one-hot symbols of {', '.join(SYMBOLS)}",
            "target": "the next symbol, at every step",
            "example": f"{INPUTS} -> {TARGETS}",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {"symbol frequencies": unigram, "previous symbol": bigram},
            "trivial": "symbol frequencies",
            "classical": "previous symbol",
            "notes": "one sequence, the same in every split: learning by heart, not generalisation",
        }
        return Data(
            task=self.name,
            length=length,
            inputs="one-hot",
            n_inputs=len(SYMBOLS),
            n_outputs=len(SYMBOLS),
            loss="cross-entropy",
            at="every",
            metric_scale=1.0,
            valid=split,
            test=split,
            train=split,
            card=card,
        )


HELLO = Hello(
    name="hello",
    title='"hello", the lecture\'s example',
    family="character sequences",
    form="many-to-many",
    metric="cross-entropy",
    unit="nats a symbol",
    natural_length=len(INPUTS),
    min_length=len(INPUTS),
    max_length=len(INPUTS),
    solved_below=0.05,
)
