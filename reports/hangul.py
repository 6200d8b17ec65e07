"""Korean words in Latin letters, for a text whose fonts have no Korean ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

WORD = re.compile("[가-힣]+")
NAMED = "HANGUL SYLLABLE "


def in_latin_letters(text: str) -> str:
    """Return a text with its Korean syllables in Latin letters, joined by hyphens in a word; the rest untouched.

    The letters are those of a syllable's name in the Unicode Standard: a transliteration, no transcription of sounds.
    """
    whole = unicodedata.normalize("NFC", text) if re.search("[\u1100-\u11ff]", text) else text
    return WORD.sub(lambda word: "-".join(unicodedata.name(s).removeprefix(NAMED).lower() for s in word[0]), whole)


def everywhere(content: Any) -> Any:
    """Return a JSON-able value with all its texts in Latin letters."""
    if isinstance(content, str):
        return in_latin_letters(content)
    if isinstance(content, Mapping):
        return {name: everywhere(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return type(content)(everywhere(value) for value in content)
    return content
