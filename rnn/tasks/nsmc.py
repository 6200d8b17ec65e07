"""Sentiment of Korean film reviews, their last T jamo.

The Naver Sentiment Movie Corpus (Park 2015): short reviews, of ratings 1 to 4 or 9 and 10 of ten, as sequences of the
letters of their syllables. The official test file makes the test set; validation is drawn from the training file.
"""

import unicodedata
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from rnn.errors import DataError
from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.characters import encode, symbol_name, vocabulary
from rnn.tasks.data import Data, Split
from rnn.tasks.files import original_file
from rnn.tasks.film_reviews import CLASSES, UNKNOWN
from rnn.tasks.jamo import decompose
from rnn.tasks.sentiment import DIMENSION, Classical, Encoded, sentiment_data

TRAIN_FILE, TEST_FILE = "ratings_train.txt", "ratings_test.txt"
HEADER = "id\tdocument\tlabel"
VALID, TEST = 2000, 5000  # reviews that are drawn for validation, and of the test file for testing
LEARNED = 20_000  # training reviews that the classical baseline is fitted on, at most
RARE = 100  # a symbol that occurs less often in training is unknown


@dataclass(frozen=True)
class Reviews:
    """N texts with their classes (N,)."""

    texts: list[str]
    labels: NDArray[np.int32]

    def take(self, index: NDArray[np.intp]) -> "Reviews":
        """Return some of the reviews."""
        return Reviews([self.texts[i] for i in index], self.labels[index])

    def without(self, texts: set[str]) -> "Reviews":
        """Return the reviews whose text is none of these."""
        return self.take(np.flatnonzero([text not in texts for text in self.texts]))


class Nsmc(Task):
    """The last T jamo of each review; the same splits at every T."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Split the reviews, cut them, and score the baselines on what is left."""
        from rnn.tasks.baselines import bag_of_ngrams  # slow to import, and needed only here

        contents = {name: original_file(self.folder, name) for name in (TRAIN_FILE, TEST_FILE)}
        official = {name: read(content, name) for name, content in contents.items()}
        filled = {name: reviews.without({""}) for name, reviews in official.items()}
        parts = draw_split(filled[TRAIN_FILE], filled[TEST_FILE], stream("splits", experiment_seed, self.name))
        tails = {name: [decompose(text)[-length:] for text in reviews.texts] for name, reviews in parts.items()}
        symbols = vocabulary(tails["train"], RARE)
        splits = {name: as_split(tails[name], parts[name].labels, symbols, length) for name in parts}
        error, strength = bag_of_ngrams(
            {
                name: [unicodedata.normalize("NFC", tail) for tail in of_part[:LEARNED]]
                for name, of_part in tails.items()
            },
            {name: reviews.labels[:LEARNED] for name, reviews in parts.items()},
        )
        learned = min(LEARNED, len(parts["train"].texts))
        found = Encoded(
            [*map(symbol_name, symbols), UNKNOWN],
            splits,
            f"{len(symbols)} symbols and one for all that occur less than {RARE} times in training, each a trained "
            f"vector of {DIMENSION} values",
        )
        empty = sum(len(official[name].texts) - len(filled[name].texts) for name in official)
        twice = len(filled[TRAIN_FILE].texts) - len(parts["train"].texts) - len(parts["valid"].texts)
        card = {
            "source": f"{sum(len(reviews.texts) for reviews in official.values()):,} reviews of films on Naver: Naver "
            "Sentiment Movie Corpus (Park 2015), GitHub repository e9t/nsmc",
            "licence": "CC0 1.0, as the readme of the repository states",
            "files": {name: sha256(content).hexdigest() for name, content in contents.items()},
            "input": f"the last {length} jamo and other signs of a review, its syllables decomposed by Unicode NFD, "
            f"blanks in a row one blank; {found.words}",
            "target": "whether the review is negative or positive, after the last jamo",
            "example": f"“{parts['test'].texts[0]}” is {CLASSES[parts['test'].labels[0]]}",
            "notes": f"the official split, of which {len(parts['test'].texts):,} reviews of the test file are drawn "
            f"for testing and {len(parts['valid'].texts):,} of the training file for validation; {empty} empty reviews "
            f"are left out, and {twice} of the training file whose text stands in the test file or in validation",
        }
        classical = Classical(
            "bag of syllables",
            error,
            "the bag of syllables is a logistic regression on which syllables, and pairs of neighbours, occur in the "
            f"same part of a review, fitted on {learned:,} training reviews, its strength (C = {strength:g}) chosen on "
            "validation",
        )
        return sentiment_data(self, length, found, splits, card, printable=True, classical=classical)


def read(content: bytes, name: str) -> Reviews:
    """Return the reviews of a file, blanks in a row as one; a text may be empty.

    Raises
    ------
    DataError
        The content is not a table of this kind.
    """
    try:
        header, *lines = content.decode("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is not the UTF-8 text that was expected ({error}): download it again.") from error
    rows = [line.removesuffix("\r").split("\t") for line in lines]
    whole = all(len(row) >= 3 and row[-1] in ("0", "1") for row in rows)
    if header.removesuffix("\r") != HEADER or not rows or not whole:
        raise DataError(f"{name} does not hold the columns id, document and label (0 or 1): download it again.")
    texts = [" ".join(unicodedata.normalize("NFC", " ".join(row[1:-1])).split()) for row in rows]
    return Reviews(texts, np.array([row[-1] == "1" for row in rows], np.int32))


def draw_split(train: Reviews, test: Reviews, rng: np.random.Generator) -> dict[str, Reviews]:
    """Draw the reviews of each split, in a random order, so that no text stands in two of them."""
    rest = train.without(set(test.texts))
    order = rng.permutation(len(rest.texts))
    valid = rest.take(order[:VALID])
    return {
        "train": rest.take(order[VALID:]).without(set(valid.texts)),
        "valid": valid,
        "test": test.take(rng.permutation(len(test.texts))[:TEST]),
    }


def as_split(texts: list[str], labels: NDArray[np.int32], symbols: str, length: int) -> Split:
    """Return texts of at most ``length`` characters as symbols: x (N, T), filled up with 0 behind each."""
    codes, n = encode("".join(texts), symbols), np.array([len(text) for text in texts])
    x = np.zeros((len(texts), length), codes.dtype)
    x[np.arange(length) < n[:, None]] = codes
    return Split(x, labels, n)


NSMC = Nsmc(
    name="nsmc",
    title="Sentiment of Korean film reviews, their last T jamo",
    family="text sentiment",
    form="many-to-one",
    metric="error rate",
    unit="",
    min_length=2,
    max_length=400,
    originals=(TRAIN_FILE, TEST_FILE),
)
