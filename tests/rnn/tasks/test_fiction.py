"""Korean fiction: what frames a story is removed, whole stories make the splits, and syllables are jamo."""

import unicodedata

import numpy as np
import pytest

from rnn.errors import DataError
from rnn.streams import stream
from rnn.tasks import TASKS
from rnn.tasks.characters import STRETCH, draw_split, symbol_name
from rnn.tasks.fiction import FILES, PARTS, STRETCHES, WORKS, story
from rnn.tasks.jamo import decompose

TASK = "fiction"
LENGTHS = (20, 50)


@pytest.fixture(scope="module")
def stories():
    return {title: story((TASKS[TASK].folder / name).read_bytes(), name) for title, name in FILES.items()}


@pytest.fixture(scope="module")
def prepared():
    return {length: TASKS[TASK].prepare(length, 7) for length in LENGTHS}


@pytest.fixture(scope="module")
def titles():
    return draw_split(list(WORKS), PARTS, stream("splits", 7, TASK))


def test_only_the_story_is_left():
    framed = (
        "\ufeff     제목 하나\r\n\r\n    현 진 건   \r\n[목차]\r\n1. 처음 장\r\n2. 둘째 장\r\n\r\n"
        "  첫\u3000 문장.\t그리고 5. 1. 둘.\r\n\r\n<말>이 있다. ― 『책』이다.\r\n\r\n"
        "― 『개벽』, 48호(1924.6)\r\n<끝>\r\n"
    )
    assert story(framed.encode(), "x") == "첫 문장. 그리고 5. 1. 둘.\n<말>이 있다. ― 『책』이다."
    assert story("나는 유쾌하오.\n\n\n둘.".encode(), "x") == "나는 유쾌하오.\n둘."


def test_the_frames_of_the_files_are_gone(stories):
    for text in stories.values():
        for mark in ("[목차]", "1. 처음", "『개벽』", "<끝>", "현 진 건", "\ufeff", "\r", "  ", "\n\n"):
            assert mark not in text
        assert text.count("\n") == 249


def test_another_encoding_is_refused():
    with pytest.raises(DataError, match=r"^x is not the UTF-8 text .*download it again\.$"):
        story("날개".encode("cp949"), "x")


def test_no_text_stands_in_two_splits(prepared, stories, titles):
    """Every story is in one split, and every window with its last target in a story of its own split alone."""
    assert sorted(title for part in titles.values() for title in part) == sorted(stories)
    assert {part: len(of_part) for part, of_part in titles.items()} == {"train": 6, "valid": 1, "test": 1}
    data = prepared[50]
    spelled = {title: [symbol_name(sign) for sign in decompose(text)] for title, text in stories.items()}
    known = set(data.symbols)
    spelled = {title: " ".join(s if s in known else "unknown" for s in text) for title, text in spelled.items()}
    for part in titles:
        split = getattr(data, part)
        for x, y in list(zip(split.x, split.y, strict=True))[:: max(1, len(split) // 30)]:
            shown = " ".join(data.symbols[code] for code in [*x, y[-1]])
            assert {title for title, text in spelled.items() if shown in text} <= set(titles[part])
            assert any(shown in spelled[title] for title in titles[part])


def test_the_card_names_the_stories(prepared, titles):
    for data in prepared.values():
        for of_part in titles.values():
            for title in of_part:
                assert f"{title} ({WORKS[title]})" in data.card["notes"]


def test_all_lengths_ask_for_the_same_jamo(prepared):
    for part, n in STRETCHES.items():
        first, second = (getattr(data, part) for data in prepared.values())
        assert first.y.size == n * STRETCH
        np.testing.assert_array_equal(first.y.reshape(-1), second.y.reshape(-1))


def test_spelling_of_the_file_does_not_matter(stories):
    text = stories["날개"]
    assert decompose(story(unicodedata.normalize("NFD", text).encode(), "x")) == decompose(text)


def test_example_is_composed_again(prepared, stories, titles):
    shown = prepared[50].card["example"].partition(": ")[2]
    assert unicodedata.normalize("NFC", stories[titles["test"][0]]).startswith(shown[:20])
