"""Japanese Vowels: the published numbers of utterances, frames by another reader, splits, and scores by other means."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from rnn.tasks import TASKS
from rnn.tasks.data import Split
from rnn.tasks.speech import CLASSES, FILES, FOLDER, LONGEST, PACKAGE, blocks, read_utterances, summary

TEST_COUNTS = [31, 35, 88, 44, 29, 24, 40, 50, 29]  # of speakers 1 to 9, as the data's authors say


@pytest.fixture(scope="module")
def data():
    return TASKS["speech"].prepare(LONGEST, 7)


@pytest.fixture(scope="module")
def originals():
    return [read_utterances(file) for file in FILES]


def test_numbers_of_utterances_are_the_published_ones(originals):
    training, test = originals
    assert np.bincount(training.y).tolist() == [30] * 9
    assert np.bincount(test.y).tolist() == TEST_COUNTS
    assert (min(training.n), max(training.n)) == (7, 26)
    assert (min(test.n), max(test.n)) == (7, LONGEST) == (7, 29)
    for split in originals:
        assert (np.diff(split.y) >= 0).all(), "speakers do not follow one another"


@pytest.mark.parametrize("place", [0, 1])
def test_frames_as_a_slow_reader_finds_them(originals, place):
    path = Path(find_spec(PACKAGE).submodule_search_locations[0]) / FOLDER / list(FILES)[place]
    lines = [line for line in path.read_text(encoding="ascii").splitlines() if line and line[0] not in "#@"]
    split = originals[place]
    assert len(lines) == len(split)
    for i, line in enumerate(lines):
        rows = line.split(":")
        assert int(rows[12]) == split.y[i] + 1
        for j in range(12):
            values = [float(value) for value in rows[j].split(",")]
            assert split.x[i, : split.n[i], j].tolist() == values
            assert not split.x[i, len(values) :, j].any()


def test_coefficients_are_those_at_the_beginning_of_the_file(originals):
    assert originals[0].x[0, :2, 0].tolist() == [1.860936, 1.891651]
    assert originals[0].x[0, 0, :3].tolist() == [1.860936, -0.207383, 0.261557]


def test_the_test_set_is_the_published_one(data, originals):
    np.testing.assert_array_equal(data.test.y, originals[1].y)
    np.testing.assert_array_equal(data.test.n, originals[1].n)


def test_training_frames_have_mean_0_and_variance_1(data):
    frames = data.train.x[np.arange(LONGEST) < data.train.n[:, None]].astype(np.float64)
    np.testing.assert_allclose(frames.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(frames.std(axis=0), 1, rtol=1e-6)
    others = data.test.x[np.arange(LONGEST) < data.test.n[:, None]]
    assert np.abs(others.mean(axis=0)).max() > 0.01, "fitted on the test set as well"


def test_every_split_is_scaled_alike(data, originals):
    """One slope and one shift for each coefficient lead from the file to training and to the test set."""
    training, test = originals
    everything = np.concatenate((data.train.x, data.valid.x))
    for j in range(12):
        raw = test.x[:, 0, j]
        slope, shift = np.polyfit(raw, data.test.x[:, 0, j], 1)
        np.testing.assert_allclose(
            np.sort(slope * training.x[:, 0, j] + shift), np.sort(everything[:, 0, j]), rtol=0, atol=1e-4
        )


def test_no_utterance_is_in_two_splits(data):
    utterances = [x.tobytes() for split in (data.train, data.valid, data.test) for x in split.x]
    assert len(set(utterances)) == len(utterances) == 270 + 370


def test_validation_is_a_block_of_each_speaker():
    speakers = np.repeat(np.arange(9), 30)
    parts = blocks(speakers, np.random.default_rng(0))
    assert sorted(np.concatenate(list(parts.values()))) == list(range(270))
    for speaker in range(9):
        held = np.isin(np.flatnonzero(speakers == speaker), parts["valid"])
        assert held.sum() == 10
        assert np.sum(held != np.roll(held, 1)) == 2, "not one block of the ring"
    assert set(blocks(speakers, np.random.default_rng(1))["valid"]) != set(parts["valid"])


@given(seed=st.integers(0, 100), n=st.integers(1, LONGEST))
def test_summary_sees_the_frames_alone(seed, n):
    x = np.random.default_rng(seed).normal(size=(1, LONGEST, 12))
    split = Split(x, np.zeros(1, int), np.array([n]))
    other = Split(np.where(np.arange(LONGEST)[:, None] < n, x, 9.0), split.y, split.n)
    np.testing.assert_array_equal(summary(split), summary(other))
    mean, deviation, first, last = summary(split).reshape(4, 12)
    np.testing.assert_allclose(mean * n, np.add.reduce(x[0, :n]), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(deviation**2, np.mean((x[0, :n] - mean) ** 2, axis=0), rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal([first, last], x[0, [0, n - 1]])


def test_majority_class_is_a_tie_of_nine(data):
    """Guessing any speaker, each with the same chance, is wrong in 8 of 9 cases, whatever the test set's balance."""
    counts = np.bincount(data.train.y)
    assert (counts == counts[0]).all()
    shares = np.bincount(data.test.y) / len(data.test)
    assert data.baseline == pytest.approx(np.mean(1 - shares), rel=1e-12)


def test_another_linear_classifier_scores_like_the_classical_baseline(data):
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto").fit(summary(data.train), data.train.y)
    error = np.mean(model.predict(summary(data.test)) != data.test.y)
    assert abs(error - data.classical) < 0.03
    assert data.classical < 0.06


def test_balance_of_every_split_is_in_the_card(data):
    assert f"{', '.join(map(str, TEST_COUNTS))} in test" in data.card["notes"]
    assert f"{', '.join(['10'] * 9)} in valid" in data.card["notes"]
    assert data.n_outputs == len(CLASSES)
