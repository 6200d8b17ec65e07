"""Long reviews: their last words, the same splits at every T, and no text anywhere."""

import json
import time

import numpy as np
import pytest

from rnn.tasks import TASKS
from rnn.tasks.data import Data
from rnn.tasks.film_reviews import SYMBOLS

TASK = TASKS["reviews-long"]
LENGTHS = (25, 60)


@pytest.fixture(scope="module")
def prepared():
    return {length: TASK.prepare(length, 3) for length in LENGTHS}


def test_splits_are_the_same_at_every_length_and_balanced(prepared):
    short, long = prepared.values()
    for part in ("train", "valid", "test"):
        np.testing.assert_array_equal(getattr(short, part).y, getattr(long, part).y)
        assert len(getattr(short, part)) == short.card["split"][part]
    assert np.mean(short.valid.y) == np.mean(short.test.y) == short.baseline == 0.5
    assert abs(np.mean(short.train.y) - 0.5) < 0.01
    assert len(short.train) + len(short.valid) + len(short.test) == 25000


def test_the_last_words_are_kept(prepared):
    """Unknown words apart, the shorter cut is the end of the longer one: symbols of one word go together."""
    short, long = prepared.values()
    same = {}
    for i in range(200):
        a, b = short.test.x[i, : short.test.n[i]], long.test.x[i, : long.test.n[i]][-25:]
        assert len(a) == len(b)
        for one, other in zip(a, b, strict=True):
            if one and other:
                assert same.setdefault(int(one), int(other)) == other
    assert len(same) > 200


def test_no_text_is_kept(prepared):
    """Neither words nor a vocabulary; the card's words are those of its own sentences."""
    for data in prepared.values():
        assert data.symbols is None
        assert data.classes is None
        assert data.n_inputs == SYMBOLS
        assert data.card["example"] == "none is printed"
        assert len(json.dumps(data.card)) < 3000


def test_bag_of_words_is_better_with_more_words(prepared):
    assert prepared[60].classical < prepared[25].classical < 0.25


def test_loading_is_quick(prepared, tmp_path):
    """Far below the 2 s that a job may spend on it."""
    prepared[60].save(tmp_path / "data.npz")
    started = time.process_time()
    Data.load(tmp_path / "data.npz")
    assert time.process_time() - started < 2
