"""Which entries of the bibliography the sources of reference cases name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

BIBLIOGRAPHY = Path(__file__).parent / "references.bib"

# "Pascanu, Mikolov & Bengio 2013", "Cho et al. (2014)", "Doya 1993": the first author and the year.
CITED = re.compile(r"([A-Z][\w-]+)(?:(?:, [A-Z][\w-]+)* & [A-Z][\w-]+| et al\.)? \(?(\d{4})")


def keys(sources: Iterable[str]) -> list[str]:
    """Return the keys of the works that sources name, sorted: first author and year, as in ``references.bib``."""
    return sorted({f"{author.lower()}{year}" for source in sources for author, year in CITED.findall(source)})


def known(sources: Iterable[str]) -> list[str]:
    """Return the same of those works that are in the bibliography: a data card names its sources in its own words."""
    entries = re.findall(r"^@\w+\{([\w-]+),", BIBLIOGRAPHY.read_text(encoding="utf-8"), re.MULTILINE)
    return [key for key in keys(sources) if key in entries]
