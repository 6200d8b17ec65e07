"""Japanese Vowels: which of nine men says /ae/ (Kudo, Toyama & Shimbo 1999).

An utterance is a sequence of 7 to 29 frames, one every 6.4 ms, each described by 12 cepstral coefficients of a linear
prediction; the speaker is asked for after the last frame.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split
from rnn.tasks.files import package_file

PACKAGE, FOLDER = "sktime", "datasets/data/JapaneseVowels/"
FILES = {
    "JapaneseVowels_TRAIN.ts": "68a430eabd919cc77f40b1f5f3bc0dcafacc1486bca9260785aeb7d262cc78cd",
    "JapaneseVowels_TEST.ts": "b3d41d6a0ca3bcad3afb9ca7d4365382aa51341e2e58bae2a574babdda5b9462",
}
CLASSES = [f"speaker {i}" for i in range(1, 10)]
COEFFICIENTS = 12
LONGEST = 29  # frames
VALID = 10  # of a speaker's 30 training utterances


class Speech(Task):
    """270 utterances for training and validation, 370 for the test, as published."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Read the utterances, take validation from training, standardise, score the baselines."""
        from rnn.tasks.baselines import logistic_regression  # slow to import, and needed only here

        training, test = (read_utterances(file) for file in FILES)
        parts = blocks(training.y, stream("splits", experiment_seed, self.name))
        raw = {name: training.take(part) for name, part in parts.items()} | {"test": test}
        splits = standardised(raw)
        classes = {name: split.y for name, split in splits.items()}
        error, strength = logistic_regression({name: summary(split) for name, split in splits.items()}, classes)
        counts = "; ".join(f"{', '.join(map(str, np.bincount(y)))} in {name}" for name, y in classes.items())
        card = {
            "source": "Japanese Vowels of Kudo, Toyama & Shimbo (1999), UCI Machine Learning Repository "
            "(doi 10.24432/C5NS47), as files of the sktime package",
            "licence": "the package is BSD-3-Clause; the repository asks that the data be cited",
            "files": FILES,
            "split": {name: len(split) for name, split in splits.items()},
            "input": f"{COEFFICIENTS} cepstral coefficients a frame, each with mean 0 and variance 1 over all training "
            f"frames; {min(split.n.min() for split in splits.values())} to {LONGEST} frames",
            "target": "the speaker, after the last frame",
            "example": f"{test.n[0]} frames of {CLASSES[test.y[0]]}, the first coefficient of the first is "
            f"{test.x[0, 0, 0]:.3f}",
            "metric": self.metric,
            "unit": self.unit,
            # all speakers are equally common in training: of the ties any is as good
            "baselines": {"majority class": 1 - 1 / len(CLASSES), "logistic regression": error},
            "trivial": "majority class",
            "classical": "logistic regression",
            "notes": f"the published test set; validation is a block of {VALID} of each speaker's 30 training "
            f"utterances, which follow one another; utterances of speakers 1 to 9: {counts}; the majority class is a "
            "tie, broken by chance; the logistic regression sees mean, standard deviation, first and last frame of "
            f"each coefficient, its strength (C = {strength:g}) chosen on validation",
        }
        return Data(
            task=self.name,
            length=length,
            inputs="dense",
            n_inputs=COEFFICIENTS,
            n_outputs=len(CLASSES),
            loss="cross-entropy",
            at="last",
            metric_scale=1.0,
            valid=splits["valid"],
            test=splits["test"],
            train=splits["train"],
            card=card,
            scored_by="errors",
        )


def read_utterances(file: str) -> Split:
    """Return the utterances of a file, x (N, 29, 12) with 0 behind the end, and their speakers, 0 to 8.

    A line has the coefficients one after the other, each as a list of frames, and at last the speaker from 1.
    """
    text = package_file(PACKAGE, FOLDER + file, FILES[file]).decode("ascii")
    lines = text[text.index("@data") :].splitlines()[1:]
    x = np.zeros((len(lines), LONGEST, COEFFICIENTS))
    y, n = np.zeros(len(lines), np.int32), np.zeros(len(lines), np.int64)
    for i, line in enumerate(lines):
        *coefficients, speaker = line.split(":")
        frames = np.array([row.split(",") for row in coefficients], np.float64).T
        n[i], y[i] = len(frames), int(speaker) - 1
        x[i, : n[i]] = frames
    return Split(x, y, n)


def blocks(speakers: NDArray[np.int32], rng: np.random.Generator) -> dict[str, NDArray[np.intp]]:
    """Take from each speaker's utterances a block that begins at a place that is drawn; they count as a ring.

    Utterances that follow one another were said one after the other, so they are alike.
    """
    train, valid = [], []
    for speaker in range(len(CLASSES)):
        own = np.flatnonzero(speakers == speaker)
        own = np.roll(own, -int(rng.integers(len(own))))
        valid.append(own[:VALID])
        train.append(own[VALID:])
    return {"train": np.concatenate(train), "valid": np.concatenate(valid)}


def standardised(splits: Mapping[str, Split]) -> dict[str, Split]:
    """Take the mean of the training frames from each coefficient and divide by their standard deviation; float32."""

    def frames(split: Split) -> NDArray[np.bool_]:
        return np.arange(LONGEST) < split.n[:, None]

    of_training = splits["train"].x[frames(splits["train"])]
    mean, deviation = of_training.mean(axis=0), of_training.std(axis=0)
    return {
        name: Split(
            np.where(frames(split)[..., None], (split.x - mean) / deviation, 0).astype(np.float32), split.y, split.n
        )
        for name, split in splits.items()
    }


def summary(split: Split) -> NDArray[np.float64]:
    """Return mean, standard deviation, first and last frame of each coefficient, (N, 48)."""
    return np.array(
        [
            np.concatenate((frames.mean(axis=0), frames.std(axis=0), frames[0], frames[-1]))
            for frames in (x[:n].astype(np.float64) for x, n in zip(split.x, split.n, strict=True))
        ]
    )


SPEECH = Speech(
    name="speech",
    title="Which speaker says the vowels /ae/",
    family="other forms",
    form="many-to-one",
    metric="error rate",
    unit="",
    natural_length=LONGEST,
    min_length=LONGEST,
    max_length=LONGEST,
)
