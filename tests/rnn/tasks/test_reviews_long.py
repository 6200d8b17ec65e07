"""Long reviews: their last words, the same splits at every T, and no text anywhere."""

import re

import numpy as np
import pytest

from rnn.tasks import TASKS
from rnn.tasks.film_reviews import SYMBOLS, read

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
    assert 24900 < len(short.train) + len(short.valid) + len(short.test) <= 25000


def test_the_card_accounts_for_every_review(prepared):
    """What the file holds is what the splits hold and what the notes say is left out."""
    card = prepared[25].card
    (held,) = re.findall(r"^([\d,]+) of the 50,000 ", card["source"])
    (left_out,) = re.findall(r"(\d+) texts in the blocks", card["notes"])
    assert int(held.replace(",", "")) == int(left_out) + sum(card["split"].values()) == 25000


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


def test_no_text_is_kept(prepared, tmp_path):
    """The file holds numbers and a description, and no five words in a row of any review stand in that."""
    corpus = read("imdb")
    for data in prepared.values():
        assert data.symbols is None
        assert data.classes is None
        assert data.n_inputs == SYMBOLS
        data.save(tmp_path / "data.npz")
        with np.load(tmp_path / "data.npz") as file:
            words = {name: file[name] for name in file.files if file[name].dtype.kind not in "iu"}
        assert list(words) == ["description"]
        said = re.findall(r"[a-z0-9']+", str(words["description"]).lower())
        known = {word: i for i, word in enumerate(corpus.dictionary)}
        numbers = [known.get(word, -1) for word in said]
        five = {tuple(numbers[i : i + 5]) for i in range(len(numbers) - 4)} - {(-1,) * 5}
        laid = np.lib.stride_tricks.sliding_window_view(corpus.words, 5)
        candidates = laid[np.isin(laid[:, 0], [run[0] for run in five]) & np.isin(laid[:, 4], [r[4] for r in five])]
        assert not five & set(map(tuple, candidates.tolist()))


def test_bag_of_words_is_better_with_more_words(prepared):
    assert prepared[60].classical < prepared[25].classical < 0.28
