"""Tokens set one after another in lines, with the widths that they have in print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import uharfbuzz

from reports import fonts

FILE = "FiraSans-Regular.ttf"


@dataclass(frozen=True)
class Place:
    """Where a token stands: its line, and from where to where in it, in px."""

    line: int
    left: float
    right: float


def in_lines(tokens: Sequence[str], width: float, size: float, padding: float, gap: float) -> list[Place]:
    """Set tokens in lines of about equal width.

    Parameters
    ----------
    width
        Of a line at most, in px; a single token that is wider has a line of its own.
    size
        Of the font, in px.
    padding
        Left and right of each token, inside its place.
    gap
        Between two places.
    """
    widths = [_width(token, size) + 2 * padding for token in tokens]
    n_lines = len(set(_lines(widths, width, gap)))
    # The narrowest width with as few lines: a last line of one word would look like a mistake.
    narrow = max([(sum(widths) + gap * (len(widths) - 1)) / n_lines, *widths])
    while len(set(lines := _lines(widths, min(narrow, width), gap))) > n_lines:
        narrow += 1
    places, left, before = [], 0.0, 0
    for line, token_width in zip(lines, widths, strict=True):
        left = left if line == before else 0.0
        places.append(Place(line, round(left, 1), round(left + token_width, 1)))
        left, before = left + token_width + gap, line
    return places


def _lines(widths: Sequence[float], width: float, gap: float) -> list[int]:
    """Return the line of each token, filled from the first on."""
    line, left, found = 0, 0.0, []
    for of_token in widths:
        if left and left + of_token > width:
            line, left = line + 1, 0.0
        found.append(line)
        left += of_token + gap
    return found


def _width(text: str, size: float) -> float:
    line = uharfbuzz.Buffer()
    line.add_str(text)
    line.guess_segment_properties()
    uharfbuzz.shape(_font(), line)
    return sum(glyph.x_advance for glyph in line.glyph_positions) * size / _font().face.upem


@cache
def _font() -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(fonts.text_folder() / FILE))))
