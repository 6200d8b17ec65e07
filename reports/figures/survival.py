"""When tasks are solved: the share of the seeds that is not solved yet, against updates."""

from __future__ import annotations

import altair as alt
import pandas as pd

from reports.figures.figure import Figure, Series, highlight, log_ticks, panels, strength, task_panel
from reports.inputs import Inputs
from reports.names import model_name
from reports.numbers import counted, percent
from reports.sentences import fair
from reports.sentences.words import origin
from reports.survival import compared, telling


def curves(inputs: Inputs) -> Figure | None:
    """Draw Kaplan-Meier curves of the cells' defaults and their matched forms; None where no curve says anything."""
    places = telling(inputs)
    if not places:
        return None
    found, models, n_runs = [], set(), 0
    for task, length in places:
        for model, of in compared(inputs, task, length).items():
            models.add(model)
            n_runs += len(of.solved_at)
            own = of.curve().assign(panel=task_panel(task, length), series=model_name(*model))
            end = own.iloc[-1:].assign(updates=float(of.budget))
            found += [own, end] if own.updates.iloc[-1] < of.budget else [own]
    shown = [model for model in inputs.models if model in models]
    series = Series.of_models(shown, [model_name(*model) for model in shown])
    rows = pd.concat(found, ignore_index=True).round({"left": 4, "low": 4, "high": 4})
    rows["share"] = [percent(value) for value in rows.left]
    what = "Share of the seeds that is not solved yet, against updates: Kaplan-Meier estimates with intervals of 95 %."
    how = (
        "A run that is never solved counts up to its budget. Updates are on a logarithmic axis from the first check to "
        "the budget; left out is what no run solves, or all do at the first check."
    )
    finding = fair.sooner_in_short(inputs)
    return Figure(
        name="survival",
        spec=_chart(rows, series, [task_panel(*place) for place in places]),
        caption=f"{what} {how} {fair.checks(inputs)} {finding}",
        alt=f"Step chart with {counted(len(places), 'panel')}: {', '.join(series.names)}. {what} {finding}",
        provenance=origin(inputs, "runs", n_runs),
    )


def _chart(rows: pd.DataFrame, series: Series, names: list[str]) -> dict[str, object]:
    chosen = highlight()
    x = alt.X(
        "updates:Q",
        title="updates",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=log_ticks(rows.updates.min(), rows.updates.max()), format="~s", grid=False),
    )
    y = alt.Y(
        "left:Q", title="not solved yet", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(tickCount=5, format=".0%")
    )
    colour = series.colour("model")
    band = (
        alt.Chart()
        .mark_area(interpolate="step-after")
        .encode(x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour, opacity=strength(chosen, 0.12))
    )
    line = (
        alt.Chart()
        .mark_line(interpolate="step-after", strokeWidth=1.6)
        .encode(x=x, y=y, color=colour, strokeDash=series.dash("model"), opacity=strength(chosen, 0.9))
    )
    points = (
        alt.Chart()
        .mark_point(filled=True, size=22)
        .encode(
            x=x,
            y=y,
            color=colour,
            shape=series.shape("model"),
            opacity=strength(chosen, 0.9),
            tooltip=[
                alt.Tooltip("series:N", title="model"),
                alt.Tooltip("updates:Q", format=","),
                alt.Tooltip("share:N", title="not solved yet"),
            ],
        )
        .add_params(chosen)
    )
    return panels([band, line, points], rows, names, 110, independent=["x"], columns=3)
