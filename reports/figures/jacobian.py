"""Jacobians before training: how far they stretch by lag, and the linear network beside its spectral radius."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd

from reports.factors import LINEAR, VANILLA, linear_networks, longest_measured, stretch_by_lag, stretched
from reports.figures import bands
from reports.figures.figure import Figure, Series, log_ticks, once, panels, task_panel
from reports.figures.gradient import FLOOR
from reports.inputs import Inputs, Setting
from reports.names import INIT, PHASE_NAMES, at_length, cell_name, variant_name
from reports.numbers import power_of_ten, tick_power
from reports.sentences import linear as sentences
from reports.sentences.words import interval_words, on_task, origin_of
from reports.tables import RATES

HEIGHT = 120
CEILING = 12.0  # log10: a linear network that explodes would hide all others
LENGTHS = 3  # of the linear networks that are drawn


def stretch(inputs: Inputs, task: str) -> Figure | None:
    """Draw sigma_max of ds_T/ds_t by lag before training, for the vanilla cell's activations and the gated cells."""
    length = longest_measured(inputs, task)
    settings = {
        (variant_name(cell, variant) if cell == VANILLA else cell_name(cell)): setting
        for (cell, variant), setting in stretched(inputs, task).items()
    }
    panel = task_panel(task, length, PHASE_NAMES[INIT])
    found = bands.lines(
        [(panel, name, _from_lag_1(inputs, setting)) for name, setting in settings.items()],
        "lag",
        FLOOR - 1,
        logarithmic=True,
    )
    if found.empty:
        return None
    found = found.astype({"lag": int}).assign(ratio=[power_of_ten(value) for value in found["median"]])
    series = Series.of_models([(s.cell, s.variant) for s in settings.values()], list(settings))
    what = (
        "The most that a small change of the state can grow or shrink over so many steps, whatever its direction: the "
        f"largest singular value of the product of Jacobians by lag, on {on_task(task, length)} before training."
    )
    finding = sentences.stretching(inputs, task)
    how = (
        f"Both axes are logarithmic; below {tick_power(int(FLOOR))} and above {tick_power(int(CEILING))} nothing is "
        "drawn. Lines are medians over draws."
    )
    return Figure(
        name="stretch",
        spec=_stretch_chart(found, series, panel),
        caption=" ".join(filter(None, [what, finding, how, interval_words(0, len(inputs.draws))])),
        alt=f"Line chart, logarithmic on both axes: {', '.join(series.names)}. {what} {finding}".strip(),
        provenance=origin_of(inputs, "gradients", [(setting, INIT) for setting in settings.values()]),
    )


def linear(inputs: Inputs, task: str) -> Figure | None:
    """Draw the rate of each linear network before training against ln rho(W_hh); None where there is none."""
    every = linear_networks(inputs, task)
    if every.empty:
        return None
    lengths = sorted(set(every.length))
    chosen = [lengths[i] for i in bands.evenly(len(lengths), LENGTHS)]
    names = {length: at_length(task, length) for length in chosen}
    rows = every[every.length.isin(chosen)]
    table = pd.DataFrame(
        {
            "panel": task_panel(task, more=PHASE_NAMES[INIT]),
            "series": rows.length.map(names),
            "radius": rows.log_radius.round(4),
            "rate": rows.rate_total.round(4),
            "seed": rows.seed,
        }
    )
    series = Series.of_variants(VANILLA, list(names.values())[::-1])  # the longest, which matters most, is darkest
    what = (
        "The linear network before training: mean growth of the gradient in nats a step, over the later half of the "
        "lags, against the logarithm of the spectral radius of W_hh, one symbol a weight draw."
    )
    finding = sentences.radius_decides(inputs, task)
    how = "On the dotted diagonal both agree; the thin lines at 0 part vanishing from exploding."
    settings = [(Setting(task, VANILLA, LINEAR, length), INIT) for length in chosen]
    return Figure(
        name="linear",
        spec=_linear_chart(table, series, list(table.panel[:1])),
        caption=f"{what} {finding} {how}",
        alt=f"Scatter chart: {', '.join(series.names)}. {what} {finding}",
        provenance=origin_of(inputs, RATES.name, settings),
    )


def _from_lag_1(inputs: Inputs, setting: Setting) -> pd.DataFrame:
    """Return the lags that a logarithmic axis can show; at lag 0 there is no product yet."""
    found = stretch_by_lag(inputs, setting, INIT)
    return found[found.lag > 0]


def _stretch_chart(found: pd.DataFrame, series: Series, panel: str) -> dict[str, Any]:
    lowest = max(FLOOR, math.floor(found["median"].min() - 0.3))
    highest = min(CEILING, max(1.0, math.ceil(found["high"].max())))
    step = max(1, math.ceil((highest - lowest) / 7))
    ticks = [tick for tick in range(int(lowest), int(highest) + 1) if tick % step == 0]
    labels = " : ".join(f"datum.value == {tick} ? '{tick_power(tick)}'" for tick in ticks) + " : ''"
    x = alt.X(
        "lag:Q",
        title="lag (steps back)",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=log_ticks(found.lag.min(), found.lag.max()), format="~g"),
    )
    y = alt.Y(
        "median:Q",
        title="largest singular value",
        scale=alt.Scale(domain=[lowest, highest], nice=False),
        axis=alt.Axis(values=ticks, labelExpr=labels),
    )
    one = once().mark_rule(strokeDash=[2, 3], color="#8c959f").encode(y=alt.datum(0))
    tooltip = [alt.Tooltip("lag:Q"), alt.Tooltip("ratio:N", title="largest singular value")]
    return panels([one, *bands.layers(x, y, series, "model", tooltip)], found, [panel], HEIGHT)


def _linear_chart(table: pd.DataFrame, series: Series, names: list[str]) -> dict[str, Any]:
    low = min(table.radius.min(), table.rate.min(), 0)
    high = max(table.radius.max(), table.rate.max(), 0)
    margin = 0.06 * (high - low) or 0.01
    domain = [round(low - margin, 4), round(high + margin, 4)]
    scale = alt.Scale(domain=domain, nice=False)
    x = alt.X("radius:Q", title="ln ρ, logarithm of the spectral radius", scale=scale, axis=alt.Axis(tickCount=7))
    y = alt.Y("rate:Q", title="gradient’s growth (nats a step)", scale=scale, axis=alt.Axis(tickCount=6))
    grey = {"color": "#8c959f"}
    start, end = map(alt.datum, domain)
    ends = {"x": start, "y": start, "x2": end, "y2": end}
    diagonal = once().mark_rule(strokeDash=[2, 3], **grey).encode(**ends)
    zeros = [once().mark_rule(strokeWidth=0.8, **grey).encode(**{axis: alt.datum(0)}) for axis in "xy"]
    points = (
        alt.Chart()
        .mark_point(filled=True, size=34, opacity=0.75)
        .encode(
            x=x,
            y=y,
            color=series.colour("length"),
            shape=series.shape("length"),
            tooltip=[
                alt.Tooltip("series:N", title="length"),
                alt.Tooltip("radius:Q", title="ln ρ"),
                alt.Tooltip("rate:Q", title="growth"),
                alt.Tooltip("seed:O", title="draw"),
            ],
        )
    )
    return panels([diagonal, *zeros, points], table, names, HEIGHT)
