"""Hangul as a sequence of jamo, the letters that a syllable block is made of (Unicode Standard, section 3.12).

The canonical decomposition (NFD) writes each of the 11,172 blocks as an initial consonant, a vowel and at times a final
consonant, so that some 67 symbols spell them all.
"""

import unicodedata


def decompose(text: str) -> str:
    """Return a text in NFD, by way of NFC, so that every spelling of the same text becomes the same sequence."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFC", text))


def letter(symbol: str) -> str:
    """Return how a symbol is printed on its own, a name that no other symbol has.

    Initials and vowels as the letters that they are, finals with a hyphen before them, and letters that were typed
    on their own, outside any syllable, in brackets. Any other symbol is its own name.
    """
    name = unicodedata.name(symbol, "")
    if name.startswith("HANGUL LETTER "):
        return f"({symbol})"
    kind, _, which = name.removeprefix("HANGUL ").partition(" ")
    if kind not in ("CHOSEONG", "JUNGSEONG", "JONGSEONG"):
        return symbol
    try:
        alone = unicodedata.lookup(f"HANGUL LETTER {which}")
    except KeyError:  # an old letter that has no form of its own
        return symbol
    return f"-{alone}" if kind == "JONGSEONG" else alone
