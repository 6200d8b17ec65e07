"""Chorales: chords as rows of keys, windows of each chorale, and baselines written out by hand."""

import json
from collections import Counter
from itertools import chain
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from rnn.errors import DataError
from rnn.tasks import TASKS
from rnn.tasks.baselines import next_notes
from rnn.tasks.data import SPLITS
from rnn.tasks.jsb import FILE, KEYS, LOWEST, pairs, read, roll, windows

TASK = "jsb"
LENGTHS = (2, 16, 160)


@pytest.fixture(scope="module")
def chorales():
    return read((TASKS[TASK].folder / FILE).read_bytes())


@pytest.fixture(scope="module")
def prepared():
    return {length: TASKS[TASK].prepare(length, 7) for length in LENGTHS}


def test_a_chord_is_a_row_of_keys():
    keys = roll([[21, 108], [], [60]])
    assert keys.shape == (3, KEYS)
    assert [np.flatnonzero(row).tolist() for row in keys] == [[0, 87], [], [39]]
    assert set(np.unique(keys)) == {0, 1}


@given(st.lists(st.integers(2, 9), min_size=1, max_size=4), st.integers(1, 12))
def test_windows_lay_every_chorale_end_to_end(sizes, length):
    """Chord i of a chorale has i + 1 notes, so that each shows its place; every target is asked for once."""
    chorales = [[list(range(40, 41 + i)) for i in range(size)] for size in sizes]
    split = windows(chorales, length)
    assert split.n.sum() == sum(sizes) - len(sizes)
    assert (split.n <= length).all()
    notes = [split.x[i, :n].sum(axis=1).astype(int).tolist() for i, n in enumerate(split.n)]
    following = [split.y[i, :n].sum(axis=1).astype(int).tolist() for i, n in enumerate(split.n)]
    assert list(chain.from_iterable(notes)) == [i + 1 for size in sizes for i in range(size - 1)]
    assert list(chain.from_iterable(following)) == [i + 2 for size in sizes for i in range(size - 1)]
    for i, n in enumerate(split.n):
        assert not split.x[i, n:].any()
        assert not split.y[i, n:].any()
        assert notes[i] == list(range(notes[i][0], notes[i][0] + n)), "a window reaches into the next chorale"


def test_the_targets_are_the_same_at_every_length(prepared, chorales):
    for part in SPLITS:
        right = np.concatenate([pairs(chorale)[1] for chorale in chorales[part]])
        for length, data in prepared.items():
            split = getattr(data, part)
            np.testing.assert_array_equal(split.y[np.arange(length) < split.n[:, None]], right)


def test_trivial_baseline_by_hand(prepared, chorales):
    """Each note's frequency among the training targets, with half a chord more of each kind; in nats a chord."""
    targets = {part: [set(chord) for chorale in chorales[part] for chord in chorale[1:]] for part in SPLITS}
    counts = Counter(note for chord in targets["train"] for note in chord)
    total = 0.0
    for chord in targets["test"]:
        for note in range(LOWEST, LOWEST + KEYS):
            p = (counts[note] + 0.5) / (len(targets["train"]) + 1)
            total -= log(p if note in chord else 1 - p)
    for data in prepared.values():
        assert data.baseline == pytest.approx(total / len(targets["test"]), rel=1e-9)


def test_classical_baseline_is_better(prepared):
    """Voices that move by steps are told by the chord before."""
    assert len({data.classical for data in prepared.values()}) == 1
    assert all(0 < data.classical < 0.95 * data.baseline for data in prepared.values())


def test_next_notes_are_those_of_scikit_learn_key_by_key():
    rng = np.random.default_rng(0)
    before = rng.integers(2, size=(200, 3)).astype(np.float32)
    after = np.column_stack((before[:, 1], rng.integers(2, size=200), np.zeros(200), np.ones(200)))
    shown = rng.integers(2, size=(20, 3)).astype(np.float32)
    p = next_notes(before, after, shown)
    for key in (0, 1):
        right = LogisticRegression(max_iter=1000).fit(before.astype(np.float64), after[:, key])
        np.testing.assert_allclose(p[:, key], right.predict_proba(shown.astype(np.float64))[:, 1], rtol=1e-12)
    assert (p[:, 0] > 0.5).tolist() == (shown[:, 1] > 0.5).tolist()
    np.testing.assert_allclose(p[:, 2:], np.tile([0.5 / 201, 200.5 / 201], (20, 1)))


def test_the_card_says_which_chorales_are_repeated(prepared):
    for data in prepared.values():
        assert "; 0 chorales of validation and 1 of test stand in training as well" in data.card["notes"]
        assert "30 chorales of" in data.card["notes"]


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"{}",
        b'{"train": [], "valid": [], "test": []}',
        b'{"train": [[[60]]], "valid": [[60]], "test": []}',
        json.dumps({part: [[[60], [20]]] for part in SPLITS}).encode(),
        json.dumps({part: [[[60], [109]]] for part in SPLITS}).encode(),
    ],
)
def test_a_file_of_another_kind_is_refused(content):
    with pytest.raises(DataError, match=rf"^{FILE} .*download it again\.$"):
        read(content)
