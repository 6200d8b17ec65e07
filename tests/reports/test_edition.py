"""The finished report: the same bytes again, complete in itself, usable by everyone."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import uharfbuzz

from reports import fonts
from reports.edition import build_edition
from reports.figures.figure import Series
from rnn.errors import StudyError
from tests.reports.synthetic import study

LINKS = {"a"}  # elements that may point outside: a reference's DOI


class Elements(HTMLParser):
    """All start tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="session")
def page(edition: Path) -> str:
    return (edition / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def elements(page: str) -> list[tuple[str, dict[str, str | None]]]:
    return Elements(page).found


def test_built_twice_in_other_processes_the_bytes_are_the_same(edition, troubled, tmp_path):
    code = "import sys; from pathlib import Path; import reports; reports.build(*map(Path, sys.argv[1:]))"
    again = tmp_path / "again"
    subprocess.run(
        [sys.executable, "-c", code, str(troubled), str(again)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Seoul"},
    )
    for name in ("report.json", "report.html", "report.pdf"):
        assert (edition / name).read_bytes() == (again / name).read_bytes(), name


def test_the_page_asks_for_nothing_outside_itself(elements):
    for tag, attributes in elements:
        for name in ("src", "href", "data", "srcset", "action", "poster", "xlink:href"):
            address = attributes.get(name) or ""
            if re.match(r"\w+:|//", address) and not address.startswith("data:"):
                assert tag in LINKS, f"<{tag} {name}={address[:60]}>"


def test_nothing_but_the_own_script_may_run_and_nothing_may_connect(page):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert re.search(r"script-src 'sha256-[\w+/=]+';", policy)


def test_the_page_is_small_enough_to_send(page):
    assert len(page.encode()) < 8e6


def test_the_page_can_be_used_without_eyes_or_mouse(edition, page, elements):
    assert re.search(r'<html lang="en', page)
    assert "<title>Why a vanilla RNN forgets, and what gates change</title>" in page
    first_link = next(attributes for tag, attributes in elements if tag == "a")
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert first_link["href"].removeprefix("#") in ids
    assert len(ids) == len(set(ids))
    assert sum(tag == "h1" for tag, _ in elements) == 1
    images = [attributes for tag, attributes in elements if tag == "img"]
    assert len(images) == len(json.loads((edition / "report.json").read_text(encoding="utf-8"))["figures"])
    assert all(attributes["alt"] for attributes in images)
    headers = sum(tag == "thead" for tag, _ in elements)
    assert headers == sum(tag == "table" for tag, _ in elements)


def test_every_link_inside_the_page_leads_somewhere(elements):
    ids = {attributes["id"] for _, attributes in elements if "id" in attributes}
    targets = {a["href"][1:] for tag, a in elements if tag == "a" and (a.get("href") or "").startswith("#")}
    assert targets <= ids


def test_all_characters_have_a_glyph(page):
    text = re.sub(r"(?s)<(script|style|math).*?</\1>|<[^>]+>", " ", page)
    glyphs = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(fonts.text_folder() / "FiraSans-Regular.ttf"))).unicodes
    missing = {character for character in text if ord(character) not in glyphs and not character.isspace()}
    assert missing <= {"\u200b"}  # a place where a long digest may break has no glyph


def test_the_document_is_accessible_and_has_a_date_from_the_tables(edition):
    pdf = (edition / "report.pdf").read_bytes()
    assert b"/MarkInfo" in pdf
    assert b"pdfuaid" in pdf
    assert b"/Outlines" in pdf
    assert b"D:20260415" in pdf


def test_the_json_holds_what_is_printed(edition, page):
    printed = json.loads((edition / "report.json").read_text(encoding="utf-8"))
    for _, findings in printed["abstract"]:
        plain = re.sub(r"<[^>]+>", "", page)
        assert findings.split(". ")[0].replace("W_hh", "Whh") in plain


def test_no_picture_is_a_bitmap(page):
    assert "data:image/png" not in page


def test_a_text_that_asks_for_what_is_not_there_fails(troubled, tmp_path, monkeypatch):
    study({"co2": [13]}, seeds=1, models=[("gru", "default")]).write(tmp_path)
    monkeypatch.setattr("reports.edition.document", lambda inputs, drawn: {"title": "nothing else"})
    with pytest.raises(StudyError, match="does not fit the document"):
        build_edition(tmp_path, tmp_path, troubled / ".cache")


def test_a_missing_font_package_is_named(monkeypatch):
    monkeypatch.setattr("reports.fonts.TEXT_FOLDER", ("no_such_package", "files"))
    with pytest.raises(StudyError, match="no_such_package, which carries fonts of the report, is missing: run make"):
        fonts.text_folder()


def test_cells_differ_in_colour_dash_and_shape():
    series = Series.of_cells(["rnn", "lstm", "gru", "another"])
    for looks in (series.colours, [tuple(dash) for dash in series.dashes], series.shapes):
        assert len(set(looks)) == 4


def test_one_task_without_a_criterion_one_cell_and_one_seed_make_a_report(troubled, tmp_path):
    made = study({"co2": [13]}, seeds=1, models=[("gru", "default")])
    build_edition(made.write(tmp_path), tmp_path, troubled / ".cache")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "There is one seed, hence no interval." in text
    assert "This experiment trains no network on “hello”." in text
