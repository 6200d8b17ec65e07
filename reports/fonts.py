"""Fonts: found in packages that carry them, never taken from the system; cut down to the characters a page uses."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import uharfbuzz

from rnn.errors import StudyError

TEXT_FOLDER = ("fontpkg_fira_sans", "files")  # package, folder inside it
MATH_FOLDER = ("ziamath", "fonts")
TEXT_FILES = {  # (weight, style) by file
    "FiraSans-Regular.ttf": (400, "normal"),
    "FiraSans-Italic.ttf": (400, "italic"),
    "FiraSans-SemiBold.ttf": (600, "normal"),
    "FiraSans-Bold.ttf": (700, "normal"),
}
MATH_FILE = "STIXTwoMath-Regular.ttf"
TEXT_FAMILY, MATH_FAMILY = "Fira Sans", "STIX Two Math"
FEATURES = (b"kern", b"lnum", b"tnum", b"ssty", b"dtls")  # the last two: maths in small sizes and under accents
ASCII = frozenset(map(chr, range(0x20, 0x7F)))  # what live charts may write on a page


def text_folder() -> Path:
    """Return the folder of the text fonts."""
    return _folder(*TEXT_FOLDER)


def math_folder() -> Path:
    """Return the folder of the mathematical font."""
    return _folder(*MATH_FOLDER)


def text_faces(characters: Iterable[str], files: Iterable[str] = TEXT_FILES) -> str:
    """Return style rules that embed the text fonts with the given characters."""
    wanted, faces = set(characters), []
    for name in files:
        weight, style = TEXT_FILES[name]
        faces.append(_face(TEXT_FAMILY, weight, style, subset(text_folder() / name, wanted)))
    return "".join(faces)


def math_face(characters: Iterable[str]) -> str:
    """Return the style rule that embeds the mathematical font with the given characters."""
    return _face(MATH_FAMILY, 400, "normal", subset(math_folder() / MATH_FILE, characters))


def subset(file: Path, characters: Iterable[str]) -> bytes:
    """Return a font cut down to some characters, with kerning and tabular figures."""
    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update({ord(character) for character in characters})
    wanted.layout_feature_tag_set.update(int.from_bytes(tag, "big") for tag in FEATURES)
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING
    return uharfbuzz.subset(_font(file), wanted).blob.data


@cache
def _font(file: Path) -> uharfbuzz.Face:
    if not file.is_file():
        raise StudyError(f"The font {file} is missing: run make clean, then make, to install data.lock anew.")
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file)))


def _face(family: str, weight: int, style: str, font: bytes) -> str:
    data = base64.b64encode(font).decode("ascii")
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{style};'
        f'src:url(data:font/ttf;base64,{data}) format("truetype")}}'
    )


def _folder(package: str, inside: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise StudyError(
            f"The package {package}, which carries fonts of the report, is missing: run make to install data.lock."
        )
    return Path(spec.submodule_search_locations[0]) / inside
