"""Labelled sentences: reading, splits by file and class, and no run of words in two of them."""

import numpy as np
import pytest

from rnn.errors import DataError
from rnn.streams import stream
from rnn.tasks import TASKS
from rnn.tasks.sentences import FILES, RUN, TEST, VALID, balanced_split, read

TASK = "sentences"


@pytest.fixture(scope="module")
def found():
    contents = {name: (TASKS[TASK].folder / name).read_bytes() for name in FILES}
    corpus, kind = read(contents)
    return corpus, kind, balanced_split(corpus, kind, stream("splits", 7, TASK))


def test_lines_end_at_newlines_alone():
    """Quotation marks, tabs inside, and characters that end a line elsewhere are part of a sentence."""
    corpus, kind = read({"a": 'He said "no\x85 so\u2028it is.  \t0\n'.encode(), "b": b"One\ttwo\t1\nIt's\t0\n"})
    assert [corpus.text(i) for i in range(3)] == ['he said " no so it is .', "one two", "it's"]
    np.testing.assert_array_equal(corpus.labels, [0, 1, 0])
    np.testing.assert_array_equal(kind, [0, 1, 1])


@pytest.mark.parametrize("line", ["no label", "two\t2", "\t1", "", "  \t0"])
def test_a_line_of_another_kind_is_named(line):
    with pytest.raises(DataError, match=r"^Line 2 of a is no sentence, tab and 0 or 1: .*\.$"):
        read({"a": f"fine\t1\n{line}\nfine\t0\n".encode()})


def test_every_file_has_the_same_part_in_every_split(found):
    corpus, kind, parts = found
    for part, n in (("valid", VALID), ("test", TEST)):
        for i in range(len(FILES)):
            np.testing.assert_array_equal(np.bincount(corpus.labels[parts[part]][kind[parts[part]] == i]), [n // 2] * 2)
    everything = np.concatenate(list(parts.values()))
    assert len(everything) == len(set(everything))


def test_no_text_stands_in_two_splits(found):
    """By sets of tuples of words; what is left out is what the card says."""
    corpus, _, parts = found
    runs_of = {}
    for part, texts in parts.items():
        runs = set()
        for i in texts:
            said = [word for word in corpus.text(i).split() if any(sign.isalnum() for sign in word)]
            runs |= {tuple(said[j : j + RUN]) for j in range(max(1, len(said) - RUN + 1))}
        runs_of[part] = runs
    assert not runs_of["train"] & runs_of["test"]
    assert not runs_of["train"] & runs_of["valid"]
    assert not runs_of["valid"] & runs_of["test"]
    left_out = len(corpus) - sum(map(len, parts.values()))
    assert f"; {left_out} texts in the blocks" in TASKS[TASK].prepare(8, 7).card["notes"]


def test_two_copies_of_a_text_are_not_on_two_sides():
    """Wherever the blocks begin."""
    contents = {name: (TASKS[TASK].folder / name).read_bytes() for name in FILES}
    corpus, kind = read(contents)
    assert corpus.text(0) == corpus.text(998)
    for seed in range(6):
        parts = balanced_split(corpus, kind, stream("splits", seed, TASK))
        assert not {0, 998} & {*parts["valid"], *parts["test"]}


def test_windows_are_the_last_words_and_none_is_printed(found):
    corpus, _, parts = found
    for length in (3, 40):
        data = TASKS[TASK].prepare(length, 7)
        np.testing.assert_array_equal(data.test.n, np.minimum(corpus.n_words[parts["test"]], length))
        np.testing.assert_array_equal(data.test.y, corpus.labels[parts["test"]])
        assert data.symbols is None
        assert data.classes is None


def test_bag_of_words_reads_the_word_that_tells():
    """Up to the texts that are mistaken."""
    assert 0 < TASKS[TASK].prepare(5, 7).classical < 0.1
