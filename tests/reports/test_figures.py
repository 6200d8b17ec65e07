"""Figures of many tasks stay readable: few panels, in rows that fit a page and a phone, thinned lines."""

import re
from urllib.parse import unquote

import pytest

from reports import drawing, web
from reports.figures import gradient, score, training
from reports.figures.bands import DRAWN
from reports.figures.figure import Series
from reports.inputs import Setting
from reports.variants import ACTIVATIONS
from tests.reports.synthetic import study


def panels(figure):
    return list(dict.fromkeys(row["panel"] for row in figure.spec["datasets"]["rows"]))


def test_the_overview_shows_one_task_a_family_before_and_after_training(every, made, read):
    figure = gradient.by_cell(read(every))
    assert panels(figure) == [
        f"{task}, {when}"
        for task in ("adding, T = 40", "reviews, k = 200", "shakespeare, T = 50")
        for when in ("before", "after")
    ]
    assert "one task of each family (“adding”, “reviews” and “shakespeare”)" in figure.caption
    assert gradient.by_cell(read(study({"co2": [13]}, seeds=1))).caption.count("of each task, before and after") == 1


def test_all_tasks_stand_three_in_a_row_unless_the_overview_has_them(every, read):
    figure = gradient.by_task(read(every), "init")
    assert len(panels(figure)) == 7
    assert figure.spec["columns"] == 3
    assert gradient.by_task(read(study({"co2": [13], "hello": [4]}, seeds=1)), "init") is None


def test_of_many_lengths_three_are_drawn(read):
    lengths = {"adding": [5, 6, 7, 8, 9, 10], "co2": [13, 26], "hello": [4]}
    inputs = read(study(lengths, seeds=1))
    assert panels(gradient.by_length(inputs, "time series")) == [
        "adding, T = 5",
        "adding, T = 7",
        "adding, T = 10",
        "co2, T = 13",
        "co2, T = 26",
    ]
    assert gradient.by_length(inputs, "character sequences") is None


def test_variants_are_drawn_on_the_tasks_that_have_them(every, read):
    inputs = read(every)
    assert {panel.split(",")[0] for panel in panels(gradient.by_variant(inputs, "rnn", ACTIVATIONS))} == {
        "hello",
        "adding",
        "reviews",
    }
    assert panels(score.by_variant(inputs, "rnn", ACTIVATIONS)) == ["adding", "co2", "sunspots", "reviews"]


def test_on_a_phone_panels_are_fewer_and_narrower(every, read):
    inputs = read(every)
    for figure, on_phone in ((gradient.by_cell(inputs), 2), (training.curves(inputs), 2), (score.by_cell(inputs), 1)):
        narrow = figure.spec["usermeta"]["narrow"]
        assert narrow["columns"] == on_phone < figure.spec["columns"] + 1
        assert narrow["columns"] * (narrow["width"] + 45) < 400


def test_more_rows_of_panels_share_the_height_of_three(every, read):
    inputs = read(every)
    names = [f"panel {i}" for i in range(7)]
    setting = Setting("adding", "lstm", "default", 40)
    found = gradient.lines(inputs, [(name, "LSTM", setting, "init") for name in names])
    for columns, height in ((3, 125), (2, 93)):
        spec = gradient.chart(found, Series.of_cells(["lstm"]), names, "cell", columns)
        assert spec["spec"]["height"] == height


def test_a_long_line_is_thinned_but_keeps_its_ends(read):
    inputs = read(study({"adding": [200]}, seeds=1, models=[("gru", "default")]))
    rows = [row for row in gradient.by_cell(inputs).spec["datasets"]["rows"] if row["panel"].endswith("before")]
    assert len(rows) == DRAWN
    assert (rows[0]["lag"], rows[-1]["lag"]) == (0, 199)
    assert rows[0]["mark"]
    assert rows[-1]["mark"]


def test_a_length_is_called_what_it_is_when_pointed_at(every, read):
    rows = score.by_cell(read(every)).spec["datasets"]["rows"]
    assert {row["where"] for row in rows if row["panel"] == "reviews"} == {"k = 0", "k = 10", "k = 200"}


def test_pictures_hold_no_words_that_are_not_read_out(every, read):
    drawn = drawing.svg(gradient.by_cell(read(every)).spec)
    assert "aria-" not in drawn
    assert "role=" not in drawn


def test_a_fixed_line_is_drawn_once_a_panel(every, read):
    inputs = read(every)
    for figure, line in ((gradient.by_cell(inputs), 'stroke-dasharray="2,3"'), (score.by_cell(inputs), '="2,3"')):
        drawn = drawing.svg(figure.spec)
        assert len(re.findall(rf"<line [^>]*{line}", drawn)) == len(panels(figure))


def test_places_have_no_more_decimals_than_can_be_seen(every, read):
    drawn = drawing.svg(training.curves(read(every)).spec)
    places = "".join(re.findall(r' (?:d|transform|[xy][12]?|width|height)="([^"]*)"', drawn))
    assert re.search(r"\d\.\d\d\b", places)
    assert not re.search(r"\d\.\d{3}", places)
    assert not re.search(r"[eE]-?\d", places)


def test_words_keep_their_decimals(monkeypatch):
    monkeypatch.setattr(
        "vl_convert.vegalite_to_svg",
        lambda *_, **__: '<svg><text x="1.23456">0.001234</text><path d="M1.005,-2.3456Z"/></svg>',
    )
    assert drawing.svg({}) == '<svg><text x="1.23">0.001234</text><path d="M1,-2.35Z"/></svg>'


def test_a_false_flag_takes_no_place(every, read):
    rows = training.curves(read(every)).spec["datasets"]["rows"]
    assert {row.get("last") for row in rows} == {True, None}


def test_shapes_that_nobody_sees_take_no_place(monkeypatch):
    frame = '<path class="background" d="M0,0h9v9h-9Z" stroke="#ddd"/>'
    unseen = (
        '<path class="background" d="M0,0h9v9h-9Z"/>'
        '<path class="background" d="M0,0h9" pointer-events="none"/>'
        '<path class="foreground" d="" pointer-events="none" display="none"/>'
    )
    drawn = f'<svg><g class="mark" role="x" pointer-events="none">{frame}{unseen}<text>class</text></g></svg>'
    monkeypatch.setattr("vl_convert.vegalite_to_svg", lambda *_, **__: drawn)
    assert drawing.svg({}) == '<svg><g><path d="M0,0h9v9h-9Z" stroke="#ddd"/><text>class</text></g></svg>'


@pytest.mark.parametrize(
    ("drawn", "shown"),
    [
        ('<svg><text x="1">90 % “b”</text></svg>', "<svg><text x='1'>90 % “b”</text></svg>"),
        ('<svg><text x="1">it\'s</text></svg>', '<svg><text x="1">it\'s</text></svg>'),
    ],
)
def test_a_drawing_comes_back_whole_from_its_address(drawn, shown):
    page = web.page('<head></head><body><img src="figure:a"></body>', {"a": drawn}, "")
    image = unquote(re.search(r'src="data:image/svg[^,]*,([^"]*)"', page)[1])
    assert re.sub("<style>.*</style>", "", image) == shown
