"""The next character in the plays: splits by plays, windows, and baselines counted a second time."""

import shutil
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from rnn.errors import DataError
from rnn.streams import stream
from rnn.tasks import TASKS
from rnn.tasks.characters import RARE, STRETCH, draw_split, encode, stretch_starts, vocabulary
from rnn.tasks.plays import PACKAGE, read_plays
from rnn.tasks.shakespeare import PLAYS

LENGTHS = (25, 50, 100)
SEED = 7


@pytest.fixture(scope="module")
def plays():
    return read_plays()


@pytest.fixture(scope="module")
def prepared():
    return {length: TASKS["shakespeare"].prepare(length, SEED) for length in LENGTHS}


def titles_of(plays, seed):
    return draw_split(list(plays), PLAYS, stream("splits", seed, "shakespeare"))


@pytest.fixture(scope="module")
def texts(plays):
    """The plays of each split as the names of its symbols spell them, in the split's order."""
    titles = titles_of(plays, SEED)
    return {part: [plays[title] for title in titles[part]] for part in titles}


def spell(data, codes):
    """Return symbols as text, unknown ones as a NUL."""
    names = {"¶": "\n", "·": " ", "unknown": "\0"}
    return "".join(names.get(data.symbols[code], data.symbols[code]) for code in codes)


def known(data, text):
    """Replace what is no symbol of the vocabulary by a NUL."""
    symbols = set(spell(data, range(data.n_inputs)))
    return "".join(sign if sign in symbols else "\0" for sign in text)


def test_every_play_is_in_one_split(plays):
    for seed in range(5):
        titles = titles_of(plays, seed)
        assert sorted(title for part in titles.values() for title in part) == sorted(plays)
        assert {part: len(names) for part, names in titles.items()} == {"train": 30, "valid": 4, "test": 4}
    assert titles_of(plays, 1) != titles_of(plays, 2)


def test_the_card_names_the_plays(plays, prepared):
    titles = titles_of(plays, SEED)
    for data in prepared.values():
        for part in ("valid", "test"):
            assert "; ".join(titles[part]) in data.card["notes"]
        assert "38 plays" in data.card["source"]


def test_no_run_of_twelve_words_stands_in_two_plays(plays):
    """So the notes of the card say it, for any split."""
    seen = {}
    for title, text in plays.items():
        words = text.split()
        for run in set(zip(*(words[i:] for i in range(12)), strict=False)):
            assert seen.setdefault(run, title) == title


@pytest.mark.parametrize("length", LENGTHS)
def test_training_windows_follow_one_another_through_each_play(prepared, texts, length):
    data, start = prepared[length], 0
    for text in texts["train"]:
        n = (len(text) - 1) // length
        x, y = data.train.x[start : start + n], data.train.y[start : start + n]
        text = known(data, text)
        assert spell(data, x.reshape(-1)) == text[: n * length]
        assert spell(data, y.reshape(-1)) == text[1 : n * length + 1]
        start += n
    assert start == len(data.train)


@pytest.mark.parametrize("part", ["valid", "test"])
def test_all_lengths_ask_for_the_same_characters(prepared, texts, part):
    """8,000 for validation and 32,000 for testing, in stretches spread evenly from each play's beginning to its end."""
    first = getattr(prepared[LENGTHS[0]], part)
    assert first.y.size == {"valid": 8000, "test": 32_000}[part]
    for data in prepared.values():
        split = getattr(data, part)
        np.testing.assert_array_equal(split.x.reshape(-1), first.x.reshape(-1))
        np.testing.assert_array_equal(split.y.reshape(-1), first.y.reshape(-1))
    stretches = first.x.reshape(4, -1, STRETCH)
    for text, of_play in zip(texts[part], stretches, strict=True):
        text, n = known(data, text), len(of_play)
        for i, stretch in enumerate(of_play):
            start = int(i * (len(text) - 1 - STRETCH) / (n - 1))
            assert spell(data, stretch) == text[start : start + STRETCH]


@pytest.mark.parametrize("length", [2, 7, 30, 150, 399, 400])
def test_stretches_hold_whole_windows_that_do_not_overlap(length):
    text = np.zeros(90_000, np.uint8)
    starts = stretch_starts(text, length, 20)
    assert len(starts) == 20 * (STRETCH // length)
    assert (np.diff(starts) >= length).all()
    assert starts[0] == 0
    assert starts[-1] + length < len(text)


def test_targets_are_the_next_characters(prepared):
    for data in prepared.values():
        for split in (data.train, data.valid, data.test):
            np.testing.assert_array_equal(split.x[:, 1:], split.y[:, :-1])
            assert (split.n == data.length).all()


def test_batches_are_windows_of_the_training_plays(prepared, texts):
    data = prepared[50]
    batch = TASKS["shakespeare"].batch(data, stream("training", 0), 16)
    together = "\n".join(known(data, text) for text in texts["train"])
    for x, y in zip(batch.x, batch.y, strict=True):
        assert spell(data, x) + spell(data, y)[-1] in together


def test_symbols_are_those_of_the_training_plays(prepared, texts):
    counts = Counter("".join(texts["train"]))
    for data in prepared.values():
        right = sorted(sign for sign, count in counts.items() if count >= RARE)
        assert spell(data, range(data.n_inputs - 1)) == "".join(right)
        assert data.symbols == data.classes
        assert data.symbols[:2] == ["¶", "·"]
        assert data.symbols[-1] == "unknown"
        assert len(set(data.symbols)) == data.n_inputs == data.n_outputs < 128
        assert all(name.isprintable() and not name.isspace() for name in data.symbols)


def test_characters_that_are_no_symbols_are_unknown():
    assert vocabulary(["b" * RARE + "a" * (RARE - 1), "a" + "ccc"]) == "ab"
    np.testing.assert_array_equal(encode("abzA\n", "\nab"), [1, 2, 3, 3, 0])
    assert encode("", "ab").shape == (0,)


@pytest.mark.parametrize("length", LENGTHS)
def test_unigram_is_the_cross_entropy_of_the_training_frequencies(prepared, texts, length):
    data = prepared[length]
    counts = Counter(known(data, "".join(texts["train"])))
    frequency = np.array([counts[sign] for sign in spell(data, range(data.n_inputs))])
    p = (frequency + np.mean(frequency > 0)) / (frequency.sum() + np.sum(frequency > 0))
    assert data.card["trivial"] == "unigram"
    assert data.baseline == pytest.approx(-np.log2(p[data.test.y]).mean(), rel=1e-12)


def test_more_context_makes_the_n_gram_model_better(prepared):
    """And all stand far below the unigram model."""
    bits = [data.classical for data in prepared.values()]
    assert 2 < bits[2] < bits[1] < bits[0] < 2.5
    assert all(4 < data.baseline < 5 for data in prepared.values())


def test_example_is_printable_and_from_the_test_plays(prepared, texts):
    for data in prepared.values():
        example = data.card["example"].partition(": ")[2]
        assert example.isprintable()
        assert texts["test"][0].startswith(example.replace("¶", "\n"))


def test_a_changed_play_is_refused(tmp_path, monkeypatch):
    """A package of the same name, found first, with another letter in one of its plays."""
    original = Path(find_spec(PACKAGE).submodule_search_locations[0])
    shutil.copytree(original / "plays", tmp_path / PACKAGE / "plays")
    (tmp_path / PACKAGE / "__init__.py").touch()
    play = tmp_path / PACKAGE / "plays" / "tragedies" / "hamlet.md"
    play.write_bytes(play.read_bytes().replace(b"Denmark", b"Danmark", 1))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(DataError) as caught:
        TASKS["shakespeare"].prepare(50, SEED)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    for part in ("plays/**/*.md", PACKAGE, "SHA-256", "run make"):
        assert part in message
