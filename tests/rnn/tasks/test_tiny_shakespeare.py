"""Tiny Shakespeare: three parts of one text, and windows that stay inside their part."""

import numpy as np
import pytest

from rnn.tasks import TASKS
from rnn.tasks.characters import STRETCH
from rnn.tasks.tiny_shakespeare import FILE, split

TASK = "tiny-shakespeare"
LENGTHS = (25, 50)


@pytest.fixture(scope="module")
def prepared():
    return {length: TASKS[TASK].prepare(length, 7) for length in LENGTHS}


@pytest.fixture(scope="module")
def text():
    return (TASKS[TASK].folder / FILE).read_text("ascii")


def spell(data, codes):
    return "".join({"¶": "\n", "·": " "}.get(data.symbols[code], data.symbols[code]) for code in codes)


@pytest.mark.parametrize(("n", "ends"), [(20, (18, 19)), (1_115_394, (1_003_855, 1_059_624))])
def test_parts_follow_one_another(n, ends):
    parts = split("x" * n)
    assert (len(parts["train"]), len(parts["train"]) + len(parts["valid"])) == ends
    text = "".join(chr(97 + i % 26) for i in range(n))
    assert "".join(split(text).values()) == text


@pytest.mark.parametrize("length", LENGTHS)
def test_no_text_stands_in_two_splits(prepared, text, length):
    """Each window, with its last target, stands in its own part of the text and nowhere else."""
    data = prepared[length]
    for part, piece in split(text).items():
        windows = getattr(data, part)
        for x, y in list(zip(windows.x, windows.y, strict=True))[:: max(1, len(windows) // 50)]:
            shown = spell(data, x) + spell(data, y[-1:])
            assert shown in piece
            assert text.count(shown) == 1


@pytest.mark.parametrize("length", LENGTHS)
def test_training_reads_its_part_from_the_first_character_on(prepared, text, length):
    data = prepared[length]
    read = split(text)["train"][: data.train.x.size]
    assert spell(data, data.train.x.reshape(-1)) == read
    assert len(split(text)["train"]) - len(read) <= length


def test_all_lengths_ask_for_the_same_characters(prepared):
    for part, n in (("valid", 8000), ("test", 32_000)):
        first, second = (getattr(data, part) for data in prepared.values())
        assert first.y.size == n
        np.testing.assert_array_equal(first.y.reshape(-1), second.y.reshape(-1))
        stretches = first.x.reshape(-1, STRETCH)
        assert len({stretch.tobytes() for stretch in stretches}) == len(stretches), "stretches overlap or repeat"


def test_baselines_are_in_bits(prepared):
    """Every line is a number of six digits and seven fixed characters: n-grams learn the latter for nothing."""
    for data in prepared.values():
        assert 3 < data.baseline < 4.2
        assert data.classical < 0.5 * data.baseline
