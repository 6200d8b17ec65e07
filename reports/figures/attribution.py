"""How much each earlier word or character matters to a prediction: the tokens themselves, shaded, for each cell."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from reports import attributions
from reports.figures.figure import TEXT, Figure
from reports.figures.typeset import in_lines
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, at_length, cell_name
from reports.numbers import counted, power_of_ten
from reports.sentences import attribution as sentences
from reports.sentences.words import origin

SHADE = "#6639BA"  # no cell's colour, and dark enough for white words
ON_SHADE = "#ffffff"
DARK = 0.53  # relative norm from which on white words are easier to read than black ones; the shade is its square root
SIZE = 10.5  # of the tokens' font, in px
HEIGHT = 16  # of a row, in px
PANEL = 246  # width of a line, in px
COLUMNS = 2  # lines side by side on a page; on a phone there is room for one
LAST = 60  # tokens that are shown
TICKS = [0.01, 0.1, 0.3, 1.0]  # of the legend


@dataclass(frozen=True)
class Look:
    """How tokens of one kind are set: what they are called, the space inside and between their places, in px."""

    kind: str
    padding: float
    gap: float


WORDS, CHARACTERS = Look("word", 3.0, 1.5), Look("character", 1.0, 0.3)


def of_words(inputs: Inputs, task: str) -> Figure | None:
    """Draw the words of the stored sentence of middling length, with as much filler behind it as can be shown."""
    length = attributions.longest_shown(inputs, task, LAST)
    if length is None:
        return None
    chosen = attributions.middling(inputs, task, length)
    about = f"{sentences.which_sentence(inputs, task, length)} {sentences.FROM_REVIEWS}"
    return _figure(inputs, task, length, chosen, WORDS, about)


def of_characters(inputs: Inputs, task: str, length: int) -> Figure | None:
    """Draw the last characters of the first stored window."""
    stored = attributions.sentences(inputs, task, length)
    if not stored:
        return None
    return _figure(inputs, task, length, stored[0], CHARACTERS, sentences.which_window(min(LAST, length)))


def _figure(inputs: Inputs, task: str, length: int, sentence: int, look: Look, about: str) -> Figure | None:
    found = {
        cell: attributions.relative(inputs, Setting(task, cell, DEFAULT, length), sentence) for cell in inputs.cells
    }
    found = {cell: frame.tail(LAST) for cell, frame in found.items() if len(frame)}
    if not found:
        return None
    what = (
        f"How much each {look.kind} matters to the prediction, {at_length(task, length)}: norm of the gradient of "
        f"−ln p(prediction) with respect to the {look.kind}’s vector, relative to the largest, for each cell."
    )
    findings = sentences.short_sighted(inputs, task, length, look.kind)
    predicted = sentences.predicted(inputs, task, length, sentence)
    how = f"Medians over {counted(len(inputs.seeds), 'seed')}; shades go with the square root of the norm."
    rows = pd.concat([_rows(frame, look).assign(series=cell_name(cell)) for cell, frame in found.items()])
    return Figure(
        name=f"attribution-{task}",
        spec=_chart(rows, [cell_name(cell) for cell in found], look),
        caption=" ".join(filter(None, [what, findings, about, predicted, how])),
        alt=f"Text with shaded {look.kind}s, one row for each of {', '.join(map(cell_name, found))}. {what} {findings}",
        provenance=origin(inputs, "attribution", len(found) * len(inputs.seeds)),
    )


def _rows(frame: pd.DataFrame, look: Look) -> pd.DataFrame:
    """Return a row a token: its place, its words and its shade."""
    places = pd.DataFrame(in_lines(list(frame.token), PANEL, SIZE, look.padding, look.gap), index=frame.index)
    lag = int(frame.position.max()) - frame.position
    ends = lag.groupby(places.line).agg(["max", "min"]).loc[places.line]
    return pd.DataFrame(
        {
            "panel": [_panel(first, last) for first, last in ends.to_numpy()],
            "token": frame.token,
            "lag": lag,
            "left": places.left,
            "right": places.right,
            "middle": (places.left + places.right) / 2,
            "norm": (10.0 ** frame["value"]).round(4),
            "words": ["exactly 0" if np.isneginf(value) else power_of_ten(value) for value in frame["value"]],
        }
    )


def _panel(first: int, last: int) -> str:
    return f"lag {first}" if first == last else f"lags {first} to {last}"


def _chart(rows: pd.DataFrame, cells: list[str], look: Look) -> dict[str, Any]:
    names = list(dict.fromkeys(rows.panel))
    y = alt.Y(
        "series:N",
        title=None,
        sort=cells,
        scale=alt.Scale(domain=cells, paddingInner=0.12, paddingOuter=0),
        axis=alt.Axis(domain=False, ticks=False, grid=False, labelPadding=4),
    )
    line = alt.Scale(domain=[0, PANEL], nice=False)
    shade = alt.Opacity(
        "norm:Q",
        title="relative norm",
        scale=alt.Scale(type="sqrt", domain=[0, 1], range=[0, 1]),
        legend=alt.Legend(
            values=TICKS,
            labelExpr="format(100 * datum.value, '.0f') + ' %'",
            symbolType="square",
            symbolFillColor=SHADE,
            symbolStrokeWidth=0,
        ),
    )
    tooltip = [
        alt.Tooltip("series:N", title="cell"),
        alt.Tooltip("token:N", title=look.kind),
        alt.Tooltip("lag:Q"),
        alt.Tooltip("words:N", title="relative norm"),
    ]
    places = (
        alt.Chart()
        .mark_rect(color=SHADE, cornerRadius=2)
        .encode(x=alt.X("left:Q", scale=line, axis=None), x2="right:Q", y=y, opacity=shade, tooltip=tooltip)
    )
    words = (
        alt.Chart()
        .mark_text(fontSize=SIZE)
        .encode(
            x=alt.X("middle:Q", scale=line, axis=None),
            y=y,
            text="token:N",
            color=alt.condition(f"datum.norm > {DARK}", alt.value(ON_SHADE), alt.value(TEXT)),
            tooltip=tooltip,
        )
    )
    chart = (
        alt.layer(places, words, data=alt.NamedData(name="rows"))
        .properties(width=PANEL, height=HEIGHT * len(cells))
        .facet(
            facet=alt.Facet("panel:N", title=None, sort=names),
            columns=min(COLUMNS, len(names)),
            spacing={"row": 8, "column": 12},
        )
    )
    return {
        **chart.to_dict(validate=False),
        "usermeta": {"narrow": {"columns": 1, "width": PANEL}},
        "datasets": {"rows": json.loads(rows.to_json(orient="records"))},
    }
