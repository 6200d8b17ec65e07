"""Memory horizons over training: at initialisation, at steps early in training, and trained."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd

from reports.factors import horizons_over_steps
from reports.figures.figure import Figure, Series, highlight, log_ticks, panels, strength, task_panel
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, EARLY, INIT, TRAINED, cell_name
from reports.numbers import counted, whole
from reports.sentences import horizon as sentences
from reports.sentences.words import interval_words, origin
from reports.summaries import Horizon

HEIGHT = 120
START, END = "start", "trained"


def over_training(inputs: Inputs) -> Figure | None:
    """Draw each cell's horizon over the training steps, on one task a family at its greatest length."""
    rows, names, n_runs = [], [], 0
    for task in inputs.examples(inputs.tasks):
        length = inputs.longest(task)
        names.append(panel := task_panel(task, length))
        for cell in inputs.cells:
            setting = Setting(task, cell, DEFAULT, length)
            n_runs += len(inputs.runs_of(setting))
            for (phase, step), found in horizons_over_steps(inputs, setting).items():
                if found.spread is not None:
                    rows.append(_row(panel, cell_name(cell), phase, step, found))
    if not rows:
        return None
    table = pd.DataFrame(rows)
    series = Series.of_cells(inputs.cells)
    what = (
        "Memory horizon at the start, after so many updates, and when trained (each run at its best step on "
        "validation), for each cell on one task a family at its greatest length; the same seeds throughout."
    )
    finding = sentences.fewer_seeds(inputs)
    how = (
        "Hollow symbols are censored: the horizon is at least that, all lags that were measured. Only updates of the "
        "early phase are joined by a line, for the start, the early and the trained horizon are three quantities."
    )
    return Figure(
        name="horizon-steps",
        spec=_chart(table, series, names),
        caption=" ".join(filter(None, [what, how, finding, interval_words(len(inputs.seeds))])),
        alt=f"Chart with {counted(len(names), 'panel')}, logarithmic in the horizon: {', '.join(series.names)}. {what}",
        provenance=origin(inputs, "rates", n_runs),
    )


def _row(panel: str, series: str, phase: str, step: int, found: Horizon) -> dict[str, Any]:
    def drawn(value: float) -> float:
        return float(found.bound) if math.isinf(value) and found.bound is not None else value

    s = found.spread
    assert s is not None
    return {
        "panel": panel,
        "series": series,
        "at": {INIT: START, TRAINED: END}.get(phase, f"{step:,}"),
        "step": {INIT: 0, TRAINED: math.inf}.get(phase, step),
        "early": phase == EARLY,
        "horizon": drawn(s.median),
        "low": drawn(s.low),
        "high": drawn(s.high),
        "censored": found.censored,
        "words": f"≥ {found.bound}" if found.censored else whole(s.median),
        "n": s.n,
    }


def _chart(table: pd.DataFrame, series: Series, names: list[str]) -> dict[str, Any]:
    chosen = highlight()
    order = list(dict.fromkeys(table.sort_values("step")["at"]))
    x = alt.X("at:O", title="updates", sort=order, scale=alt.Scale(domain=order), axis=alt.Axis(labelAngle=0))
    beside = alt.XOffset("series:N", sort=list(series.names), scale=alt.Scale(domain=list(series.names)))
    y = alt.Y(
        "horizon:Q",
        title="memory horizon (steps)",
        scale=alt.Scale(type="log", nice=False, padding=8),
        axis=alt.Axis(values=log_ticks(1, table.high.max()), format="~g"),
    )
    colour = series.colour("cell")
    base = alt.Chart().encode(x=x, xOffset=beside, color=colour)
    bars = base.mark_rule(strokeWidth=1.4).encode(y=alt.Y("low:Q"), y2="high:Q", opacity=strength(chosen, 0.7))
    line = (
        base.transform_filter("datum.early")
        .mark_line(strokeWidth=1.4)
        .encode(y=y, strokeDash=series.dash("cell"), opacity=strength(chosen, 0.8))
    )
    tooltip = [
        alt.Tooltip("series:N", title="cell"),
        alt.Tooltip("at:O", title="updates"),
        alt.Tooltip("words:N", title="horizon"),
        alt.Tooltip("n:Q", title="seeds"),
    ]
    known = base.transform_filter("!datum.censored").mark_point(filled=True, size=60)
    hollow = base.transform_filter("datum.censored").mark_point(filled=False, size=60, strokeWidth=1.6)
    points = [
        mark.encode(y=y, shape=series.shape("cell"), opacity=strength(chosen, 1), tooltip=tooltip)
        for mark in (known, hollow)
    ]
    points[0] = points[0].add_params(chosen)
    shown = table.drop(columns="step")
    return panels([bars, line, *points], shown, names, HEIGHT, independent=["y"], columns=3, on_phone=1)
