"""Lines of medians over seeds with their bands, as many figures draw them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.figures.figure import Series, highlight, strength

DRAWN = 49  # points of a line at most: more could not be told apart, and would make the page heavy
MARKS = 9  # symbols on a line


def lines(
    wanted: Iterable[tuple[str, str, pd.DataFrame]], place: str, lowest: float, logarithmic: bool = False
) -> pd.DataFrame:
    """Return the rows of a chart of lines: one a (panel, series, place).

    Parameters
    ----------
    wanted
        (panel, series, spreads) of each line; the spreads have a column with the place, as ``summaries.spreads`` does.
    place
        Name of that column.
    lowest
        What bands and lines are cut at, so that no chart holds a number far outside.
    logarithmic
        Whether long lines are thinned evenly in the logarithm of the place.

    Returns
    -------
    Columns panel, series, the place, median, low, high, n, mark (whether a symbol stands there). Rows whose median is
    not finite are left out: the line ends there.
    """
    frames = []
    for panel, series, spreads in wanted:
        frame = spreads[np.isfinite(spreads["median"])].drop(columns="n_zero")
        if frame.empty:
            continue
        frame = frame.iloc[_geometrically(frame[place]) if logarithmic else evenly(len(frame), DRAWN)]
        marks = np.isin(np.arange(len(frame)), evenly(len(frame), MARKS))
        frames.append(frame.assign(panel=panel, series=series, mark=marks))
    if not frames:
        return pd.DataFrame(columns=["panel", "series", place, "median", "low", "high", "n", "mark"])
    found = pd.concat(frames, ignore_index=True)
    for column in ("low", "high"):
        found[column] = found[column].clip(lower=lowest)
    return found.round({"median": 3, "low": 3, "high": 3})


def layers(x: alt.X, y: alt.Y, series: Series, legend: str, tooltip: Sequence[alt.Tooltip]) -> list[alt.Chart]:
    """Return bands, lines and symbols, from back to front.

    Symbols answer the pointer, and a click in the legend fades all but one series.
    """
    chosen = highlight()
    base = alt.Chart()
    colour = series.colour(legend)
    band = base.mark_area(clip=True).encode(
        x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour, opacity=strength(chosen, 0.18)
    )
    line = base.mark_line(clip=True, strokeWidth=1.8).encode(
        x=x, y=y, color=colour, strokeDash=series.dash(legend), opacity=strength(chosen, 1)
    )
    points = (
        base.transform_filter("datum.mark")
        .mark_point(clip=True, filled=True, size=42)
        .encode(
            x=x,
            y=y,
            color=colour,
            shape=series.shape(legend),
            opacity=strength(chosen, 1),
            tooltip=[alt.Tooltip("series:N", title=legend), *tooltip, alt.Tooltip("n:Q", title="seeds")],
        )
        .add_params(chosen)
    )
    return [band, line, points]


def evenly(n: int, at_most: int) -> NDArray[np.intp]:
    """Return positions in a sequence of n, evenly spread, the first and the last among them."""
    return np.unique(np.linspace(0, n - 1, min(n, at_most)).round().astype(np.intp))


def _geometrically(places: pd.Series) -> NDArray[np.intp]:
    """Return positions of places that are evenly spread in their logarithm."""
    wanted = np.geomspace(places.iloc[0], places.iloc[-1], DRAWN)
    return np.unique(np.minimum(np.searchsorted(places.to_numpy(), wanted), len(places) - 1))
