"""Charts as SVG: one specification, drawn the same in every process."""

from __future__ import annotations

import re
from typing import Any

import vl_convert

from reports import fonts
from reports.bundle import VEGA_LITE
from reports.figures.figure import legend_columns, theme

# Attributes that say where something stands, in px, with more decimals than anyone sees.
PLACE = re.compile(r' (?:d|transform|[xy][12]?|width|height)="[^"]*"')
UNSEEN = re.compile(r'<path class="(?:back|fore)ground" d="[^"]*"(?: (?:display|pointer-events)="none")*/>')
LONG = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")


def svg(spec: dict[str, Any]) -> str:
    """Return a chart in the printed look."""
    vl_convert.register_font_directory(str(fonts.text_folder()))
    drawn = vl_convert.vegalite_to_svg({**spec, "config": theme(legend_columns(spec))}, vl_version=VEGA_LITE)
    # An image's parts are not read out, its alternative text is, and nobody points at them or gives them a style; the
    # words for it, and shapes without a colour that only catch the pointer, would be most of the file.
    drawn = UNSEEN.sub("", drawn)
    drawn = re.sub(r' (?:aria-\w+|role|class|pointer-events)="[^"]*"', "", drawn)
    drawn = re.sub(r"<[^>]+>", lambda tag: PLACE.sub(_shorter, tag[0]), drawn)
    # Numbers in names count all charts of the process: without new ones the bytes would depend on the order of drawing.
    names: dict[str, str] = {}
    return re.sub(
        r'(?<=[#"])(clip|gradient_)(\d+)', lambda found: names.setdefault(found[0], f"{found[1]}{len(names)}"), drawn
    )


def with_fonts(drawn: str) -> str:
    """Return a drawing with its fonts inside, for a page that shows it as an image."""
    words = "".join(re.findall(r"<text[^>]*>([^<]*)<", drawn))
    faces = fonts.text_faces(words, ("FiraSans-Regular.ttf", "FiraSans-Bold.ttf"))
    start = drawn.index(">", drawn.index("<svg")) + 1
    return f"{drawn[:start]}<style>{faces}</style>{drawn[start:]}"


def _shorter(attribute: re.Match[str]) -> str:
    return LONG.sub(lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), attribute[0])
