"""What a figure is, and the one look that all figures share."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from reports.names import CELL_NAMES, at_length, axis, cell_name
from reports.numbers import listed

WIDTH = 560  # of all panels of a row, in px; with the axes it fills the text width of a page at a readable size
TWO_COLUMNS = 8  # panels: of more, two beside each other, a figure with its caption would be longer than a page
AXIS = 45  # px that a panel's vertical axis takes
LEGEND, LEGEND_SYMBOL, LEGEND_LETTER = 500, 34, 6  # px: of a legend beside its title, of its symbols and letters
NARROW = 140  # px of a panel where two stand side by side on a phone
TEXT, MUTED, GRID = "#1f2328", "#57606a", "#d8dee4"
FONT = "Fira Sans"

# Okabe and Ito's colours, which keep apart for colour-blind readers. A colour means a cell in the whole report; dash
# and shape say the same again for grey print.
COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES: tuple[list[int], ...] = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3], [10, 2], [3, 1, 1, 1])
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")


@dataclass(frozen=True)
class Figure:
    """A chart and its words.

    Attributes
    ----------
    spec
        A Vega-Lite specification with its data, without a theme.
    caption
        What is drawn and what it shows, found in the data.
    alt
        The same for someone who does not see it.
    provenance
        Where the numbers come from.
    """

    name: str
    spec: dict[str, Any]
    caption: str
    alt: str
    provenance: str


@dataclass(frozen=True)
class Series:
    """The lines of a figure: names in their order, each with a colour, a dash and a shape."""

    names: tuple[str, ...]
    colours: tuple[str, ...]
    dashes: tuple[list[int], ...]
    shapes: tuple[str, ...]

    @classmethod
    def of_cells(cls, cells: Sequence[str]) -> Series:
        """Return the cells' own colours, the same in every figure and every experiment."""
        known = list(dict.fromkeys([*CELL_NAMES, *cells]))
        places = [known.index(cell) for cell in cells]
        return cls(
            tuple(cell_name(cell) for cell in cells),
            tuple(COLOURS[place % len(COLOURS)] for place in places),
            tuple(DASHES[place % len(DASHES)] for place in places),
            tuple(SHAPES[place % len(SHAPES)] for place in places),
        )

    @classmethod
    def of_variants(cls, cell: str, names: Sequence[str]) -> Series:
        """Return shades of one cell's colour: a colour means a cell, so its variants share it."""
        colour = cls.of_cells([cell]).colours[0]
        n = len(names)
        return cls(
            tuple(names),
            tuple(shade(colour, (i / max(1, n - 1) - 0.4) * 0.9) for i in range(n)),
            tuple(DASHES[i % len(DASHES)] for i in range(n)),
            tuple(SHAPES[i % len(SHAPES)] for i in range(n)),
        )

    @classmethod
    def of_models(cls, models: Sequence[tuple[str, str]], names: Sequence[str]) -> Series:
        """Return models of several cells: each in a shade of its cell's colour, dashes and shapes all different."""
        variants = {
            cell: [name for (of, _), name in zip(models, names, strict=True) if of == cell] for cell, _ in models
        }
        shades = {cell: dict(zip(own, cls._shades(cell, own), strict=True)) for cell, own in variants.items()}
        return cls(
            tuple(names),
            tuple(shades[cell][name] for (cell, _), name in zip(models, names, strict=True)),
            tuple(DASHES[i % len(DASHES)] for i in range(len(names))),
            tuple(SHAPES[i % len(SHAPES)] for i in range(len(names))),
        )

    @classmethod
    def _shades(cls, cell: str, names: Sequence[str]) -> tuple[str, ...]:
        if len(names) == 1:
            return cls.of_cells([cell]).colours
        return cls.of_variants(cell, names).colours

    def colour(self, title: str | None) -> alt.Color:
        """Return the encoding by colour of a field "series"; the legend shows full symbols whatever the layer."""
        scale = alt.Scale(domain=list(self.names), range=list(self.colours))
        legend = alt.Legend(symbolOpacity=1, symbolStrokeWidth=0)
        return alt.Color("series:N", title=title, scale=scale, sort=list(self.names), legend=legend)

    def dash(self, title: str | None) -> alt.StrokeDash:
        """Return the encoding by dash; its legend joins that of the colour."""
        scale = alt.Scale(domain=list(self.names), range=[list(dash) for dash in self.dashes])
        return alt.StrokeDash("series:N", title=title, scale=scale, sort=list(self.names))

    def shape(self, title: str | None) -> alt.Shape:
        """Return the encoding by shape; its legend joins that of the colour."""
        scale = alt.Scale(domain=list(self.names), range=list(self.shapes))
        return alt.Shape("series:N", title=title, scale=scale, sort=list(self.names))


def shade(colour: str, amount: float) -> str:
    """Return a colour moved towards white (amount up to 1) or black (down to -1)."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    goal = 255 if amount > 0 else 0
    mixed = [round(part + (goal - part) * abs(amount)) for part in parts]
    return "#" + "".join(f"{part:02X}" for part in mixed)


def highlight() -> alt.Parameter:
    """Return a selection by legend: a click leaves one series in full strength."""
    return alt.selection_point(name="chosen", fields=["series"], bind="legend")


def strength(chosen: alt.Parameter, full: float) -> alt.OpacityValue:
    """Return an opacity that fades what is not chosen."""
    return alt.OpacityValue(full * 0.12, condition={"param": chosen.name, "value": full})


def once() -> alt.Chart:
    """Return a layer for what each panel shows once, as a line at a fixed value.

    Without data of its own a layer is drawn for every row of the panel, thousands of times at one place.
    """
    return alt.Chart().transform_aggregate(rows="count()", groupby=[])


def panels(
    layers: Sequence[alt.Chart],
    rows: pd.DataFrame,
    names: Sequence[str],
    height: int,
    independent: Sequence[str] = (),
    columns: int = 2,
    on_phone: int = 2,
) -> dict[str, Any]:
    """Return a specification with one panel for each value of the field "panel", in rows.

    Parameters
    ----------
    layers
        Charts without data of their own, from back to front.
    rows
        The data of all layers; a column "panel" says where a row belongs.
    height
        Of a panel, in px.
    independent
        Channels whose scale each panel has for itself.
    columns, on_phone
        Panels side by side, on a page and on a phone.
    """
    columns = min(columns, len(names))
    chart = (
        alt.layer(*layers, data=alt.NamedData(name="rows"))
        .properties(width=_width(columns), height=height)
        .facet(
            facet=alt.Facet("panel:N", title=None, sort=list(names)), columns=columns, spacing={"row": 18, "column": 28}
        )
        .resolve_scale(**dict.fromkeys(independent, "independent"))
    )
    # The script of the page takes these where the window is narrow.
    side_by_side = min(on_phone, columns)
    narrow = {"columns": side_by_side, "width": NARROW if side_by_side > 1 else _width(2)}
    series = list(dict.fromkeys(rows.series.dropna())) if "series" in rows else []
    # Checking thousands of rows against the schema would take seconds, so they join after it; and what Altair has
    # checked piece by piece is not checked again as a whole.
    return {
        **chart.to_dict(validate=False),
        "usermeta": {"narrow": narrow, "legend_columns": _columns(series)},
        # several kinds of rows share a table: what one of them has not needs no place in the page, nor has a false flag
        "datasets": {"rows": [_known(row) for row in json.loads(rows.to_json(orient="records"))]},
    }


def columns_of(names: Sequence[str]) -> int:
    """Return how many panels stand side by side where each is best wide but all have to fit a page."""
    return 2 if len(names) <= TWO_COLUMNS else 3


def task_panel(task: str, length: int | None = None, more: str = "") -> str:
    """Return the short heading of a task's panel."""
    parts = [task, at_length(task, length) if length is not None else "", more]
    return ", ".join(part for part in parts if part)


def length_title(tasks: Sequence[str]) -> str:
    """Return what an axis of lengths is called that panels of several tasks share."""
    others: dict[str, list[str]] = {}
    for task in tasks:
        if axis(task) != "T":
            others.setdefault(axis(task), []).append(task)
    return ", or ".join(["sequence length T", *(f"{symbol} for {listed(named)}" for symbol, named in others.items())])


def log_ticks(low: float, high: float) -> list[float]:
    """Return the few places that a logarithmic axis marks: powers of ten, on a short axis also 2 and 5 times these."""
    steps = (1,) if high > 300 * low else (1, 2, 5)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [step * 10.0**power for power in powers for step in steps if low <= step * 10.0**power <= high]


def _known(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None and value is not False}


def _width(columns: int) -> int:
    return WIDTH // columns - AXIS if columns > 1 else WIDTH - 60


def legend_columns(spec: dict[str, Any]) -> int | None:
    """Return in how many columns the legend of a chart stands; None where one row holds all."""
    return spec.get("usermeta", {}).get("legend_columns")


def _columns(series: Sequence[str]) -> int | None:
    """Return how many columns of a legend fit beside one another where not all series do."""
    widths = [LEGEND_SYMBOL + LEGEND_LETTER * len(name) for name in series]
    return None if sum(widths) <= LEGEND else max(1, int(LEGEND // max(widths)))


def theme(columns: int | None = None) -> dict[str, Any]:
    """Return the look of printed charts; the page has its own for light and dark screens.

    Parameters
    ----------
    columns
        Of the legend; None for one row.
    """
    words = {"labelFont": FONT, "titleFont": FONT, "labelColor": TEXT, "titleColor": TEXT}
    return {
        "font": FONT,
        "background": "white",
        "view": {"stroke": None},
        "axis": {
            **words,
            "labelFontSize": 10.5,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "titlePadding": 7,
            "gridColor": GRID,
            "gridWidth": 0.6,
            "domainColor": MUTED,
            "tickColor": MUTED,
            "labelOverlap": "greedy",
        },
        "legend": {
            **words,
            "orient": "top",
            "labelFontSize": 11,
            "titleFontSize": 11,
            "titleFontWeight": "bold",
            "symbolSize": 70,
            "titleOrient": "left",
            "titlePadding": 14,
            "columnPadding": 18,
            "columns": columns,
            "labelLimit": LEGEND // 2,
        },
        "header": {
            **words,
            "labelFontSize": 11.5,
            "labelFontWeight": "bold",
            "labelAnchor": "start",
            "labelPadding": 5,
        },
        "text": {"font": FONT, "fontSize": 10.5, "color": MUTED},
    }
