"""Number words: cases written by hand, an inverse by other rules for all numbers, and no word for two of them."""

import re

import pytest

from rnn.tasks.numerals import KOREAN, LARGEST, english, korean

BY_HAND = {
    0: ("영", "zero"),
    1: ("일", "one"),
    9: ("구", "nine"),
    10: ("십", "ten"),
    11: ("십일", "eleven"),
    14: ("십사", "fourteen"),
    20: ("이십", "twenty"),
    40: ("사십", "forty"),
    86: ("팔십육", "eighty-six"),
    99: ("구십구", "ninety-nine"),
    100: ("백", "one hundred"),
    101: ("백일", "one hundred one"),
    111: ("백십일", "one hundred eleven"),
    310: ("삼백십", "three hundred ten"),
    1000: ("천", "one thousand"),
    1001: ("천일", "one thousand one"),
    1100: ("천백", "one thousand one hundred"),
    2013: ("이천십삼", "two thousand thirteen"),
    3521: ("삼천오백이십일", "three thousand five hundred twenty-one"),
    7777: ("칠천칠백칠십칠", "seven thousand seven hundred seventy-seven"),
    9080: ("구천팔십", "nine thousand eighty"),
}
EVERY = range(LARGEST + 1)
UNITS = {"십": 10, "백": 100, "천": 1000}
# irregular forms by hand; the others follow from the digits
ENGLISH = {
    **{word: value for value, word in enumerate(["zero", "one", "two", "three", "four", "five", "six"])},
    **{word: value for value, word in enumerate(["seven", "eight", "nine", "ten", "eleven", "twelve"], 7)},
    "thirteen": 13,
    "fifteen": 15,
    "eighteen": 18,
    **{f"{digit}teen": value + 10 for digit, value in (("four", 4), ("six", 6), ("seven", 7), ("nine", 9))},
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "eighty": 80,
    **{f"{digit}ty": 10 * value for digit, value in (("six", 6), ("seven", 7), ("nine", 9))},
}


def read_korean(text):
    """A unit takes the digit right before it, or one."""
    total, digit = 0, None
    for syllable in text:
        if syllable in UNITS:
            total, digit = total + (digit or 1) * UNITS[syllable], None
        else:
            digit = "영일이삼사오육칠팔구".index(syllable)
    return total + (digit or 0)


def read_english(text):
    """Sum of words; "hundred" and "thousand" multiply what stands before them."""
    total = part = 0
    for word in re.split("[ -]", text):
        if word == "thousand":
            total, part = total + 1000 * part, 0
        elif word == "hundred":
            part *= 100
        else:
            part += ENGLISH[word]
    return total + part


@pytest.mark.parametrize("number", BY_HAND)
def test_by_hand(number):
    assert (korean(number), english(number)) == BY_HAND[number]


@pytest.mark.parametrize(("write", "read"), [(korean, read_korean), (english, read_english)])
def test_reading_gives_the_number_back(write, read):
    """So no two numbers have the same words either."""
    assert [read(write(number)) for number in EVERY] == list(EVERY)


def test_one_is_left_out_before_units_alone():
    assert all(not re.search("일[십백천]", korean(number)) for number in EVERY)
    assert sum("일" in korean(number) for number in EVERY) == 1000, "at the end of every number that ends in 1"


def test_korean_signs_are_those_named():
    assert {sign for number in EVERY for sign in korean(number)} == set(KOREAN)


def test_hyphens_join_tens_and_ones_alone():
    for number in EVERY:
        tens, ones = divmod(number % 100, 10)
        assert english(number).count("-") == (tens > 1 and ones > 0)
        assert " and " not in english(number)


@pytest.mark.parametrize("number", [-1, 10_000])
@pytest.mark.parametrize("write", [korean, english])
def test_other_numbers_are_refused(write, number):
    with pytest.raises(ValueError, match=f"from 0 to 9999, not for {number}"):
        write(number)
