"""The transient of linear networks whose gradient must vanish: what they stretch in the first few steps."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd

from reports.factors import LINEAR, VANILLA, longest_measured, transient_by_lag
from reports.figures.figure import Figure, Series, log_ticks, once, panels, task_panel
from reports.inputs import Inputs, Setting
from reports.names import INIT, PHASE_NAMES
from reports.numbers import counted
from reports.sentences import linear as sentences
from reports.sentences.words import on_task, origin

HEIGHT = 105
STEPS = 20  # later a network with a spectral radius below 1 only shrinks
LOWEST = 0.1


def of_linear(inputs: Inputs, task: str) -> Figure | None:
    """Draw sigma_max of each linear network with a spectral radius below 1 over the first lags; None without any."""
    setting = Setting(task, VANILLA, LINEAR, longest_measured(inputs, task, LINEAR))
    found = transient_by_lag(inputs, setting)
    found = found[(found.index > 0) & (found.index <= STEPS)]
    if found.empty:
        return None
    panel = task_panel(task, setting.length, PHASE_NAMES[INIT])
    series = Series.of_cells([VANILLA])
    table = found.rename_axis(columns="seed").stack().rename("log10").reset_index()
    table = table.assign(stretch=(10**table.log10).round(4), panel=panel, series=series.names[0])
    n = counted(len(found.columns), "linear network")
    what = (
        f"The first {found.index.max()} steps of the {n} with a spectral radius below 1: largest singular value of the "
        f"product of Jacobians by lag, on {on_task(task, setting.length)} before training, one line a weight draw."
    )
    finding = sentences.transient(inputs, setting)
    how = f"Both axes are logarithmic; at the dotted line nothing is stretched; below {LOWEST:g} nothing is drawn."
    return Figure(
        name="transient",
        spec=_chart(table.drop(columns="log10"), series, panel),
        caption=f"{what} {finding} {how}",
        alt=f"Line chart, logarithmic on both axes. {what} {finding}",
        provenance=origin(inputs, "gradients", 0, len(found.columns)),
    )


def _chart(table: pd.DataFrame, series: Series, panel: str) -> dict[str, Any]:
    highest = max(10.0, 10 ** math.ceil(math.log10(table.stretch.max())))
    x = alt.X(
        "lag:Q",
        title="lag (steps back)",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=log_ticks(table.lag.min(), table.lag.max()), format="~g"),
    )
    y = alt.Y(
        "stretch:Q",
        title="largest singular value",
        scale=alt.Scale(type="log", domain=[LOWEST, highest], nice=False),
        axis=alt.Axis(values=log_ticks(LOWEST, highest), format="~g"),
    )
    one = once().mark_rule(strokeDash=[2, 3], color="#8c959f").encode(y=alt.datum(1))
    base = alt.Chart().encode(x=x, y=y, detail="seed:N", color=alt.value(series.colours[0]))
    line = base.mark_line(clip=True, strokeWidth=1.3, opacity=0.6)
    points = base.mark_point(clip=True, filled=True, size=18, opacity=0.8).encode(
        tooltip=[
            alt.Tooltip("seed:O", title="draw"),
            alt.Tooltip("lag:Q"),
            alt.Tooltip("stretch:Q", title="largest singular value"),
        ]
    )
    return panels([one, line, points], table, [panel], HEIGHT)
