"""Number words from 0 to 9999, Sino-Korean and English.

Korean: digit and unit by turns, 일 (one) left out before 십, 백 and 천; no spaces. English: American, without "and",
with a hyphen from twenty-one to ninety-nine.
"""

LARGEST = 9999

KOREAN_DIGITS = "영일이삼사오육칠팔구"
KOREAN_UNITS = "천백십"  # 1000, 100, 10
KOREAN = KOREAN_DIGITS + KOREAN_UNITS

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def korean(number: int) -> str:
    """Return a number in Korean: 3521 is 삼천오백이십일."""
    digits = _digits(number)
    if number == 0:
        return KOREAN_DIGITS[0]
    words = []
    for digit, unit in zip(digits, (*KOREAN_UNITS, ""), strict=True):
        if digit:
            words.append(unit if digit == 1 and unit else KOREAN_DIGITS[digit] + unit)
    return "".join(words)


def english(number: int) -> str:
    """Return a number in English: 3521 is three thousand five hundred twenty-one."""
    thousands, hundreds, tens, ones = _digits(number)
    words = []
    if thousands:
        words += [DIGITS[thousands], "thousand"]
    if hundreds:
        words += [DIGITS[hundreds], "hundred"]
    if tens == 1:
        words.append(TEENS[ones])
    elif tens:
        words.append(TENS[tens - 2] + (f"-{DIGITS[ones]}" if ones else ""))
    elif ones or not words:
        words.append(DIGITS[ones])
    return " ".join(words)


def _digits(number: int) -> list[int]:
    if not 0 <= number <= LARGEST:
        raise ValueError(f"Number words are known from 0 to {LARGEST}, not for {number}.")
    return [int(digit) for digit in f"{number:04}"]
