"""Translation without a network: a table of phrases that follow one another, learned from pairs of texts.

Two pairs whose source and target both begin alike teach what the rest means: 삼천 is three thousand and 삼천오백 is
three thousand five hundred, so 오백 after 천 is five hundred. A new text is a known beginning and such a phrase.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping


class PhraseTable:
    """Phrases by the source symbol before them; where pairs disagree, the commonest meaning counts."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """Learn from pairs: sources as symbols, targets as words with blanks between them."""
        self._known = known
        meanings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for source, target in known.items():
            for cut in range(1, len(source)):
                beginning = known.get(source[:cut])
                if beginning is not None and target.startswith(f"{beginning} "):
                    meanings[source[cut - 1], source[cut:]][target[len(beginning) :]] += 1
        self._phrases = {phrase: counts.most_common(1)[0][0] for phrase, counts in meanings.items()}

    def translate(self, source: str) -> str | None:
        """Return a known target or that of the longest known beginning with its phrase; None where there is none."""
        if source in self._known:
            return self._known[source]
        for cut in range(len(source) - 1, 0, -1):
            phrase = self._phrases.get((source[cut - 1], source[cut:]))
            if phrase is not None and source[:cut] in self._known:
                return self._known[source[:cut]] + phrase
        return None
