"""The image of a digit to the letters of its name: "zero" .. "nine", one input and many outputs.

As in Karpathy & Fei-Fei (2015, section 3.2) the image enters at the first step only. There the first letter is asked
for, then the next letter at each step, at last the end; in training the right letters are fed back (teacher forcing),
later those that the network wrote.
"""

import csv
import gzip
import io

import numpy as np
from numpy.typing import NDArray

from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split
from rnn.tasks.files import package_file
from rnn.tasks.numerals import DIGITS

PACKAGE, FILE = "sklearn", "datasets/data/digits.csv.gz"
SHA256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"
PIXELS, BRIGHTEST = 64, 16
VALID, TEST = 0.15, 0.25  # of each digit's images

END = "end"
LETTERS = sorted(set("".join(DIGITS)))
CLASSES = [END, *LETTERS]
# What is read after each class, (K, D): no pixels and the letter's unit vector; after the end nothing.
FEEDBACK = np.concatenate(
    (np.zeros((len(CLASSES), PIXELS)), np.eye(len(CLASSES), len(LETTERS), k=-1)), axis=1, dtype=np.float32
)
N_STEPS = max(map(len, DIGITS)) + 1


class Caption(Task):
    """1,797 images of 8 by 8 pixels."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Read and split the images, write their names as sequences, score the baselines."""
        from rnn.tasks.baselines import logistic_regression  # slow to import, and needed only here

        images, digits = read_digits()
        parts = stratified(digits, stream("splits", experiment_seed, self.name))
        splits = {name: sequences(images[part], digits[part]) for name, part in parts.items()}
        of = {name: digits[part] for name, part in parts.items()}
        named_wrong, strength = logistic_regression({name: images[part] for name, part in parts.items()}, of)
        commonest = np.bincount(of["train"]).argmax()
        counts = "; ".join(f"{', '.join(map(str, np.bincount(of[name])))} in {name}" for name in parts)
        card = {
            "source": "digits of 13 writers: the test part (1,797 images) of Optical Recognition of Handwritten Digits "
            "by Alpaydin & Kaynak (1998), UCI Machine Learning Repository (doi 10.24432/C50P49); file digits.csv.gz of "
            "the scikit-learn package",
            "licence": "the package is BSD-3-Clause; the repository asks that the data be cited",
            "files": {FILE: SHA256},
            "split": {name: len(split) for name, split in splits.items()},
            "input": "8 by 8 pixels from 0 to 1 at the first step alone, then unit vectors of the letters so far",
            "target": "at the first step the first letter of the digit's name, then the next ones, at last the end",
            "example": f"an image of {of['test'][0]} -> {DIGITS[of['test'][0]]}",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {
                "commonest word": float(np.mean(of["test"] != commonest)),
                "logistic regression": named_wrong,
            },
            "trivial": "commonest word",
            "classical": "logistic regression",
            "notes": f"split at random, digit by digit: images of 0 to 9 are {counts}; the same writers stand in all "
            f"splits; the commonest word of training is {DIGITS[commonest]}; the logistic regression names the digit "
            f"from its pixels, whose word then is looked up, its strength (C = {strength:g}) chosen on validation; "
            f"solved below {self.solved_below} on validation",
        }
        return Data(
            task=self.name,
            length=length,
            inputs="dense",
            n_inputs=PIXELS + len(LETTERS),
            n_outputs=len(CLASSES),
            loss="cross-entropy",
            at="every",
            metric_scale=1.0,
            valid=splits["valid"],
            test=splits["test"],
            train=splits["train"],
            card=card,
            scored_by="sequences",
            classes=CLASSES,
            feedback=FEEDBACK,
        )


def read_digits() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return pixels from 0 to 1, (N, 64) row by row, and which digits they show, (N,)."""
    text = gzip.decompress(package_file(PACKAGE, FILE, SHA256)).decode("ascii")
    rows = np.array(list(csv.reader(io.StringIO(text))), np.float32)
    return (rows[:, :PIXELS] / BRIGHTEST).astype(np.float32), rows[:, PIXELS].astype(np.int64)


def stratified(digits: NDArray[np.int64], rng: np.random.Generator) -> dict[str, NDArray[np.intp]]:
    """Return which images are in each split: of each digit the same shares, in random order."""
    parts: dict[str, list[NDArray[np.intp]]] = {"train": [], "valid": [], "test": []}
    for digit in range(len(DIGITS)):
        drawn = rng.permutation(np.flatnonzero(digits == digit))
        ends = round(TEST * len(drawn)), round((TEST + VALID) * len(drawn))
        for name, part in zip(("test", "valid", "train"), np.split(drawn, ends), strict=True):
            parts[name].append(part)
    return {name: rng.permutation(np.concatenate(part)) for name, part in parts.items()}


def sequences(images: NDArray[np.float32], digits: NDArray[np.int64]) -> Split:
    """Return images (N, 64) and their digits as sequences to write.

    Returns
    -------
    x (N, T, 64 + letters) with the image at the first step and at each later one what stands for the letter before;
    y (N, T) as indices of ``CLASSES``; n the letters of the name and its end. Padding holds 0.
    """
    words = [[CLASSES.index(letter) for letter in word] for word in DIGITS]
    y = np.zeros((len(digits), N_STEPS), np.int32)
    x = np.zeros((len(digits), N_STEPS, PIXELS + len(LETTERS)), np.float32)
    x[:, 0, :PIXELS] = images
    for i, digit in enumerate(digits):
        word = words[digit]
        y[i, : len(word)] = word
        x[i, 1 : len(word) + 1] = FEEDBACK[word]
    return Split(x, y, np.array([len(words[digit]) + 1 for digit in digits]))


CAPTION = Caption(
    name="caption",
    title="A digit's image to the letters of its name",
    family="other forms",
    form="one-to-many",
    metric="share of words not spelled right",
    unit="",
    natural_length=N_STEPS,
    min_length=N_STEPS,
    max_length=N_STEPS,
    solved_below=0.02,
)
