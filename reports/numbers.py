"""Numbers as text: as many digits as they are worth, powers of ten as powers of ten, counts in words that agree."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MINUS = "−"


def significant(value: float, digits: int = 3) -> str:
    """Return a number with that many significant digits; powers of ten beyond 10^5 and below 10^-3."""
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(float(f"{value:.{digits - 1}e}"))))
    if not -3 <= exponent < 6:
        return power_of_ten(math.log10(abs(value)), negative=value < 0)
    rounded = float(f"{value:.{digits - 1}e}")
    return f"{rounded:,.{max(0, digits - 1 - exponent)}f}".replace("-", MINUS)


def power_of_ten(log10: float, negative: bool = False) -> str:
    """Return 10**log10 as text, also where it is far below the smallest float: 0.21, 3.4 × 10⁻⁵."""
    if -3 <= log10 < 5:
        return significant(-(10**log10) if negative else 10**log10, 2)
    exponent = math.floor(log10)
    mantissa = f"{10 ** (log10 - exponent):.1f}"
    if mantissa == "10.0":
        exponent, mantissa = exponent + 1, "1.0"
    return f"{MINUS if negative else ''}{mantissa} × 10{str(exponent).translate(_SUPERSCRIPT)}"


def tick_power(exponent: int) -> str:
    """Return the label of a logarithmic axis: 1, 10⁻⁴."""
    return "1" if exponent == 0 else f"10{str(exponent).translate(_SUPERSCRIPT)}"


def with_interval(middle: float, low: float, high: float) -> str:
    """Return "0.186 (0.161–0.209)": digits down to the second one of the interval's width, four at most in all."""
    largest = max(abs(low), abs(middle), abs(high))
    if low == high or largest == 0:
        return significant(middle)
    exponent = math.floor(math.log10(largest))
    if not -3 <= exponent < 5:
        scale = 10.0**exponent
        power = f"10{str(exponent).translate(_SUPERSCRIPT)}"
        return f"{with_interval(middle / scale, low / scale, high / scale)} × {power}"
    decimals = min(1 - math.floor(math.log10(high - low)), 3 - exponent)
    texts = [f"{value:.{max(0, decimals)}f}".replace("-", MINUS) for value in (middle, low, high)]
    between = " to " if low < 0 else "–"  # a dash before a minus sign would be misread
    return f"{texts[0]} ({texts[1]}{between}{texts[2]})"


def whole(value: float) -> str:
    """Return a median of whole numbers: 17, or 17.5 between two of them."""
    return f"{value:g}"


def learning_rate(rate: float) -> str:
    """Return a learning rate as it is written in an experiment file."""
    return f"{rate:g}"


def percent(share: float, decimals: int = 0) -> str:
    """Return a share as a percentage, never rounded to all or nothing."""
    value, least = 100 * share, 10.0**-decimals
    if 0 < value < least:
        return f"below {least:g} %"
    if 100 - least < value < 100:
        return f"above {100 - least:g} %"
    return f"{value:.{decimals}f} %"


def counted(n: int, singular: str, plural: str | None = None) -> str:
    """Return "1 run", "1,234 runs"."""
    return f"{n:,} {singular if n == 1 else plural or singular + 's'}"


def listed(items: Sequence[str], conjunction: str = "and") -> str:
    """Return "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def ranges(numbers: Iterable[int]) -> str:
    """Return whole numbers as ranges: "0–3, 7"."""
    groups: list[list[int]] = []
    for number in sorted(numbers):
        if groups and number == groups[-1][-1] + 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    return ", ".join(str(g[0]) if len(g) == 1 else f"{g[0]}–{g[-1]}" for g in groups)


def digest(sha256: str) -> str:
    """Return the part of a digest that is printed."""
    return sha256[:12]
