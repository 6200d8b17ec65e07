"""Sentiment of single sentences about telephones, restaurants and films, their last T words.

The Sentiment Labelled Sentences of Kotzias, Denil, de Freitas & Smyth (2015): a thousand of each kind, all of them
clearly positive or negative. Each kind has the same share of every split.
"""

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from rnn.errors import DataError
from rnn.streams import stream
from rnn.tasks import film_reviews
from rnn.tasks.base import Task
from rnn.tasks.data import SPLITS, Data
from rnn.tasks.files import original_file
from rnn.tasks.film_reviews import UNKNOWN, Corpus
from rnn.tasks.sentiment import BLOCKS, encode, near_duplicates, sentiment_data

FILES = ("amazon_cells_labelled.txt", "yelp_labelled.txt", "imdb_labelled.txt")
RUN = 6  # words in a row that no two sentences of different splits share
VALID, TEST = 100, 200  # from each file
SYMBOLS = 1000  # few enough that most words of the vocabulary occur more than twice in training


class Sentences(Task):
    """The last T words of each sentence; the same splits at every T."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Split the sentences, cut them, and score the baselines on what is left."""
        contents = {name: original_file(self.folder, name) for name in FILES}
        corpus, kind = read(contents)
        parts = balanced_split(corpus, kind, stream("splits", experiment_seed, self.name))
        found = encode(corpus, parts, length, [UNKNOWN], SYMBOLS)
        card = {
            "source": f"{len(corpus):,} sentences from amazon.com, yelp.com and imdb.com: Sentiment Labelled Sentences "
            "of Kotzias, Denil, de Freitas & Smyth (2015), UCI Machine Learning Repository, data set 331",
            "licence": "the readme of the data states none and asks to cite the paper, so no text of it is printed",
            "files": {name: sha256(content).hexdigest() for name, content in contents.items()},
            "input": f"the last {length} words of a sentence; {found.words}",
            "target": "whether the sentence is negative or positive, after the last word",
            "example": "none is printed",
            "notes": "each of the three files has the same part in every split; "
            f"{near_duplicates(corpus, parts, RUN)}; {BLOCKS}",
        }
        return sentiment_data(self, length, found, found.splits, card, printable=False)


def read(contents: dict[str, bytes]) -> tuple[Corpus, NDArray[np.intp]]:
    """Return the sentences of all files in their order, and for each the index of its file, (N,).

    Raises
    ------
    DataError
        A line is not a sentence, a tab and 0 or 1.
    """
    import pyarrow as pa  # slow to import, and needed only here

    texts, labels, kind = [], [], []
    for i, (name, content) in enumerate(contents.items()):
        try:
            # sentences hold other signs that end a line elsewhere, and single quotation marks
            lines = content.decode("utf-8").removesuffix("\n").split("\n")
        except UnicodeDecodeError as error:
            raise DataError(f"{name} is not the UTF-8 text that was expected ({error}): download it again.") from error
        for number, line in enumerate(lines, 1):
            text, _, label = line.rpartition("\t")
            if label not in ("0", "1") or not text.strip():
                raise DataError(f"Line {number} of {name} is no sentence, tab and 0 or 1: download it again.")
            texts.append(text.lower())
            labels.append(int(label))
            kind.append(i)
    return film_reviews.as_corpus(pa.array(texts), np.array(labels)), np.array(kind)


def balanced_split(corpus: Corpus, kind: NDArray[np.intp], rng: np.random.Generator) -> dict[str, NDArray[np.intp]]:
    """Split each file by blocks, with half of the sentences of validation and test from each class."""
    alone = film_reviews.alone(corpus, RUN)
    parts: dict[str, list[NDArray[np.intp]]] = {name: [] for name in SPLITS}
    for i in range(len(FILES)):
        of_kind = np.flatnonzero(kind == i)
        found = film_reviews.balanced_split(corpus.only(kind == i), alone[of_kind], VALID, TEST, rng)
        for name, texts in found.items():
            parts[name].append(of_kind[texts])
    return {name: rng.permutation(np.concatenate(texts)) for name, texts in parts.items()}


SENTENCES = Sentences(
    name="sentences",
    title="Sentiment of single sentences, their last T words",
    family="text sentiment",
    form="many-to-one",
    metric="error rate",
    unit="",
    min_length=1,
    max_length=80,
    originals=FILES,
)
