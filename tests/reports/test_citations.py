"""The works that sources of reference cases name are in the bibliography."""

import re
from pathlib import Path

import pytest

import reports
from reports import citations
from tests.reference.rows import measured

KNOWN = set(
    re.findall(r"^@\w+\{([\w-]+),", (Path(reports.__file__).parent / "references.bib").read_text("utf-8"), re.MULTILINE)
)
QUICK = [f"A{n}" for n in range(1, 23) if n != 7]  # A7 takes half a minute; its sources are those of A8


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("closed form", []),
        ("computed for this study, 2000 draws", []),
        ("Doya 1993", ["doya1993"]),
        ("Cho et al. 2014, version 1 of the preprint", ["cho2014"]),
        ("the set of Kudo, Toyama & Shimbo (1999)", ["kudo1999"]),
        ("Boulanger-Lewandowski et al. (2012)", ["boulanger-lewandowski2012"]),
        ("Cleeremans, Servan-Schreiber & McClelland 1989; Box & Jenkins 1970", ["box1970", "cleeremans1989"]),
    ],
)
def test_first_author_and_year_are_the_key(source, keys):
    assert citations.keys([source]) == keys


def test_every_work_that_a_source_names_is_in_the_bibliography():
    for row in QUICK:
        for case in measured(row):
            named = citations.keys([case.source])
            assert len(named) == len(re.findall(r"\b(?:19|20)\d\d\b(?! draws)", case.source)), case.source
            assert set(named) <= KNOWN


def test_of_the_works_that_a_data_card_names_only_known_ones_are_cited():
    sources = ["made by Kudo, Toyama & Shimbo (1999)", "Nobody & Noone (1900)", "Boulanger-Lewandowski et al. (2012)"]
    assert citations.known(sources) == ["boulanger-lewandowski2012", "kudo1999"]
    assert citations.known([]) == []
