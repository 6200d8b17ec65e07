"""Reviews with filler: the same sentences at every distance, and a filler that says nothing about the label."""

import re

import numpy as np
import pytest
from scipy.stats import binom, chi2
from sklearn.linear_model import LogisticRegression

from rnn.streams import stream
from rnn.tasks import TASKS
from rnn.tasks.data import Split
from rnn.tasks.film_reviews import UNKNOWN, read
from rnn.tasks.reviews import FILLER, LONGEST, RUN, with_filler

TASK = TASKS["reviews"]
DISTANCES = (0, 7, 200)


@pytest.fixture(scope="module")
def prepared():
    return {k: TASK.prepare(k, 3) for k in DISTANCES}


def words(data, split, i, stop=None):
    return [data.symbols[symbol] for symbol in split.x[i, : split.n[i]]][:stop]


def sentences(data, split):
    """The words of each sentence, without the filler behind them."""
    return [tuple(words(data, split, i)[: split.n[i] - data.length]) for i in range(len(split))]


def filler(data, split):
    """The symbols behind each sentence, (N, k)."""
    place = split.n[:, None] - data.length + np.arange(data.length)
    return np.take_along_axis(split.x, place, axis=1)


def test_the_sentences_are_the_same_at_every_distance(prepared):
    first, *others = prepared.values()
    for other in others:
        assert other.symbols == first.symbols
        for part in ("valid", "test"):
            assert sentences(other, getattr(other, part)) == sentences(first, getattr(first, part))
            np.testing.assert_array_equal(getattr(other, part).y, getattr(first, part).y)


@pytest.mark.parametrize("k", DISTANCES)
def test_k_filler_words_stand_behind_every_sentence(prepared, k):
    data = prepared[k]
    for split in (data.valid, data.test, TASK.batch(data, stream("training", 0), 50)):
        assert split.x.shape[1] == LONGEST + k == TASK.n_steps(k)
        assert (split.n > k).all()
        assert (split.n <= LONGEST + k).all()
        assert {data.symbols[symbol] for symbol in filler(data, split).ravel()} == (set(FILLER) if k else set())


def test_the_last_word_of_every_sentence_stands_at_the_required_lag(prepared):
    """The sentence alone, of which k = 0 shows the last word at the last step."""
    for k, data in prepared.items():
        assert TASK.required_lag(k) == k
        last = data.test.x[np.arange(len(data.test)), data.test.n - 1 - k]
        alone = prepared[0].test
        np.testing.assert_array_equal(last, alone.x[np.arange(len(alone)), alone.n - 1])


def test_padding_is_zero(prepared):
    for data in prepared.values():
        for split in (data.train, data.valid, data.test):
            assert not split.x[np.arange(split.x.shape[1]) >= split.n[:, None]].any()


def test_splits_share_no_run_of_words(prepared):
    """By sets of tuples; a sentence of the file is known by the symbols and the label that are shown of it."""
    corpus, data = read("rotten_tomatoes"), prepared[0]
    known = set(data.symbols)
    name_of = {word: word if word in known else UNKNOWN for word in corpus.dictionary}
    found = {}
    for i, label in enumerate(corpus.labels):
        text = [corpus.dictionary[word] for word in corpus.words[corpus.starts[i] : corpus.starts[i + 1]]]
        said = [word for word in text if any(sign.isalnum() for sign in word)]
        runs = {tuple(said[j : j + RUN]) for j in range(max(1, len(said) - RUN + 1))}
        found.setdefault((tuple(name_of[word] for word in text), label), []).append(runs)
    runs_of = {}
    for part in ("train", "valid", "test"):
        split = getattr(data, part)
        shown = zip(sentences(data, split), split.y, strict=True)
        # two sentences may look alike when their words are unknown; they are left out, and are few
        told_apart = [found[key][0] for key in shown if len(found[key]) == 1]
        assert len(told_apart) > 0.98 * len(split)
        runs_of[part] = set().union(*told_apart)
    assert not runs_of["train"] & runs_of["test"]
    assert not runs_of["train"] & runs_of["valid"]
    assert not runs_of["valid"] & runs_of["test"]


def test_the_card_accounts_for_every_sentence(prepared):
    """What the file holds is what the splits hold and what the notes say is left out."""
    card = prepared[0].card
    (held,) = re.findall(r"^([\d,]+) of the 10,662 ", card["source"])
    left_out = re.findall(r"(\d+) (?:sentences of more than 40 words|texts in the blocks)", card["notes"])
    assert len(left_out) == 2
    assert int(held.replace(",", "")) == sum(map(int, left_out)) + sum(card["split"].values()) == 8530


def test_labels_are_balanced(prepared):
    data = prepared[0]
    assert np.mean(data.valid.y) == np.mean(data.test.y) == 0.5
    assert abs(np.mean(data.train.y) - 0.5) < 0.01
    assert data.baseline == 0.5
    share = np.mean(data.train.y)
    assert f"positive are {share:.3f} of train, 0.500 of valid, 0.500 of test" in data.card["notes"]


def test_filler_is_equally_likely_in_both_classes(prepared):
    """Chi-squared test of the counts of each filler word by class; batches of training as well."""
    data = prepared[200]
    batches = TASK.batch(data, stream("training", 1), 2000)
    for split in (data.test, batches):
        symbols = filler(data, split)
        counts = np.array([np.bincount(symbols[split.y == c].ravel(), minlength=len(FILLER) + 1)[1:] for c in (0, 1)])
        expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
        statistic = np.sum((counts - expected) ** 2 / expected)
        assert statistic < chi2.ppf(0.999, len(FILLER) - 1)
        # and each word has the same chance as any other
        assert np.ptp(counts.sum(axis=0)) < 0.1 * counts.sum() / len(FILLER)


def test_a_classifier_of_the_filler_alone_is_at_chance(prepared):
    """A logistic regression on counts and on every position's word, trained on fresh filler, tested on the test set."""
    data = prepared[7]
    training = TASK.batch(data, stream("training", 2), 6000)
    eye = np.eye(len(FILLER) + 1)

    def features(split):
        at = eye[filler(data, split)]
        return np.concatenate((at.reshape(len(split), -1), at.sum(axis=1)), axis=1)

    model = LogisticRegression(max_iter=1000).fit(features(training), training.y)
    right = int(np.sum(model.predict(features(data.test)) == data.test.y))
    n = len(data.test)
    assert binom.ppf(0.001, n, 0.5) <= right <= binom.ppf(0.999, n, 0.5)


def test_filler_words_are_neutral(prepared):
    """In real sentences each stands about as often in positive as in negative ones."""
    data = prepared[0]
    there = np.arange(LONGEST) < data.train.n[:, None]
    for word in FILLER:
        has = ((data.train.x == data.symbols.index(word)) & there).any(axis=1)
        assert has.sum() > 200, word
        assert abs(np.mean(data.train.y[has]) - 0.5) < 0.06, word


def test_filler_of_training_is_drawn_anew(prepared):
    """One sentence drawn twice meets two fillers."""
    data = prepared[200]
    one = Split(data.train.x[:1], data.train.y[:1], data.train.n[:1])
    rng = stream("training", 0)
    first, second = with_filler(one, 200, rng), with_filler(one, 200, rng)
    assert (filler(data, first) != filler(data, second)).any()
    np.testing.assert_array_equal(first.x[:, : one.n[0]], second.x[:, : one.n[0]])


def test_vocabulary_comes_from_training_alone(prepared):
    data = prepared[0]
    there = np.arange(LONGEST) < data.train.n[:, None]
    seen = set(np.unique(data.train.x[there]))
    assert {i for i, symbol in enumerate(data.symbols) if symbol not in FILLER} <= seen
    assert data.symbols[0] == UNKNOWN
    assert data.symbols[1 : len(FILLER) + 1] == FILLER


def test_bag_of_words_beats_chance_and_does_not_mind_the_distance(prepared):
    errors = [data.classical for data in prepared.values()]
    assert max(errors) < 0.32
    assert max(errors) - min(errors) < 0.03
