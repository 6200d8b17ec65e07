"""The next chord in Bach's chorales: which of 88 keys sound, given the chords before it.

The JSB chorales of Boulanger-Lewandowski, Bengio & Vincent (2012), a chord each quarter note, with their own split.
Chorales differ in length; each is cut into windows of at most T chords, of which the last is shorter.
"""

import json
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.errors import DataError
from rnn.losses import binary_cross_entropy
from rnn.tasks.base import Task
from rnn.tasks.data import SPLITS, Data, Split
from rnn.tasks.files import original_file

FILE = "jsb-chorales-quarter.json"
LOWEST, KEYS = 21, 88  # MIDI number of a piano's lowest key, and how many keys there are

Chorale = list[list[int]]


class Chorales(Task):
    """Windows of at most T chords of each chorale."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Cut the chorales into windows and score the baselines."""
        from rnn.tasks.baselines import next_notes  # slow to import, and needed only here

        content = original_file(self.folder, FILE)
        chorales = read(content)
        splits = {part: windows(chorales[part], length) for part in SPLITS}
        before, after = (np.concatenate(found) for found in zip(*map(pairs, chorales["train"]), strict=True))
        test_before, test_after = (np.concatenate(found) for found in zip(*map(pairs, chorales["test"]), strict=True))
        # half a chord more with and half a chord more without each note (Krichevsky & Trofimov 1981)
        share = (after.sum(axis=0, dtype=np.float64) + 0.5) / (len(after) + 1)
        chords = {part: sum(map(len, chorales[part])) for part in SPLITS}
        repeated = {part: sum(chorale in chorales["train"] for chorale in chorales[part]) for part in ("valid", "test")}
        card = {
            "source": f"{sum(map(len, chorales.values()))} four-part chorales by J. S. Bach, a chord each quarter note "
            "(Boulanger-Lewandowski, Bengio & Vincent 2012), as MIDI numbers in the GitHub repository "
            "czhuang/JSB-Chorales-dataset",
            "licence": "music in the public domain; neither the authors nor the repository state a licence of the data",
            "files": {FILE: sha256(content).hexdigest()},
            "split": {part: len(split) for part, split in splits.items()},
            "input": f"chords as {KEYS} values, 1 where a key sounds and 0 elsewhere, in windows of at most {length} "
            "chords",
            "target": "which keys sound in the next chord, at every step",
            "example": "the first test chorale begins with the MIDI numbers "
            f"{'; '.join(' '.join(map(str, chord)) for chord in chorales['test'][0][:4])}",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {
                "frequency of each note": score(np.broadcast_to(share, test_after.shape), test_after),
                "logistic regression": score(next_notes(before, after, test_before), test_after),
            },
            "trivial": "frequency of each note",
            "classical": "logistic regression",
            "notes": "the split is the authors': "
            + ", ".join(f"{len(chorales[part])} chorales of {chords[part]:,} chords for {part}" for part in SPLITS)
            + f"; {repeated['valid']} chorales of validation and {repeated['test']} of test stand in training as well; "
            "the sum over all keys is scored, as in that paper, but here the first chord of a chorale is not predicted "
            "and the state is not carried over from one window to the next; the targets are the same at every length; "
            "the logistic regression, one for each key, sees the chord before alone",
        }
        return Data(
            task=self.name,
            length=length,
            inputs="dense",
            n_inputs=KEYS,
            n_outputs=KEYS,
            loss="binary cross-entropy",
            at="every",
            metric_scale=1.0,
            valid=splits["valid"],
            test=splits["test"],
            train=splits["train"],
            card=card,
        )


def read(content: bytes) -> dict[str, list[Chorale]]:
    """Return the chorales of each split, each a list of chords, each a list of MIDI numbers.

    Raises
    ------
    DataError
        The content is not such lists, or a note is not on a piano.
    """
    try:
        found: Any = json.loads(content)
        chorales = {part: found[part] for part in SPLITS}
        notes = {
            int(note) for of_part in chorales.values() for chorale in of_part for chord in chorale for note in chord
        }
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{FILE} does not hold lists of chorales for each split ({error}): download it again."
        ) from error
    if not notes or min(notes) < LOWEST or max(notes) >= LOWEST + KEYS:
        raise DataError(f"{FILE} holds notes that no piano has, or none: download it again.")
    return chorales


def roll(chorale: Chorale) -> NDArray[np.float32]:
    """Return which keys sound in each chord, (chords, KEYS) of 0 and 1."""
    keys = np.zeros((len(chorale), KEYS), np.float32)
    for row, chord in zip(keys, chorale, strict=True):
        row[np.array(chord, np.intp) - LOWEST] = 1
    return keys


def pairs(chorale: Chorale) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return all chords but the last, and for each the next one."""
    keys = roll(chorale)
    return keys[:-1], keys[1:]


def windows(chorales: list[Chorale], length: int) -> Split:
    """Cut chorales into windows that follow one another: x and y (N, T, KEYS), zeros behind the end of each."""
    pieces = [
        (before[start : start + length], after[start : start + length])
        for before, after in map(pairs, chorales)
        for start in range(0, len(before), length)
    ]
    n = np.array([len(before) for before, _ in pieces])
    x, y = np.zeros((2, len(pieces), length, KEYS), np.float32)
    inside = np.arange(length) < n[:, None]
    x[inside] = np.concatenate([before for before, _ in pieces])
    y[inside] = np.concatenate([after for _, after in pieces])
    return Split(x, y, n)


def score(p: NDArray[np.float64], y: NDArray[np.float32]) -> float:
    """Return the mean cross-entropy of chords y (N, KEYS) under probabilities, in nats a chord."""
    each, _ = binary_cross_entropy(np.log(p) - np.log1p(-p), y, np.ones(len(y)))
    return float(np.mean(each))


JSB = Chorales(
    name="jsb",
    title="The next chord in Bach's chorales",
    family="other forms",
    form="many-to-many",
    metric="cross-entropy",
    unit="nats a chord",
    min_length=2,
    max_length=160,
    originals=(FILE,),
)
