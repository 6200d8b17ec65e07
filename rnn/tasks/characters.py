"""What the tasks on the next character share: a split by whole texts, symbols, windows of T characters and their data.

Every window starts from a zero state. The validation and test windows are cut from the same stretches of text at every
T: what they ask for is the same, and only what the windows show of the text before it differs.
"""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.tasks import jamo
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split
from rnn.tasks.ngram import NGram

STRETCH = 400  # characters; T = 10, 20, 40 and 80 divide it, and other round numbers
RARE = 10  # a symbol that occurs less often in the training texts is unknown
DIMENSION = 16  # of a symbol's vector
LARGEST_ORDER = 8  # of the n-gram models, of which validation chooses one
NAMES = {"\n": "¶", " ": "·"}  # of symbols that leave no mark on paper, by signs that all fonts have

Text = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True)
class Windowed:
    """Texts cut into windows: ``splits`` have x and y (N, T); ``bits`` are the test scores of all n-gram models."""

    symbols: str
    splits: dict[str, Split]
    bits: NDArray[np.float64]  # by order, from 1
    order: int  # of the n-gram model that is best on validation
    trained: int  # characters of the training texts

    @property
    def example(self) -> str:
        """What the first test window begins with, in words."""
        shown = "".join((self.symbols + "?")[code] for code in self.splits["test"].x[0, :60])
        return f"the first test window begins: {unicodedata.normalize('NFC', shown)}".replace("\n", NAMES["\n"])

    def data(self, task: Task, length: int, card: dict[str, Any]) -> Data:
        """Complete the card and return the data."""
        names = [*map(symbol_name, self.symbols), "unknown"]
        card = {
            **card,
            "split": {part: len(split) for part, split in self.splits.items()},
            "example": self.example,
            "metric": task.metric,
            "unit": task.unit,
            "baselines": {"unigram": float(self.bits[0]), "n-gram": float(self.bits[self.order - 1])},
            "trivial": "unigram",
            "classical": "n-gram",
        }
        return Data(
            task=task.name,
            length=length,
            inputs="embedding",
            n_inputs=len(names),
            n_outputs=len(names),
            loss="cross-entropy",
            at="every",
            metric_scale=1 / math.log(2),
            valid=self.splits["valid"],
            test=self.splits["test"],
            train=self.splits["train"],
            card=card,
            dimension=DIMENSION,
            symbols=names,
            classes=names,
        )


def cut(texts: Mapping[str, Sequence[str]], length: int, stretches: Mapping[str, int]) -> Windowed:
    """Cut the texts of each split into windows, and fit and score the n-gram models.

    Parameters
    ----------
    texts
        "train", "valid" and "test"; no window and no run of symbols reaches from one text into the next.
    stretches
        How many stretches are taken from each text of validation and test.
    """
    symbols = vocabulary(texts["train"])
    encoded = {part: [encode(text, symbols) for text in texts[part]] for part in texts}
    splits = {"train": join([windows(text, training_starts(text, length), length) for text in encoded["train"]])} | {
        part: join([windows(text, stretch_starts(text, length, n), length) for text in encoded[part]])
        for part, n in stretches.items()
    }
    model = NGram(encoded["train"], len(symbols) + 1, LARGEST_ORDER)
    return Windowed(
        symbols,
        splits,
        bits=model.bits(splits["test"].x, splits["test"].y),
        order=1 + int(np.argmin(model.bits(splits["valid"].x, splits["valid"].y))),
        trained=sum(map(len, encoded["train"])),
    )


def draw_split(titles: Sequence[str], sizes: Mapping[str, int], rng: np.random.Generator) -> dict[str, list[str]]:
    """Draw the titles of validation and test, as many as ``sizes`` says; the others are for training."""
    ends = np.cumsum([sizes["valid"], sizes["test"]])
    valid, test, train = (sorted(part.tolist()) for part in np.split(rng.permutation(len(titles)), ends))
    return {part: [titles[i] for i in index] for part, index in (("train", train), ("valid", valid), ("test", test))}


def symbol_name(symbol: str) -> str:
    """Return how a symbol is printed."""
    return NAMES.get(symbol) or jamo.letter(symbol)


def code_points(text: str) -> NDArray[np.uint32]:
    """Return a text's characters as numbers."""
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def vocabulary(texts: Sequence[str], least: int = RARE) -> str:
    """Return the symbols that occur ``least`` times or more in the texts, in the order of their code points."""
    return "".join(map(chr, np.flatnonzero(np.bincount(code_points("".join(texts))) >= least)))


def encode(text: str, symbols: str) -> Text:
    """Return each character's place in ``symbols``, which are sorted; their number where it is not among them."""
    known, characters = code_points(symbols), code_points(text)
    place = np.minimum(np.searchsorted(known, characters), len(known) - 1)
    return np.where(known[place] == characters, place, len(known)).astype(np.min_scalar_type(len(known)))


def training_starts(text: Text, length: int) -> NDArray[np.intp]:
    """Return the starts of windows that follow one another through a whole text."""
    return np.arange(0, len(text) - length, length)


def stretch_starts(text: Text, length: int, stretches: int) -> NDArray[np.intp]:
    """Return the starts of the windows that fit into stretches spread evenly over a text."""
    first = np.linspace(0, len(text) - 1 - STRETCH, stretches).astype(np.intp)
    return (first[:, None] + length * np.arange(STRETCH // length)).reshape(-1)


def windows(text: Text, starts: NDArray[np.intp], length: int) -> Split:
    """Return the windows that begin at ``starts``, and as targets the character after each of their characters."""
    places = starts[:, None] + np.arange(length)
    return Split(text[places], text[places + 1], np.full(len(starts), length))


def join(splits: Sequence[Split]) -> Split:
    """Lay splits end to end."""
    return Split(*(np.concatenate([getattr(split, part) for split in splits]) for part in "xyn"))
