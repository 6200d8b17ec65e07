"""Korean number words to English ones, character by character: one network reads, then writes.

A sequence is the Hangul syllables of a number, a sign to start, then the letters of its English words. From the start
sign on each step predicts the next letter, at last the end; in training the right letters are fed back (teacher
forcing), later those that the network wrote.

Cho et al. (2014) and Sutskever, Vinyals & Le (2014) give encoder and decoder weights of their own. Here both are one
cell with shared recurrent weights, so that a gradient passes the same W_hh at every lag; the inputs tell the two
apart, since syllables, start sign and fed back letters are different symbols. The decoder sees the source through the
state alone.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split
from rnn.tasks.numerals import KOREAN, LARGEST, english, korean
from rnn.tasks.phrases import PhraseTable

SMALL = 100  # all numbers below are training examples
VALID, TEST = 500, 1000
LETTERS = " -adefghilnorstuvwxyz"
START, END = "start", "end"
SYMBOLS = [*KOREAN, START, *LETTERS]  # of the inputs
CLASSES = [END, *LETTERS]
# What is read after each class; nothing is read after the end, so the start sign only holds its place.
FEEDBACK = np.array([SYMBOLS.index(START), *(SYMBOLS.index(letter) for letter in LETTERS)], np.int32)
IGNORED = -1  # target of steps that only read
N_STEPS = max(len(korean(number)) + 1 + len(english(number)) for number in range(LARGEST + 1))


class Translate(Task):
    """All numbers up to 9999, each in one split."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Split the numbers, write them as sequences, score the baselines."""
        numbers = split_numbers(stream("splits", experiment_seed, self.name))
        splits = {name: sequences(of_split) for name, of_split in numbers.items()}
        table = PhraseTable({korean(number): english(number) for number in numbers["train"].tolist()})
        test = numbers["test"].tolist()
        answers = [table.translate(korean(number)) for number in test]
        wrong = sum(answer != english(number) for answer, number in zip(answers, test, strict=True))
        card = {
            "source": "generated: Sino-Korean and American English number words from 0 to 9999, a rule for each",
            "licence": "none needed",
            "files": {},
            "split": {name: len(split) for name, split in splits.items()},
            "input": f"one-hot symbols: {len(KOREAN)} Hangul syllables, a sign to start, then the letters written so "
            f"far ({len(LETTERS)}, with blank and hyphen)",
            "target": "from the start sign on the next letter, at last the end; while it reads, nothing is asked",
            "example": f"{korean(test[0])} -> {english(test[0])}",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {"one translation for all": 1.0, "phrase table": wrong / len(test)},
            "trivial": "one translation for all",
            "classical": "phrase table",
            "notes": f"all numbers below {SMALL} are training examples, the others are split at random; no number is "
            f"in two splits, so one of training for all is never right; {balance(numbers)}; 일 (one) is left out "
            "before 십, 백 and 천; English without “and”; encoder and decoder are one cell with shared weights (others "
            "give each its own); the phrase table joins the longest known beginning and a phrase seen after its last "
            f"syllable: it has no answer to {answers.count(None)} of {len(test)} test numbers; "
            f"solved below {self.solved_below} on validation",
        }
        return Data(
            task=self.name,
            length=length,
            inputs="one-hot",
            n_inputs=len(SYMBOLS),
            n_outputs=len(CLASSES),
            loss="cross-entropy",
            at="every",
            metric_scale=1.0,
            valid=splits["valid"],
            test=splits["test"],
            train=splits["train"],
            card=card,
            scored_by="sequences",
            symbols=SYMBOLS,
            classes=CLASSES,
            feedback=FEEDBACK,
        )


def split_numbers(rng: np.random.Generator) -> dict[str, NDArray[np.int64]]:
    """Return which numbers are in each split; the small ones are all in training."""
    drawn = SMALL + rng.permutation(LARGEST + 1 - SMALL)
    test, valid, rest = np.split(drawn, [TEST, TEST + VALID])
    return {"train": np.concatenate((np.arange(SMALL), rest)), "valid": valid, "test": test}


def sequences(numbers: Sequence[int] | NDArray[np.int64]) -> Split:
    """Return numbers as sequences to read and write.

    Returns
    -------
    x and y (N, T) as indices of ``SYMBOLS`` and ``CLASSES``, T the steps of the longest of all numbers. For a source of
    s syllables and a target of k letters n = s + 1 + k; y[:s] is ``IGNORED``, x[s] the start sign, x[s + 1 + j] what
    stands for y[s + j]. Padding holds 0.
    """
    x, y = (np.zeros((len(numbers), N_STEPS), np.int32) for _ in range(2))
    n = np.zeros(len(numbers), np.int64)
    for i, number in enumerate(numbers):
        source = [SYMBOLS.index(syllable) for syllable in korean(int(number))]
        target = [CLASSES.index(letter) for letter in english(int(number))]
        s, n[i] = len(source), len(source) + 1 + len(target)
        x[i, : n[i]] = [*source, SYMBOLS.index(START), *FEEDBACK[target]]
        y[i, : n[i]] = [*[IGNORED] * s, *target, CLASSES.index(END)]
    return Split(x, y, n)


def balance(numbers: Mapping[str, NDArray[np.int64]]) -> str:
    """Say how many numbers of each split have one to four digits."""
    counts = {name: np.bincount([len(str(number)) for number in split])[1:] for name, split in numbers.items()}
    return "numbers of 1, 2, 3 and 4 digits: " + ", ".join(
        f"{' + '.join(map(str, count))} in {name}" for name, count in counts.items()
    )


TRANSLATE = Translate(
    name="translate",
    title="Korean number words to English",
    family="other forms",
    form="many-to-many",
    metric="share of translations not right in every letter",
    unit="",
    natural_length=N_STEPS,
    min_length=N_STEPS,
    max_length=N_STEPS,
    solved_below=0.01,
)
