"""Bag of words: features and choice of the penalty, checked against scikit-learn's own vectoriser."""

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from rnn.tasks.baselines import STRENGTHS, bag_of_words
from rnn.tasks.data import Split

SYMBOLS = 12


def texts(rng, n):
    """Symbols 1 and 2 say the class, if they occur; what stands behind a text's end must not count."""
    y = rng.integers(0, 2, n)
    length = rng.integers(1, 9, n)
    x = rng.integers(3, SYMBOLS, (n, 9))
    told = rng.random(n) < 0.6
    x[told, 0] = y[told] + 1
    x[np.arange(9) >= length[:, None]] = 1
    return Split(x.astype(np.uint16), y.astype(np.int32), length)


def test_error_is_that_of_scikit_learn_on_binary_counts():
    rng = np.random.default_rng(0)
    splits = {name: texts(rng, n) for name, n in (("train", 300), ("valid", 200), ("test", 200))}
    written = {
        name: [" ".join(f"w{symbol}" for symbol in row[:length]) for row, length in zip(s.x, s.n, strict=True)]
        for name, s in splits.items()
    }
    vectoriser = CountVectorizer(binary=True, token_pattern=r"\S+", vocabulary=[f"w{i}" for i in range(SYMBOLS)])
    scores = {}
    for strength in STRENGTHS:
        model = LogisticRegression(C=strength, max_iter=1000)
        model.fit(vectoriser.transform(written["train"]), splits["train"].y)
        scores[strength] = [
            1 - model.score(vectoriser.transform(written[name]), splits[name].y) for name in ("valid", "test")
        ]
    best = min(STRENGTHS, key=lambda strength: scores[strength][0])
    error, strength = bag_of_words(splits, SYMBOLS)
    assert strength == best
    assert np.isclose(error, scores[best][1])
    assert 0.1 < error < 0.35
