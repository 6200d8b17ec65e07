"""Korean words in Latin letters, for a text whose fonts have no Korean ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

# Revised Romanization of Korean (Ministry of Culture and Tourism, 2000), letter by letter: sounds that change beside
# others are not followed. The order is that of Unicode's block of syllables.
FIRST = "g kk n d tt r m b pp s ss  j jj ch k t p h".split(" ")
VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(" ")
LAST = " k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split(" ")
BLOCK = ord("가")
WORD = re.compile("[가-힣]+")


def in_latin_letters(text: str) -> str:
    """Return a text with its Korean syllables in Latin letters, joined by hyphens in a word; the rest untouched."""
    whole = unicodedata.normalize("NFC", text) if re.search("[\u1100-\u11ff]", text) else text
    return WORD.sub(lambda word: "-".join(map(_syllable, word[0])), whole)


def everywhere(content: Any) -> Any:
    """Return a JSON-able value with all its texts in Latin letters."""
    if isinstance(content, str):
        return in_latin_letters(content)
    if isinstance(content, Mapping):
        return {name: everywhere(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return type(content)(everywhere(value) for value in content)
    return content


def _syllable(syllable: str) -> str:
    first, rest = divmod(ord(syllable) - BLOCK, len(VOWELS) * len(LAST))
    vowel, last = divmod(rest, len(LAST))
    return FIRST[first] + VOWELS[vowel] + LAST[last]
