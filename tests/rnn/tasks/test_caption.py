"""Digits and their names: images as scikit-learn reads them, words that can be read back, splits, baselines."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

from rnn.tasks import TASKS
from rnn.tasks.caption import FEEDBACK, N_STEPS, PIXELS, read_digits, sequences, stratified

NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


@pytest.fixture(scope="module")
def data():
    return TASKS["caption"].prepare(N_STEPS, 7)


def spelled(data, split):
    """The words of the counted targets, without their end."""
    words = [[data.classes[c] for c in y[:n]] for y, n in zip(split.y, split.n, strict=True)]
    assert all(word[-1] == "end" and "end" not in word[:-1] for word in words)
    return ["".join(word[:-1]) for word in words]


def test_images_are_those_that_scikit_learn_loads():
    images, digits = read_digits()
    right = load_digits()
    np.testing.assert_array_equal(images * 16, right.data)
    np.testing.assert_array_equal(digits, right.target)
    assert images.shape == (1797, 64)


def test_words_are_the_names_of_what_is_shown(data):
    right = load_digits()
    name_of = {
        image.astype(np.float32).tobytes(): NAMES[digit] for image, digit in zip(right.data, right.target, strict=True)
    }
    for split in (data.train, data.valid, data.test):
        shown = [name_of[(16 * image).tobytes()] for image in split.x[:, 0, :PIXELS]]
        assert spelled(data, split) == shown


def test_lengths_are_those_of_the_words_and_their_end(data):
    assert [len(name) + 1 for name in spelled(data, data.test)] == data.test.n.tolist()
    assert (data.test.n.min(), data.test.n.max()) == (4, 6)
    assert TASKS["caption"].n_steps(N_STEPS) == N_STEPS == 6


def test_the_image_is_shown_once_and_letters_are_fed_back(data):
    split = data.test
    assert not split.x[:, 1:, :PIXELS].any()
    assert not split.x[:, 0, PIXELS:].any()
    for x, y, n in zip(split.x, split.y, split.n, strict=True):
        np.testing.assert_array_equal(x[1:n], FEEDBACK[y[: n - 1]])
        assert not x[n:].any()


def test_what_stands_for_a_class_is_its_unit_vector(data):
    feedback = data.feedback
    assert feedback.shape == (len(data.classes), data.n_inputs)
    assert feedback.dtype == data.test.x.dtype == np.float32
    assert not feedback[0].any()
    assert not feedback[:, :PIXELS].any()
    np.testing.assert_array_equal(feedback[1:, PIXELS:], np.eye(len(data.classes) - 1))
    assert data.classes == ["end", *sorted(set("".join(NAMES)))]


def test_no_image_is_in_two_splits(data):
    images = [{x.tobytes() for x in split.x[:, 0]} for split in (data.train, data.valid, data.test)]
    assert sum(map(len, images)) == len(set.union(*images)) == 1797


def test_shares_of_each_digit_are_alike():
    digits = np.repeat(np.arange(10), np.arange(40, 140, 10))
    parts = stratified(digits, np.random.default_rng(0))
    assert sorted(np.concatenate(list(parts.values()))) == list(range(len(digits)))
    for name, share in (("train", 0.6), ("valid", 0.15), ("test", 0.25)):
        counts = np.bincount(digits[parts[name]])
        np.testing.assert_allclose(counts, share * np.arange(40, 140, 10), atol=1)
    assert set(stratified(digits, np.random.default_rng(1))["test"]) != set(parts["test"])


def test_commonest_word_is_right_where_it_stands(data):
    words, train = spelled(data, data.test), spelled(data, data.train)
    commonest = max(NAMES, key=train.count)
    assert data.baseline == pytest.approx(1 - words.count(commonest) / len(words), rel=1e-12)
    assert 0.88 < data.baseline < 0.92


def test_naming_the_digit_linearly_is_good_but_not_best(data):
    """The nearest image, which is not linear, makes fewer mistakes."""
    nearest = KNeighborsClassifier(1).fit(data.train.x[:, 0], spelled(data, data.train))
    error = np.mean(nearest.predict(data.test.x[:, 0]) != np.array(spelled(data, data.test)))
    assert error < data.classical < 0.08


def test_a_sequence_by_hand():
    split = sequences(np.full((1, 64), 0.5, np.float32), np.array([6]))
    assert split.n.tolist() == [4]
    assert split.y[0].tolist() == [9, 5, 14, 0, 0, 0]  # s, i, x of end, e f g h i n o r s t u v w x z
    assert np.flatnonzero(split.x[0, 1]).tolist() == [64 + 8]
