"""The error surface of one unit over weight and bias, gradient steps on it, and a cut through its cliff."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from reports import surface
from reports.factors import VANILLA
from reports.figures.figure import SHAPES, Figure, Series, panels, shade
from reports.numbers import listed
from reports.sentences.cliff import plain
from reports.surface import CLIP, HIGH, LOW, RATE, START, UNIT, UPDATES, WEIGHT
from reports.tabulate.cliff import PROVENANCE
from rnn.cliff import saddle_nodes

MAP_HEIGHT, CUT_HEIGHT = 290, 120
COLUMNS, ROWS = 120, 600  # of the grid on which the map is computed
LEVELS = (0.003, 0.01, 0.03, 0.06, 0.1, 0.3, 0.4)  # of the error; the map has one shade between two of them
OVERLAP = 0.01  # of neighbours on the map, or light would shine through between them
SHADES = ("#ffffff", "#f2f4f6", "#e3e8ec", "#d2d9df", "#bcc5cd", "#97a3ae", "#7e8b96", "#6b7883")
NAMES = (
    f"below {LEVELS[0]:g}",
    *(f"{low:g}–{high:g}" for low, high in pairwise(LEVELS)),
    f"above {LEVELS[-1]:g}",
)
INK = "#24292f"  # stays dark on the map, which is light on every screen
LINES = {"border of the basins": [1, 0], "saddle-nodes": [5, 3]}
UNCLIPPED, CLIPPED = "not clipped", f"clipped at {CLIP:g}"


@cache
def surface_map() -> Figure:
    """Draw E over w and b, the border, the saddle-nodes, and the paths with and without clipping."""
    colour = Series.of_cells([VANILLA]).colours[0]
    series = Series((UNCLIPPED, CLIPPED), (shade(colour, -0.5), colour), ([1, 0], [1, 0]), (SHAPES[1], SHAPES[0]))
    what = (
        f"The error of one sigmoid unit after {UNIT.steps} steps, over its weight w and bias b, darker where it is "
        "larger, and gradient descent on it."
    )
    path = surface.one(0)
    wall = surface.at_wall(path)
    w, b = path.points[wall + 1, 0]
    finding = (
        f"Both paths start at w = {START[0]:g}, b = {plain(START[1])} and are the same for {wall} updates. At the "
        f"wall the unclipped one is thrown off the map, to w = {plain(w, 1)}, b = {plain(b, 1)}; the one clipped at "
        f"{CLIP:g} follows the edge to where it ends."
    )
    how = f"One symbol an update, at most {UPDATES}, at a rate of {RATE:g}."
    return Figure(
        name="cliff",
        spec=_map_chart(pd.concat([_shaded(), _lines(), _paths()], ignore_index=True), series),
        caption=f"{what} {finding} {how}",
        alt=f"Map with two lines and two paths. {what} {finding}",
        provenance=PROVENANCE,
    )


@cache
def cut() -> Figure:
    """Draw E and the norm of its gradient over b at the weight of the reference case."""
    border = float(UNIT.border(WEIGHT))
    nodes = [float(node) for node in saddle_nodes(WEIGHT)]
    names = [f"error after {UNIT.steps} steps", "gradient norm, power of ten"]
    beside = np.geomspace(1e-6, 0.5, 70)
    b = np.concatenate([border - beside[::-1], [border], border + beside])
    values = (UNIT.error(WEIGHT, b), np.log10(surface.norm_at(b)))
    curves = [
        pd.DataFrame({"panel": name, "kind": "curve", "b": b.round(7), "value": value.round(4)})
        for name, value in zip(names, values, strict=True)
    ]
    places = [
        {"panel": name, "kind": kind, "b": round(place, 4)}
        for name in names
        for kind, of_kind in zip(LINES, ([border], nodes), strict=True)
        for place in of_kind
    ]
    what = f"A cut through the surface at w = {WEIGHT:g}: the error and the norm of its gradient, over the bias."
    finding = (
        f"At the border of the two basins, b = {plain(border)}, the error jumps and the gradient explodes; at the "
        f"saddle-nodes, b = {listed([plain(node) for node in nodes])}, where an attractor appears or vanishes, neither "
        "does."
    )
    return Figure(
        name="cliff-cut",
        spec=_cut_chart(pd.concat([*curves, pd.DataFrame(places)], ignore_index=True), names),
        caption=f"{what} {finding}",
        alt=f"Two line charts. {what} {finding}",
        provenance=PROVENANCE,
    )


def _shaded() -> pd.DataFrame:
    """Return rectangles of one shade: in each column of the map, from where to where E is between two levels."""
    edges, biases = np.linspace(LOW[0], HIGH[0], COLUMNS + 1), np.linspace(LOW[1], HIGH[1], ROWS)
    level = np.digitize(UNIT.error((edges[1:] + edges[:-1])[:, None] / 2, biases), LEVELS)
    rows = []
    for i, column in enumerate(level):
        for first, last in pairwise([0, *(np.flatnonzero(np.diff(column[:-1])) + 1), ROWS - 1]):
            ends_at = edges[i + 1] + OVERLAP, biases[last] + OVERLAP
            rows.append((edges[i], ends_at[0], biases[first], ends_at[1], NAMES[column[first]]))
    found = pd.DataFrame(rows, columns=["w", "w_end", "b", "b_end", "level"]).round(4)
    return found.assign(kind="shade")


def _lines() -> pd.DataFrame:
    """Return the border and the saddle-nodes where the map has them; their cusp is on the line."""
    along = np.linspace(UNIT.least_weight + 1e-6, HIGH[0], 30)
    found = [pd.DataFrame({"w": along, "b": UNIT.border(along), "line": "border of the basins", "part": 0})]
    along = 4 + (HIGH[0] - 4) * np.linspace(0, 1, 40) ** 2
    for part, b in enumerate(saddle_nodes(along), start=1):
        found.append(pd.DataFrame({"w": along, "b": b, "line": "saddle-nodes", "part": part}))
    return pd.concat(found).round(4).assign(kind="line")


def _paths() -> pd.DataFrame:
    """Return the updates of both paths as far as the first one beyond the map."""
    found = []
    for name, threshold, size in ((UNCLIPPED, 0.0, 55), (CLIPPED, CLIP, 18)):
        path = surface.one(threshold)
        outside = path.outside(LOW, HIGH)[:, 0]
        n = int(np.argmax(outside)) + 1 if outside.any() else len(outside)
        w, b = path.points[:n, 0].T
        found.append(
            pd.DataFrame(
                {"w": w.round(4), "b": b.round(4), "series": name, "update": np.arange(n), "error": path.error[:n, 0]}
            ).assign(inside=~outside[:n], size=size)
        )
    return pd.concat(found).round({"error": 4}).assign(kind="path")


def _map_chart(rows: pd.DataFrame, series: Series) -> dict[str, Any]:
    x = alt.X("w:Q", title="weight w", scale=alt.Scale(domain=[LOW[0], HIGH[0]], nice=False))
    y = alt.Y("b:Q", title="bias b", scale=alt.Scale(domain=[LOW[1], HIGH[1]], nice=False))
    scale = alt.Scale(domain=list(NAMES), range=list(SHADES))
    shades = (
        alt.Chart()
        .transform_filter("datum.kind == 'shade'")
        .mark_rect(clip=True)
        .encode(
            x=x,
            x2="w_end:Q",
            y=y,
            y2="b_end:Q",
            fill=alt.Fill(
                "level:N",
                title="error",
                scale=scale,
                sort=list(NAMES),
                legend=alt.Legend(symbolType="square", orient="bottom", columns=4),
            ),
        )
    )
    dash = alt.Scale(domain=list(LINES), range=list(LINES.values()))
    lines = (
        alt.Chart()
        .transform_filter("datum.kind == 'line'")
        .mark_line(clip=True, color=INK, strokeWidth=1.6)
        .encode(
            x=x,
            y=y,
            detail="part:N",
            strokeDash=alt.StrokeDash(
                "line:N", title="line", scale=dash, legend=alt.Legend(symbolStrokeColor="#8c959f")
            ),
        )
    )
    path = alt.Chart().transform_filter("datum.kind == 'path'").encode(x=x, y=y, color=series.colour("updates"))
    ways = path.mark_line(clip=True, strokeWidth=1).encode(order="update:Q")
    symbols = (
        path.transform_filter("datum.inside")
        .mark_point(filled=True, opacity=1)
        .encode(
            shape=series.shape("updates"),
            size=alt.Size("size:Q", scale=None),
            tooltip=[
                alt.Tooltip("series:N", title="path"),
                alt.Tooltip("update:Q"),
                alt.Tooltip("w:Q"),
                alt.Tooltip("b:Q"),
                alt.Tooltip("error:Q"),
            ],
        )
    )
    named = rows.assign(panel=f"E(w, b), target {UNIT.target:g}")
    return panels([shades, lines, ways, symbols], named, list(named.panel[:1]), MAP_HEIGHT)


def _cut_chart(rows: pd.DataFrame, names: list[str]) -> dict[str, Any]:
    x = alt.X("b:Q", title="bias b", scale=alt.Scale(nice=False, zero=False))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False))
    dash = alt.Scale(domain=list(LINES), range=list(LINES.values()))
    places = (
        alt.Chart()
        .transform_filter("datum.kind != 'curve'")
        .mark_rule(color="#8c959f", strokeWidth=1.3)
        .encode(x=x, strokeDash=alt.StrokeDash("kind:N", title="bias", scale=dash))
    )
    curve = (
        alt.Chart()
        .transform_filter("datum.kind == 'curve'")
        .mark_line(strokeWidth=1.8, color=Series.of_cells([VANILLA]).colours[0])
        .encode(x=x, y=y)
    )
    return panels([places, curve], rows, names, CUT_HEIGHT, independent=["y"])
