"""Classical classifiers: bag of words against scikit-learn's own vectoriser, lines and neighbours on plain figures."""

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from rnn.tasks.baselines import NEIGHBOURS, STRENGTHS, bag_of_words, logistic_regression, nearest_neighbours
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


def test_a_line_divides_what_a_line_divides_and_neighbours_divide_a_cross_too():
    rng = np.random.default_rng(0)
    x = {name: rng.uniform(-1, 1, (400, 2)) for name in ("train", "valid", "test")}
    line = {name: part[:, 0] > 0 for name, part in x.items()}
    cross = {name: part[:, 0] * part[:, 1] > 0 for name, part in x.items()}
    assert logistic_regression(x, line)[0] < 0.02
    assert 0.3 < logistic_regression(x, cross)[0] < 0.7
    for classes in (line, cross):
        error, neighbours = nearest_neighbours(x, classes)
        assert error < 0.1
        assert neighbours in NEIGHBOURS


def test_more_neighbours_are_chosen_where_classes_are_mistaken():
    """With three classes in ten flipped a single neighbour copies the mistakes of training; the vote does not."""
    rng = np.random.default_rng(1)
    x = {name: rng.uniform(-1, 1, (600, 2)) for name in ("train", "valid", "test")}
    classes = {name: (part[:, 0] > 0) ^ (rng.random(len(part)) < 0.3 * (name == "train")) for name, part in x.items()}
    error, neighbours = nearest_neighbours(x, classes)
    assert neighbours > 5
    assert error < 0.15
