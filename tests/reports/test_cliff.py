"""The chapter on the cliff: what it draws and says is what the unit does."""

import json

import numpy as np
import pytest

from reports import cliff, surface
from reports.figures import cliff as figures
from reports.sentences import cliff as sentences
from rnn.cliff import saddle_nodes


@pytest.fixture(scope="module")
def drawn():
    return {figure.name: figure for of_section in cliff.figures().values() for figure in of_section}


def rows(figure, kind):
    return [row for row in figure.spec["datasets"]["rows"] if row["kind"] == kind]


def test_every_figure_is_drawn_with_its_words(drawn):
    assert set(drawn) == {"cliff-cut", "cliff"}
    for figure in drawn.values():
        assert all(words.strip() for words in (figure.caption, figure.alt, figure.provenance))
        json.dumps(figure.spec, allow_nan=False)


def test_the_shades_of_the_map_are_the_error(drawn):
    """At random places, away from the edges between shades; every place of the map has one."""
    shades = rows(drawn["cliff"], "shade")
    rng = np.random.default_rng(0)
    agree = 0
    for w, b in rng.uniform(surface.LOW, surface.HIGH, (200, 2)):
        (over,) = {
            row["level"] for row in shades if row["w"] <= w < row["w"] + 0.02 and row["b"] <= b < row["b_end"] - 0.01
        } or {None}
        agree += over == figures.NAMES[int(np.digitize(surface.UNIT.error(w, b), figures.LEVELS))]
    assert agree > 190


def test_the_lines_of_the_map_are_border_and_saddle_nodes(drawn):
    lines = rows(drawn["cliff"], "line")
    for row in lines:
        if row["line"] == "saddle-nodes":
            assert row["b"] == pytest.approx(float(saddle_nodes(row["w"])[int(row["part"]) - 1]), abs=2e-3)
        else:
            assert row["b"] == pytest.approx(float(surface.UNIT.border(row["w"])), abs=2e-4)
    assert {row["line"] for row in lines} == set(figures.LINES)


def test_the_paths_part_at_the_wall_and_the_unclipped_one_ends_beyond_the_map(drawn):
    paths = {
        name: [row for row in rows(drawn["cliff"], "path") if row["series"] == name]
        for name in ("not clipped", "clipped at 0.3")
    }
    free, clipped = paths.values()
    wall = surface.at_wall(surface.one(0))
    places = [[(row["w"], row["b"]) for row in path] for path in (free, clipped)]
    assert places[0][: wall + 1] == places[1][: wall + 1]
    assert len(free) == wall + 2
    assert ["inside" in row for row in free] == [True] * (wall + 1) + [False]
    assert len(clipped) == surface.UPDATES + 1
    assert all(row["inside"] for row in clipped)


def test_the_cut_jumps_at_the_border(drawn):
    figure = drawn["cliff-cut"]
    curve = [row for row in rows(figure, "curve") if row["panel"].startswith("error")]
    border = rows(figure, "border of the basins")[0]["b"]
    assert min(row["value"] for row in curve if row["b"] < border - 1e-3) > 0.3
    assert max(row["value"] for row in curve if row["b"] > border + 1e-3) < 0.1
    norms = [row for row in rows(figure, "curve") if row["panel"].startswith("gradient")]
    assert max(norms, key=lambda row: row["value"])["b"] == pytest.approx(border, abs=1e-4)


def test_numbers_of_the_reference_case_are_said():
    said = sentences.jump()
    assert "At w = 5 the border lies at b = −2.6123: 0.001 below it the error after 50 steps is 0.34" in said
    assert "b = −2.6556 and −2.3444" in said
    assert "1.175 at every step; 50 such factors make 3,200" in sentences.why()
    assert "from w = 4.26 on" in sentences.ends()


def test_what_is_said_of_the_paths_holds():
    free, clipped = surface.one(0), surface.one(surface.CLIP)
    wall = surface.at_wall(free)
    upper = saddle_nodes(free.points[[0, wall], 0, 0])[1]
    assert free.points[0, 0, 1] > upper[0], "starts above the upper saddle-nodes"
    assert free.points[wall, 0, 1] < upper[1], "meets the wall below them"
    assert (np.diff(free.error[: wall + 1, 0]) < 0).all(), "goes downhill"
    assert f"{wall} updates go downhill" in sentences.thrown()
    assert "still off the map" in sentences.thrown()
    lengths = np.linalg.norm(np.diff(clipped.points[:, 0], axis=0), axis=1)
    assert lengths.max() == pytest.approx(surface.RATE * surface.CLIP)
    assert surface.one(surface.CLIP).error[-1, 0] < surface.NEAR


def test_many_starts_are_lost_without_clipping_and_none_with():
    free, clipped = surface.many(0), surface.many(surface.CLIP)
    assert surface.left(free) > len(surface.STARTS) / 2
    assert surface.left(clipped) == 0
    assert "none of them leaves it" in sentences.starts()
    assert "At 3 it loses as many paths as no clipping does." in sentences.threshold()


def test_the_table_has_a_row_for_each_threshold():
    (table,) = cliff.tables()["cliff_thresholds"]
    assert [row[0] for row in table.rows] == ["none", "3", "1", "0.3", "0.1"]
    assert all(len(row) == len(table.header) for row in table.rows)
