"""Korean reviews: reading, the official split without texts on both sides, and jamo of the end of each text."""

import unicodedata

import numpy as np
import pytest

from rnn.errors import DataError
from rnn.streams import stream
from rnn.tasks import TASKS
from rnn.tasks.characters import symbol_name, vocabulary
from rnn.tasks.jamo import decompose
from rnn.tasks.nsmc import HEADER, RARE, TEST_FILE, TRAIN_FILE, VALID, Reviews, as_split, draw_split, read
from tests.rnn.originals import REVIEWS, SHARED, TWICE

TASK = "nsmc"


@pytest.fixture(scope="module")
def official():
    return {name: read((TASKS[TASK].folder / name).read_bytes(), name) for name in (TRAIN_FILE, TEST_FILE)}


@pytest.fixture(scope="module")
def parts(official):
    filled = [official[name].without({""}) for name in (TRAIN_FILE, TEST_FILE)]
    return draw_split(*filled, stream("splits", 7, TASK))


def test_reviews_are_read():
    """Empty ones too; blanks collapse, any spelling becomes NFC, and what ends a line elsewhere does not here."""
    rows = f'{HEADER}\n1\t 좋은\u3000 {unicodedata.normalize("NFD", "영화")}\t1\n2\t\t0\n3\ta\tb\x85"\t0\n'
    found = read(rows.encode(), "x")
    assert found.texts == ["좋은 영화", "", 'a b "']
    np.testing.assert_array_equal(found.labels, [1, 0, 0])


@pytest.mark.parametrize("content", ["", HEADER, f"{HEADER}\n1\t글\t2\n", "id\tdocument\n1\t글\n", f"{HEADER}\n1\t0\n"])
def test_another_table_is_refused(content):
    with pytest.raises(DataError, match=r"^x does not hold the columns .*download it again\.$"):
        read(content.encode(), "x")


def test_no_text_stands_in_two_splits(parts):
    train, valid, test = (set(parts[part].texts) for part in ("train", "valid", "test"))
    assert not train & valid
    assert not train & test
    assert not valid & test
    assert SHARED in test
    assert (TWICE in train) != (TWICE in valid)


def test_the_official_split_is_kept(official, parts):
    assert set(parts["test"].texts) <= set(official[TEST_FILE].texts)
    assert set(parts["train"].texts) | set(parts["valid"].texts) <= set(official[TRAIN_FILE].texts)
    assert len(parts["test"].texts) == REVIEWS[TEST_FILE] - 1, "all but the empty one"
    assert len(parts["valid"].texts) == VALID
    label_of = dict(zip(official[TRAIN_FILE].texts, official[TRAIN_FILE].labels, strict=True))
    once = [i for i, text in enumerate(parts["train"].texts) if text != TWICE]
    assert [label_of[parts["train"].texts[i]] for i in once] == parts["train"].labels[once].tolist()


def test_a_text_twice_in_the_training_file_is_never_on_two_sides():
    """Each of 50 texts twice: whatever is drawn for validation takes its copy away from training."""
    texts = [f"글 {i}" for i in range(VALID // 2 + 1000)] * 2
    reviews = Reviews(texts, np.zeros(len(texts), np.int32))
    for seed in range(3):
        found = draw_split(reviews, Reviews(["다른"], np.zeros(1, np.int32)), np.random.default_rng(seed))
        assert found["train"].texts
        assert not set(found["train"].texts) & set(found["valid"].texts)


def test_the_card_accounts_for_every_review(parts):
    data = TASKS[TASK].prepare(8, 7)
    assert data.card["split"] == {part: len(reviews.texts) for part, reviews in parts.items()}
    left_out = REVIEWS[TRAIN_FILE] - 1 - len(parts["train"].texts) - len(parts["valid"].texts)
    assert f"; 2 empty reviews are left out, and {left_out} of the training file" in data.card["notes"]


@pytest.mark.parametrize("length", [5, 60])
def test_windows_are_the_last_jamo(parts, length):
    data = TASKS[TASK].prepare(length, 7)
    common = vocabulary([decompose(text)[-length:] for text in parts["train"].texts], RARE)
    for part, reviews in parts.items():
        split = getattr(data, part)
        for text, x, n in list(zip(reviews.texts, split.x, split.n, strict=True))[:100]:
            tail = decompose(text)[-length:]
            right = [symbol_name(sign) if sign in common else "(unknown)" for sign in tail]
            assert [data.symbols[code] for code in x[:n]] == right
        np.testing.assert_array_equal(split.y, reviews.labels)


def test_short_texts_are_filled_up_behind():
    split = as_split(["ab", "z", "bab"], np.zeros(3, np.int32), "ab", 4)
    np.testing.assert_array_equal(split.x, [[0, 1, 0, 0], [2, 0, 0, 0], [1, 0, 1, 0]])
    np.testing.assert_array_equal(split.n, [2, 1, 3])


def test_syllables_that_tell_are_found():
    """최고 and 최악 stand before the last number: out of sight of 5 jamo, in sight of 60; some are mistaken."""
    assert TASKS[TASK].prepare(60, 7).classical < 0.12
    assert TASKS[TASK].prepare(5, 7).classical > 0.3
