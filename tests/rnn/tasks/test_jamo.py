"""Hangul as jamo: the arithmetic of the Unicode Standard, and names that tell all symbols apart."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from rnn.tasks.jamo import decompose, letter

BLOCKS = [chr(code) for code in range(0xAC00, 0xD7A4)]


def test_every_block_is_decomposed_by_the_arithmetic_of_the_standard():
    """Section 3.12: 588 blocks an initial, 28 a vowel."""
    for i, block in enumerate(BLOCKS):
        final = chr(0x11A7 + i % 28) if i % 28 else ""
        assert decompose(block) == chr(0x1100 + i // 588) + chr(0x1161 + i % 588 // 28) + final


@given(st.text(st.sampled_from([*BLOCKS[::97], "a", " ", "\n", "ㅋ", "é"])))
def test_every_spelling_becomes_the_same_jamo(text):
    assert decompose(unicodedata.normalize("NFD", text)) == decompose(unicodedata.normalize("NFC", text))
    assert unicodedata.normalize("NFC", decompose(text)) == unicodedata.normalize("NFC", text)


def test_all_jamo_and_letters_have_names_of_their_own():
    symbols = sorted({sign for block in BLOCKS for sign in block + decompose(block)} | set("ㄱㅋㅎㅏㅠ()-ab"))
    assert len({letter(symbol) for symbol in symbols}) == len(symbols)
    assert len({sign for block in BLOCKS for sign in decompose(block)}) == 19 + 21 + 27


def test_names():
    assert [letter(sign) for sign in decompose("닭꽃위")] == ["ㄷ", "ㅏ", "-ㄺ", "ㄲ", "ㅗ", "-ㅊ", "ㅇ", "ㅟ"]
    assert [letter(sign) for sign in "ㅋ닭a\n"] == ["(ㅋ)", "닭", "a", "\n"]
    assert letter("\u115f") == "\u115f", "a filler, which is no letter"
