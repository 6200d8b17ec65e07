"""Phase diagrams: the gradient over gain and lag with the boundaries of theory, over the gates' bias, and exponents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports import diagram
from reports.diagram import Kind
from reports.figures import bands
from reports.figures.figure import TEXT, Figure, Series, log_ticks, once, panels
from reports.inputs import Inputs
from reports.names import GATES, cell_name
from reports.numbers import counted, listed, tick_power
from reports.sentences import phase as sentences
from reports.sentences.phase import kind_name
from reports.sentences.words import VANILLA, interval_words, origin

HEIGHT, LOW_HEIGHT = 150, 120
LIMIT = 6  # powers of ten at which the colours end
FACTOR = 100.0  # by which the gradient has shrunk, or grown, on the dotted lines: the 1 % of the memory horizon
INK = "#24292f"  # stays dark on the map, which is light in the middle on every screen
OVERLAP = 0.003  # of neighbours, as a share of the map, or light would shine through between them
GAIN_TICKS = (0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20)  # those that a panel has
DASHES = {"onset": [1, 0], "limit": [10, 3, 2, 3], "bound": [7, 4], "reach": [2, 2]}


def by_gain(inputs: Inputs) -> Figure | None:
    """Draw the gradient over gain and lag, one panel an activation; None without random networks."""
    kinds = diagram.silent_kinds(inputs)
    if not kinds:
        return None
    size = diagram.largest(inputs)
    names = {
        "onset": "onset of chaos (theory)",
        "limit": "gain 1 / max f'",
        "bound": "bound: largest singular value 1 / max f'",
        "reach": f"1/{FACTOR:g} left, or {FACTOR:g} times as much (theory)",
    }
    frames = []
    for kind in kinds:
        norms = diagram.norms(inputs, kind, size)
        low, high = norms.lag[norms.lag > 0].min(), norms.lag.max()
        parts = [_cells(norms, geometric=True), _rules(kind, names), _reach(kind, norms, names["reach"], low, high)]
        frames.append(pd.concat(parts).assign(panel=kind_name(kind)))
    what = (
        f"The gradient of random networks of {size:,} units without input by gain and lag, relative to lag 0, medians "
        f"over {counted(diagram.n_draws(inputs), 'draw')}: below 1 in blue, above 1 in orange."
    )
    finding = sentences.boundary(inputs, size)
    how = (
        "Both axes are logarithmic. Solid: the onset of chaos, where the largest exponent of infinitely many units is "
        "zero. Dashed: the bound, below which the largest singular value of the weights, for many units 2 g, is below "
        "1 / max f' and the gradient must vanish. Between them, where it is not the onset itself, g = 1 / max f', the "
        f"onset if every slope were the largest. Dotted: where theory has 1/{FACTOR:g} of the gradient left or "
        f"{FACTOR:g} times as much of it. Colours end at {tick_power(-LIMIT)} and {tick_power(LIMIT)}."
    )
    x = _gain_axis("x:Q")
    return Figure(
        name="phase",
        spec=_map(pd.concat(frames, ignore_index=True), x, names, [kind_name(kind) for kind in kinds]),
        caption=" ".join(filter(None, [what, finding, how])),
        alt=f"Maps, {counted(len(kinds), 'panel')}: {listed([kind_name(kind) for kind in kinds])}. {what} {finding}",
        provenance=origin(inputs, "phase", 0, diagram.n_networks(inputs, kinds, size)),
    )


def by_bias(inputs: Inputs) -> Figure | None:
    """Draw the gradient of untrained gated cells over the bias of their gate and lag; None without any."""
    kinds = diagram.gated_kinds(inputs)
    if not kinds:
        return None
    names = {"reach": f"1/{FACTOR:g} left by the gate alone"}
    frames = []
    for kind in kinds:
        (size,) = diagram.sizes(inputs, kind)
        norms = diagram.norms(inputs, kind, size)
        bias = np.linspace(norms.gain.min() - 0.5, norms.gain.max() + 0.5, 60)
        lag = diagram.gate_reach(bias, FACTOR)
        kept = (lag >= 1) & (lag <= norms.lag.max())
        line = pd.DataFrame({"x": bias[kept], "y": lag[kept], "line": names["reach"], "kind": "line", "part": 0})
        frames.append(pd.concat([_cells(norms, geometric=False), line]).assign(panel=_gated_name(kind)))
    what = (
        f"The gradient of untrained LSTM and GRU cells by the bias of the gate that keeps the state ("
        f"{listed([f'{GATES[kind.activation]} gate of the {cell_name(kind.activation)}' for kind in kinds])}) and lag, "
        f"relative to lag 0, on standard normal inputs, medians over {counted(diagram.n_draws(inputs), 'draw')}."
    )
    how = (
        f"Dotted: the lag at which a gate with no input but its bias would have let through 1/{FACTOR:g}. Colours as "
        "in the map of random networks."
    )
    x = alt.X("x:Q", title="gate bias", scale=alt.Scale(nice=False, zero=False), axis=alt.Axis(tickCount=8))
    return Figure(
        name="phase-gates",
        spec=_map(pd.concat(frames, ignore_index=True), x, names, [_gated_name(kind) for kind in kinds]),
        caption=f"{what} {how}",
        alt=f"Maps, {counted(len(kinds), 'panel')}. {what} {' '.join(sentences.gates(inputs))}",
        provenance=origin(inputs, "phase", 0, diagram.n_networks(inputs, kinds)),
    )


def exponents(inputs: Inputs) -> Figure | None:
    """Draw the largest exponent over the gain, by size, with the theory; None without random networks."""
    kinds = diagram.random_kinds(inputs)
    if not kinds:
        return None
    sizes = sorted({size for kind in kinds for size in diagram.sizes(inputs, kind)}, reverse=True)
    series = {size: f"N = {size:,}" for size in sizes}
    found = bands.lines(
        [
            (kind_name(kind), series[size], _beyond_theory(diagram.exponents(inputs, kind, size)))
            for kind in kinds
            for size in diagram.sizes(inputs, kind)
        ],
        "gain",
        lowest=-1e3,
    )
    if found.empty:
        return None
    onsets = pd.DataFrame([{"panel": kind_name(kind), "gain": round(kind.onset, 4), "kind": "onset"} for kind in kinds])
    what = (
        "The largest Lyapunov exponent of random networks of N units over their gain: measured minus theory, in nats a "
        "step; at the vertical line the theory is zero."
    )
    finding = sentences.agreement(inputs)
    how = f"Lines are medians over draws. {interval_words(0, diagram.n_draws(inputs))}"
    return Figure(
        name="phase-exponents",
        spec=_exponent_chart(
            pd.concat([found.assign(kind="measured"), onsets], ignore_index=True),
            Series.of_variants(VANILLA, list(series.values())),
            [kind_name(kind) for kind in kinds],
        ),
        caption=" ".join(filter(None, [what, finding, how])),
        alt=f"Line chart, {counted(len(kinds), 'panel')}: {', '.join(series.values())}. {what} {finding}",
        provenance=origin(inputs, "phase", 0, diagram.n_networks(inputs, kinds)),
    )


def _beyond_theory(found: pd.DataFrame) -> pd.DataFrame:
    """Return spreads of what exponents are above the theory."""
    columns = ["median", "low", "high"]
    return found.assign(**{name: found[name] - found.theory for name in columns}).drop(columns="theory")


def _gated_name(kind: Kind) -> str:
    return f"{cell_name(kind.activation)}, {GATES[kind.activation]} gate"


def _cells(norms: pd.DataFrame, geometric: bool) -> pd.DataFrame:
    """Return the rectangles of a map, each from halfway to its neighbours; lag 0, where all is 1, has none."""
    norms = norms[norms.lag > 0]
    gains, lags = (np.sort(norms[name].unique()).astype(float) for name in ("gain", "lag"))
    x = dict(zip(gains, zip(*_edges(gains, geometric), strict=True), strict=True))
    y = dict(zip(lags, zip(*_edges(lags, geometric=True), strict=True), strict=True))
    found = pd.DataFrame(
        {
            "x": [x[gain][0] for gain in norms.gain],
            "x_end": [x[gain][1] for gain in norms.gain],
            "y": [y[lag][0] for lag in norms.lag],
            "y_end": [y[lag][1] for lag in norms.lag],
            "gain": norms.gain,
            "lag": norms.lag,
            "log10": norms["median"].clip(lower=-1e3).round(2),
        }
    )
    return found.round({"x": 4, "x_end": 4, "y": 3, "y_end": 3}).assign(kind="cell")


def _edges(places: NDArray[np.float64], geometric: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    at = np.log(places) if geometric else places
    halfway = (at[1:] + at[:-1]) / 2
    edges = np.concatenate([[2 * at[0] - halfway[0]], halfway, [2 * at[-1] - halfway[-1]]])
    overlap = np.where(np.arange(len(at)) < len(at) - 1, OVERLAP * (edges[-1] - edges[0]), 0)
    ends = edges[:-1], edges[1:] + overlap
    return (np.exp(ends[0]), np.exp(ends[1])) if geometric else ends


def _rules(kind: Kind, names: dict[str, str]) -> pd.DataFrame:
    """Return the vertical lines, each with its gain; one where two are the same."""
    places = {"bound": kind.bound, "limit": kind.limit, "onset": kind.onset}
    if places["onset"] < places["limit"] * 1.001:
        del places["limit"]
    found = [{"x": gain, "line": names[name], "text": f"{gain:.4g}"} for name, gain in places.items()]
    return pd.DataFrame(found).round(4).assign(kind="rule")


def _reach(kind: Kind, norms: pd.DataFrame, name: str, low: float, high: float) -> pd.DataFrame:
    """Return the two branches of the line on which theory has the gradient a factor smaller, or larger."""
    edges = _edges(np.sort(norms.gain.unique()), geometric=True)
    gain = np.geomspace(edges[0][0], edges[1][-1], 120)
    lag = diagram.reach(kind, gain, FACTOR)
    found = pd.DataFrame({"x": gain, "y": lag, "part": gain > kind.onset})
    found = found[(lag >= low) & (lag <= high)].astype({"part": int})
    return found.round(4).assign(line=name, kind="line")


def _gain_axis(field: str) -> alt.X:
    scale = alt.Scale(type="log", nice=False)
    return alt.X(field, title="gain g", scale=scale, axis=alt.Axis(values=list(GAIN_TICKS), format="~g", grid=False))


def _map(rows: pd.DataFrame, x: alt.X, names: dict[str, str], panel_names: Sequence[str]) -> dict[str, Any]:
    lags = rows[rows.kind == "cell"].lag
    y = alt.Y(
        "y:Q",
        title="lag (steps back)",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=log_ticks(lags.min(), lags.max()), format="~g", grid=False),
    )
    powers = list(range(-LIMIT, LIMIT + 1, LIMIT // 2))
    labels = " : ".join(f"datum.value == {power} ? '{tick_power(power)}'" for power in powers) + " : ''"
    colour = alt.Fill(
        "log10:Q",
        title="gradient",
        scale=alt.Scale(scheme="blueorange", domain=[-LIMIT, LIMIT], domainMid=0, clamp=True),
        legend=alt.Legend(gradientLength=150, values=powers, labelExpr=labels),
    )
    cells = (
        alt.Chart()
        .transform_filter("datum.kind == 'cell'")
        .mark_rect()
        .encode(
            x=x,
            x2="x_end:Q",
            y=y,
            y2="y_end:Q",
            fill=colour,
            tooltip=[
                alt.Tooltip("gain:Q", title=x.to_dict()["title"]),
                alt.Tooltip("lag:Q"),
                alt.Tooltip("log10:Q", title="power of ten"),
            ],
        )
    )
    dashes = alt.Scale(domain=list(names.values()), range=[DASHES[name] for name in names])
    dash = alt.StrokeDash(
        "line:N",
        title=None,
        scale=dashes,
        sort=list(names.values()),
        legend=alt.Legend(columns=1, symbolStrokeColor="#8c959f", symbolSize=400, labelLimit=280),
    )
    lines = (
        alt.Chart()
        .transform_filter("datum.kind == 'line'")
        .mark_line(color=INK, strokeWidth=1.4)
        .encode(x=x, y=y, detail="part:N", strokeDash=dash)
    )
    layers = [cells, lines]
    if (rows.kind == "rule").any():
        # a layer without rows would leave a scale of its own kind without an extent
        rules = alt.Chart().transform_filter("datum.kind == 'rule'").encode(x=x)
        layers += [
            rules.mark_rule(color=INK, strokeWidth=1.6).encode(strokeDash=dash),
            rules.mark_text(color=TEXT, baseline="bottom", dy=-3, fontSize=9.5).encode(y=alt.value(0), text="text:N"),
        ]
    return panels(layers, rows, panel_names, HEIGHT, independent=["x"])


def _exponent_chart(rows: pd.DataFrame, series: Series, names: list[str]) -> dict[str, Any]:
    x = _gain_axis("gain:Q")
    y = alt.Y("median:Q", title="measured − theory", axis=alt.Axis(tickCount=6))
    grey = {"strokeDash": [2, 3], "color": "#8c959f"}
    zero = once().mark_rule(**grey).encode(y=alt.datum(0))
    onset = alt.Chart().transform_filter("datum.kind == 'onset'").mark_rule(color="#8c959f").encode(x=x)
    tooltip = [alt.Tooltip("gain:Q"), alt.Tooltip("median:Q", title="measured − theory")]
    measured = [
        layer.transform_filter("datum.kind == 'measured'") for layer in bands.layers(x, y, series, "units", tooltip)
    ]
    return panels([zero, onset, *measured], rows, names, LOW_HEIGHT, independent=["x"], columns=3)
