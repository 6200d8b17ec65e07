"""The page as a visitor's browser shows it."""

import json
from pathlib import Path

import pytest

from tests.reports.browser import CHROMIUM, Page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

# Scrolls to each chart as a reader would and waits until it is live; gives up after half a minute each.
ALL_LIVE = """(async () => {
  let live = 0;
  for (const chart of document.querySelectorAll('.chart')) {
    chart.scrollIntoView({behavior: 'instant'});
    for (let i = 0; i < 300 && !('live' in chart.dataset); i++) await new Promise(done => setTimeout(done, 100));
    live += 'live' in chart.dataset;
  }
  return live;
})()"""


@pytest.fixture
def charts(edition: Path) -> int:
    """How many charts the page has."""
    return len(json.loads((edition / "report.json").read_text(encoding="utf-8"))["figures"])


@pytest.fixture(params=[390, 1280])
def width(request: pytest.FixtureRequest) -> int:
    return request.param


def test_all_charts_are_live_and_nothing_is_refused(edition: Path, tmp_path: Path, width: int, charts: int) -> None:
    with Page((edition / "report.html").as_uri(), tmp_path, width) as page:
        assert page.run(ALL_LIVE) == charts
        assert page.run("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
        assert page.problems == []


# Bands of the first chart that are all but gone.
FADED = """[...document.querySelector('.chart').querySelectorAll('path[opacity]')]
  .filter(path => path.getAttribute('opacity') < 0.05).length"""
CENTRE_OF_GRU = """(() => {
  const chart = document.querySelector('.chart');
  chart.scrollIntoView({behavior: 'instant'});
  const entry = [...chart.querySelectorAll('text')].find(text => text.textContent === 'GRU').getBoundingClientRect();
  return [entry.x + entry.width / 2, entry.y + entry.height / 2];
})()"""
WORDS_ARE_LIGHT = """(async () => {
  const words = () => document.querySelector('.chart text').getAttribute('fill');
  for (let i = 0; i < 300 && words() !== '#e6edf3'; i++) await new Promise(done => setTimeout(done, 100));
  return words() === '#e6edf3';
})()"""
PICTURES_SHOWN = """(async () => {
  const pictures = [...document.querySelectorAll('.chart img')];
  await Promise.all(pictures.map(picture => { picture.loading = 'eager'; return picture.decode(); }));
  return pictures.filter(picture => picture.naturalWidth > 0).length;
})()"""


def test_a_click_on_the_legend_leaves_one_series_strong(edition: Path, tmp_path: Path) -> None:
    with Page((edition / "report.html").as_uri(), tmp_path) as page:
        page.run(ALL_LIVE)
        assert page.run(FADED) == 0
        x, y = page.run(CENTRE_OF_GRU)
        for kind in ("mousePressed", "mouseReleased"):
            page.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        page.run("new Promise(done => setTimeout(done, 1000))")
        panels, others = 6, 2
        assert page.run(FADED) == panels * others


def test_a_dark_screen_gets_dark_paper_and_light_words_in_the_charts(edition: Path, tmp_path: Path) -> None:
    with Page((edition / "report.html").as_uri(), tmp_path) as page:
        page.run(ALL_LIVE)
        page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"
        assert page.run(WORDS_ARE_LIGHT)


def test_without_scripts_the_still_pictures_stay(edition: Path, tmp_path: Path, charts: int) -> None:
    page_file = tmp_path / "still.html"
    text = (edition / "report.html").read_text(encoding="utf-8")
    page_file.write_text(text.replace("script-src 'sha256-", "script-src 'sha256-0"), encoding="utf-8")
    with Page(page_file.as_uri(), tmp_path / "profile") as page:
        assert page.run(PICTURES_SHOWN) == charts
