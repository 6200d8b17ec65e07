"""A made-up study on tasks of every form."""

from tests.reports.synthetic import Synthetic, study

MODELS = [("rnn", "default"), ("lstm", "default"), ("gru", "default")]
LENGTHS = {
    "adding": [20, 40],
    "adding-hs97": [40],
    "ball": [10, 20],
    "order": [20],
    "point": [1],
    "caption": [6],
    "translate": [50],
    "speech": [29],
}


def every_form() -> Synthetic:
    """Return a study on tasks of all forms."""
    return study(LENGTHS, seeds=3, models=MODELS, draws=3)
