"""What the tasks on sentiment share: from a corpus to splits of symbols, and from those to a task's data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split
from rnn.tasks.film_reviews import CLASSES, SYMBOLS, UNKNOWN, Corpus, vocabulary

DIMENSION = 16  # of the vectors of symbols
BLOCKS = "each class is cut into blocks of the file, because neighbours in it may be about one subject"


@dataclass(frozen=True)
class Encoded:
    """Texts as symbols: ``splits`` have x (N, longest), filled up with 0 behind each text, and classes y (N,)."""

    symbols: list[str]
    splits: dict[str, Split]
    words: str  # what a word is and which words have symbols, in words


@dataclass(frozen=True)
class Classical:
    """A classical baseline: its name, its test error, and in words what it is."""

    name: str
    error: float
    words: str


def encode(
    corpus: Corpus, parts: Mapping[str, NDArray[np.intp]], longest: int, first: list[str], size: int = SYMBOLS
) -> Encoded:
    """Cut texts to their last ``longest`` words and give the commonest words of training symbols, after ``first``.

    There are at most ``size`` symbols.
    """
    cut = {name: corpus.last(texts, longest) for name, texts in parts.items()}
    symbols, symbol_of, least = vocabulary(corpus, cut["train"][0], first, size)
    splits = {
        name: Split(np.where(words < 0, 0, symbol_of[words]), corpus.labels[parts[name]].astype(np.int32), n)
        for name, (words, n) in cut.items()
    }
    test = splits["test"]
    unknown = np.mean(test.x[np.arange(longest) < test.n[:, None]] == symbols.index(UNKNOWN))
    return Encoded(
        symbols,
        splits,
        "words are in lower case, marks but the apostrophe are words of their own; "
        f"a symbol for each of the {len(symbols) - 1:,} commonest words (each there {least} times or more in training) "
        f"and one for all others ({unknown:.1%} of the test words), each symbol a trained vector of {DIMENSION} values",
    )


def near_duplicates(corpus: Corpus, parts: Mapping[str, NDArray[np.intp]], run: int) -> str:
    """Say how many texts the splits leave out because they share ``run`` words in a row with another."""
    left_out = len(corpus) - sum(len(texts) for texts in parts.values())
    return (
        f"{left_out} texts in the blocks of validation and test are left out as near-duplicates, so that no two splits "
        f"share {run} words in a row"
    )


def sentiment_data(
    task: Task,
    length: int,
    encoded: Encoded,
    splits: Mapping[str, Split],
    card: dict[str, Any],
    *,
    printable: bool,
    classical: Classical | None = None,
) -> Data:
    """Score the baselines on ``splits``, complete the card and return the data.

    Training examples are ``encoded.splits["train"]``. Where the texts are not ``printable``, the data keep numbers in
    place of words. The classical baseline is a bag of words where no other is given.
    """
    test = splits["test"].y
    classical = classical or _bag_of_words(splits, len(encoded.symbols))
    shares = ", ".join(f"{np.mean(split.y):.3f} of {name}" for name, split in splits.items())
    card = {
        **card,
        "split": {name: len(split) for name, split in splits.items()},
        "metric": task.metric,
        "unit": task.unit,
        "baselines": {
            "majority class": float(np.mean(test != np.bincount(splits["train"].y).argmax())),
            classical.name: classical.error,
        },
        "trivial": "majority class",
        "classical": classical.name,
        "notes": f"positive are {shares}; {card['notes']}; {classical.words}",
    }
    return Data(
        task=task.name,
        length=length,
        inputs="embedding",
        n_inputs=len(encoded.symbols),
        n_outputs=len(CLASSES),
        loss="cross-entropy",
        at="last",
        metric_scale=1.0,
        valid=splits["valid"],
        test=splits["test"],
        train=encoded.splits["train"],
        card=card,
        scored_by="errors",
        dimension=DIMENSION,
        symbols=encoded.symbols if printable else None,
        classes=CLASSES if printable else None,
    )


def _bag_of_words(splits: Mapping[str, Split], n_symbols: int) -> Classical:
    from rnn.tasks.baselines import bag_of_words  # slow to import, and needed only here

    error, strength = bag_of_words(splits, n_symbols)
    return Classical(
        "bag of words",
        error,
        "the bag of words is a logistic regression on which of the same words occur, its strength "
        f"(C = {strength:g}) chosen on validation",
    )
