"""Prepared data: digests notice every value, files are whole or not there."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.tasks.data import Data, Split

CARD = {"baselines": {"constant": 0.5, "line": 0.25}, "trivial": "constant", "classical": "line", "notes": "ÿ 한글 ²"}


def make_split(seed, n=3):
    rng = np.random.default_rng(seed)
    return Split(
        rng.normal(size=(n, 4, 2)).astype(np.float32), rng.normal(size=(n, 1)).astype(np.float32), np.arange(n) + 1
    )


def make_data(**changes):
    fields = {
        "task": "toy",
        "length": 4,
        "inputs": "dense",
        "n_inputs": 2,
        "n_outputs": 1,
        "loss": "mse",
        "at": "last",
        "metric_scale": 2.0,
        "valid": make_split(1),
        "test": make_split(2),
        "train": make_split(3),
        "card": CARD,
    }
    return Data(**fields | changes)


def test_baselines_are_those_of_the_card():
    assert (make_data().baseline, make_data().classical) == (0.5, 0.25)
    assert make_data(card=CARD | {"classical": None}).classical is None


@given(
    part=st.sampled_from(["train", "valid", "test"]),
    array=st.sampled_from("xyn"),
    place=st.integers(0, 10**6),
    data=st.data(),
)
def test_digest_changes_with_any_value(part, array, place, data):
    """One element of one array, by the smallest step its type has."""
    right = make_data()
    values = getattr(getattr(right, part), array).copy()
    flat = values.reshape(-1)
    j = place % flat.size
    flat[j] = np.nextafter(flat[j], np.float32(np.inf)) if array != "n" else flat[j] + 1
    changed = replace(right, **{part: replace(getattr(right, part), **{array: values})})
    assert changed.sha256 != right.sha256


@pytest.mark.parametrize(
    "change",
    [
        {"task": "other"},
        {"length": 5},
        {"inputs": "one-hot"},
        {"n_inputs": 3},
        {"n_outputs": 2},
        {"loss": "cross-entropy"},
        {"at": "every"},
        {"metric_scale": 2.0000001},
        {"train": None},
        {"valid": make_split(2), "test": make_split(1)},
        {"valid": make_split(1, n=2)},
        {"card": CARD | {"notes": "another"}},
        {"card": CARD | {"baselines": {"constant": 0.5, "line": 0.2500001}}},
    ],
    ids=str,
)
def test_digest_changes_with_any_description(change):
    assert make_data(**change).sha256 != make_data().sha256


def test_digest_does_not_depend_on_memory_layout():
    split = make_split(1)
    other = Split(np.asfortranarray(split.x), split.y[::-1][::-1], split.n)
    assert make_data(valid=other).sha256 == make_data().sha256


def test_digest_notices_types_and_shapes_of_the_same_bytes():
    split, right = make_split(1), make_data().sha256
    assert make_data(valid=replace(split, n=split.n.view(np.float64))).sha256 != right
    assert make_data(valid=replace(split, x=split.x.reshape(3, 2, 4))).sha256 != right


@pytest.mark.parametrize("train", [None, make_split(3)], ids=["generated", "stored"])
def test_round_trip(tmp_path, train):
    right = make_data(train=train)
    assert right.sha256  # a digest that was asked for before saving is not saved with it
    right.save(tmp_path / "a" / "b.npz")
    again = Data.load(tmp_path / "a" / "b.npz")
    assert again.sha256 == right.sha256
    assert again.card == CARD
    assert (again.train is None) == (train is None)
    assert again.valid.x.dtype == np.float32
    np.testing.assert_array_equal(again.test.y, right.test.y)


def test_saving_twice_gives_the_same_bytes(tmp_path):
    for name in ("one.npz", "two.npz"):
        make_data().save(tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "data.npz"
    make_data().save(path)
    before = path.read_bytes()

    write = Path.write_bytes

    def full(self, content):
        write(self, content[: len(content) // 2])
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        make_data(length=5).save(path)
    monkeypatch.undo()
    assert path.read_bytes() == before


def test_taking_examples():
    split = make_split(1)
    some = split.take(np.array([2, 0, 2]))
    assert len(some) == 3
    np.testing.assert_array_equal(some.x, split.x[[2, 0, 2]])
    np.testing.assert_array_equal(some.y, split.y[[2, 0, 2]])
    np.testing.assert_array_equal(some.n, [3, 1, 3])
    assert len(split.take(slice(2))) == 2


@pytest.mark.parametrize("part", ["legal", "feedback"])
def test_what_some_data_have_besides_is_kept_and_in_the_digest(tmp_path, part):
    """Legal classes go with their examples through every choice of them."""
    legal = np.random.default_rng(0).random((3, 4, 2)) < 0.5
    more = {"legal": {"test": replace(make_split(2), legal=legal)}, "feedback": {"feedback": np.arange(3)}}[part]
    data = make_data(**more)
    assert data.sha256 != make_data().sha256
    data.save(tmp_path / "data.npz")
    again = Data.load(tmp_path / "data.npz")
    assert again.sha256 == data.sha256
    assert (again.valid.legal, make_data().feedback) == (None, None)
    if part == "legal":
        np.testing.assert_array_equal(again.test.longest_first().legal, legal[::-1])
    else:
        np.testing.assert_array_equal(again.feedback, np.arange(3))
