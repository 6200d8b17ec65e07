"""Classical predictors that stand beside the networks.

Imported only where data are prepared, since scikit-learn is slow to load.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from rnn.tasks.data import Split

Array = NDArray[Any]
STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
NEIGHBOURS = (1, 3, 5, 11, 25, 51)  # odd, so that two classes never draw


def autoregression(train: Split, test: Split, order: int) -> Array:
    """Predict from the last ``order`` values of the window by ordinary least squares fitted on the training windows.

    Parameters
    ----------
    train, test
        x (N, T, 1), y (N, 1).

    Returns
    -------
    Predictions for ``test``, (N, 1), in the unit of y.
    """
    model = LinearRegression().fit(train.x[:, -order:, 0].astype(np.float64), train.y.astype(np.float64))
    return np.asarray(model.predict(test.x[:, -order:, 0].astype(np.float64)))


def bag_of_words(splits: Mapping[str, Split], n_symbols: int) -> tuple[float, float]:
    """Classify texts by which words occur in them: a logistic regression that knows no order and no distance.

    Presence instead of counts follows Pang, Lee & Vaithyanathan (2002, section 6).

    Parameters
    ----------
    splits
        "train", "valid" and "test", each with x (N, T) of symbols below ``n_symbols`` and classes y (N,).

    Returns
    -------
    Those of ``logistic_regression``.
    """
    features = {name: _presence(split, n_symbols) for name, split in splits.items()}
    return logistic_regression(features, {name: split.y for name, split in splits.items()})


def bag_of_ngrams(texts: Mapping[str, Sequence[str]], classes: Mapping[str, Array]) -> tuple[float, float]:
    """Classify texts by which characters and pairs of neighbours occur in them, those of two training texts or more.

    Parameters
    ----------
    texts, classes
        "train", "valid" and "test": N texts, and their classes (N,).

    Returns
    -------
    Those of ``logistic_regression``.
    """
    counter = CountVectorizer(analyzer="char", ngram_range=(1, 2), binary=True, min_df=2, lowercase=False)
    counter.fit(texts["train"])
    return logistic_regression({name: counter.transform(of_split) for name, of_split in texts.items()}, classes)


def next_notes(before: Array, after: Array, shown: Array) -> NDArray[np.float64]:
    """Return the probability of each key in the chord after each one shown, (M, K): a logistic regression for each key.

    Parameters
    ----------
    before, after
        Training chords (N, K) of 0 and 1, and for each the next one.
    shown
        Chords (M, K) before those that are predicted.

    Returns
    -------
    Probabilities strictly between 0 and 1; of a key that never sounds in training, or always does, its frequency with
    half a chord more of each kind.
    """
    before, shown = before.astype(np.float64), shown.astype(np.float64)
    sounds = after.sum(axis=0, dtype=np.float64)
    p = np.tile((sounds + 0.5) / (len(after) + 1), (len(shown), 1))
    for key in np.flatnonzero((sounds > 0) & (sounds < len(after))):
        p[:, key] = LogisticRegression(max_iter=1000).fit(before, after[:, key]).predict_proba(shown)[:, 1]
    return p


def logistic_regression(features: Mapping[str, Any], classes: Mapping[str, Array]) -> tuple[float, float]:
    """Classify by a logistic regression, its strength chosen on validation.

    Parameters
    ----------
    features, classes
        "train", "valid" and "test", each (N, F), dense or sparse, and (N,).

    Returns
    -------
    The test error, and the inverse strength of the penalty that has the lowest error on validation (of ``STRENGTHS``,
    the smallest first).
    """
    error, best = _chosen([LogisticRegression(C=strength, max_iter=1000) for strength in STRENGTHS], features, classes)
    return error, STRENGTHS[best]


def nearest_neighbours(features: Mapping[str, Array], classes: Mapping[str, Array]) -> tuple[float, int]:
    """Classify by the vote of the nearest training examples, their number chosen on validation.

    Parameters
    ----------
    features, classes
        "train", "valid" and "test", each (N, F) and (N,).

    Returns
    -------
    The test error, and the number of neighbours that has the lowest error on validation (of ``NEIGHBOURS``, the
    smallest first).
    """
    error, best = _chosen([KNeighborsClassifier(n) for n in NEIGHBOURS], features, classes)
    return error, NEIGHBOURS[best]


def _chosen(models: Sequence[Any], features: Mapping[str, Any], classes: Mapping[str, Array]) -> tuple[float, int]:
    """Fit all; return the test error and the place of the one that has the lowest error on validation."""

    def error(model: Any, part: str) -> float:
        return float(np.mean(model.predict(features[part]) != classes[part]))

    fitted = [model.fit(features["train"], classes["train"]) for model in models]
    best = int(np.argmin([error(model, "valid") for model in fitted]))
    return error(fitted[best], "test"), best


def _presence(split: Split, n_symbols: int) -> csr_array:
    there = np.arange(split.x.shape[1]) < split.n[:, None]
    text, _ = np.nonzero(there)
    pairs = np.unique(text * n_symbols + split.x[there])
    return csr_array((np.ones(len(pairs)), np.divmod(pairs, n_symbols)), shape=(len(split), n_symbols))
