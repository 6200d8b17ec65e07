"""Korean words in Latin letters: published examples whose sounds do not change beside one another."""

import unicodedata

import pytest

from reports.hangul import FIRST, LAST, VOWELS, everywhere, in_latin_letters


def test_the_letters_are_those_of_the_block_of_syllables():
    assert len(FIRST) * len(VOWELS) * len(LAST) == ord("힣") - ord("가") + 1


@pytest.mark.parametrize(
    ("korean", "latin"),
    [
        ("가", "ga"),
        ("힣", "hit"),
        ("서울", "seo-ul"),
        ("부산", "bu-san"),
        ("대구", "dae-gu"),
        ("인천", "in-cheon"),
        ("광주", "gwang-ju"),
        ("팔천", "pal-cheon"),
        ("삼십 -> thirty", "sam-sip -> thirty"),
        ("left as it is: é ×", "left as it is: é ×"),
    ],
)
def test_every_syllable_is_written_by_its_letters(korean, latin):
    assert in_latin_letters(korean) == latin
    if korean != latin:
        assert in_latin_letters(unicodedata.normalize("NFD", korean)) == latin


def test_all_texts_of_a_document_are_written_so():
    content = {"a": ["삼", ("사", 5, None)], "b": {"c": True}}
    assert everywhere(content) == {"a": ["sam", ("sa", 5, None)], "b": {"c": True}}
