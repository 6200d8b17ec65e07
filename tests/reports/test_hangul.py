"""Korean words in Latin letters: every syllable by its own."""

import unicodedata

import pytest

from reports.hangul import everywhere, in_latin_letters


@pytest.mark.parametrize(
    ("korean", "latin"),
    [
        ("가", "ga"),
        ("힣", "hih"),
        ("서울", "seo-ul"),
        ("부산", "bu-san"),
        ("팔천", "pal-ceon"),
        ("삼십 -> thirty", "sam-sib -> thirty"),
    ],
)
def test_every_syllable_is_written_by_its_letters(korean, latin):
    assert in_latin_letters(korean) == latin
    assert in_latin_letters(unicodedata.normalize("NFD", korean)) == latin


def test_no_two_syllables_look_alike():
    syllables = [chr(place) for place in range(ord("가"), ord("힣") + 1)]
    assert len(set(map(in_latin_letters, syllables))) == len(syllables)


@pytest.mark.parametrize("text", ["", "é × 10⁻³", "e\u0301"])
def test_other_texts_are_left_as_they_are(text):
    assert in_latin_letters(text) == text


def test_all_texts_of_a_document_are_written_so():
    content = {"a": ["삼", ("사", 5, None)], "b": {"c": True}}
    assert everywhere(content) == {"a": ["sam", ("sa", 5, None)], "b": {"c": True}}
