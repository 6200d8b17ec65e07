"""How the runs went: validation score while training, and over the grid of learning rates."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from reports.figures.figure import Figure, Series, columns_of, highlight, panels, strength, task_panel
from reports.inputs import Inputs
from reports.names import DEFAULT, cell_name
from reports.numbers import counted, significant
from reports.sentences import training as sentences
from reports.sentences.words import every_task, origin
from reports.statistics import spread


def curves(inputs: Inputs) -> Figure | None:
    """Draw each seed's validation score at the greatest length of each task."""
    names = {task: task_panel(task, inputs.longest(task)) for task in inputs.charted}
    rows = _longest_defaults(inputs, inputs.curves)
    drawn = rows[rows.valid_metric > 0]  # null and an exact 0 have no place on a logarithmic axis
    table = pd.DataFrame(
        {
            "panel": drawn.task.map(names),
            "series": drawn.cell.map(cell_name),
            "seed": drawn.seed,
            "step": drawn.step,
            "value": [float(f"{value:.4g}") for value in drawn.valid_metric],
        }
    )
    if table.empty:
        return None
    last = table.groupby(["panel", "series", "seed"]).step.transform("max") == table.step
    table["last"] = last
    what = (
        f"Validation score against training steps at the greatest length of {every_task(inputs, 'each')}, one line a "
        "seed."
    )
    finding = sentences.endings(_longest_defaults(inputs, inputs.runs))
    left_out = len(rows) - len(drawn)
    more = (
        f"{counted(left_out, 'check')} without a positive finite score {'is' if left_out == 1 else 'are'} left out."
        if left_out
        else ""
    )
    series = Series.of_cells(inputs.cells)
    return Figure(
        name="curves",
        spec=_curves_chart(table, series, list(names.values())),
        caption=" ".join(
            filter(
                None,
                [
                    what,
                    finding,
                    "A line ends, at its symbol, where the run was stopped; the score is that of the task "
                    "(lower is better).",
                    more,
                ],
            )
        ),
        alt=f"Line chart, logarithmic in the score, {counted(len(names), 'panel')}: "
        f"{', '.join(series.names)}. {what} {finding}",
        provenance=origin(inputs, "curves", len(rows.drop_duplicates(["task", "cell", "seed"]))),
    )


def _longest_defaults(inputs: Inputs, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the cells' defaults at the greatest length of each charted task."""
    rows = table[(table.variant == DEFAULT) & table.task.isin(inputs.charted)]
    return rows[rows.length == rows.task.map(inputs.longest)]


def tuning(inputs: Inputs) -> Figure | None:
    """Draw the scores of the grid of learning rates, the chosen rate marked."""
    rows = inputs.tuning[(inputs.tuning.variant == DEFAULT) & inputs.tuning.task.isin(inputs.charted)]
    found = []
    for (task, length, cell, rate), group in rows.groupby(["task", "length", "cell", "learning_rate"]):
        where = {"panel": task_panel(task, int(length)), "series": cell_name(cell), "rate": f"{rate:g}"}
        values = group.valid_value.fillna(np.inf)
        middle = spread(values)
        if middle is not None and np.isfinite(middle.median):
            found.append({**where, "kind": "median", "value": middle.median, "chosen": bool(group.chosen.any())})
        found += [{**where, "kind": "seed", "value": value, "chosen": False} for value in values if np.isfinite(value)]
    table = pd.DataFrame(found, columns=["panel", "series", "rate", "kind", "value", "chosen"])
    table = table[table.value > 0]
    if table.empty:
        return None
    table["score"] = [significant(value) for value in table.value]
    what = (
        f"Validation score over the grid of learning rates on {every_task(inputs)}, at the lengths where rates were "
        "chosen; the larger symbol is the chosen rate."
    )
    findings = f"{sentences.grid_edges(inputs)} {sentences.failed_tuning(rows)}"
    series = Series.of_cells(inputs.cells)
    names = [task_panel(task, int(n)) for task in inputs.charted for n in sorted(set(rows[rows.task == task].length))]
    return Figure(
        name="tuning",
        spec=_tuning_chart(table, series, names, sorted(set(rows.learning_rate))),
        caption=f"{what} Small points are seeds, lines join medians; a median that is infinite is not drawn. "
        f"{findings}",
        alt=f"Line chart, logarithmic in the score, {counted(len(names), 'panel')}: "
        f"{', '.join(series.names)}. {what} {findings}",
        provenance=origin(inputs, "tuning", len(rows)),
    )


def _curves_chart(table: pd.DataFrame, series: Series, names: list[str]) -> dict[str, object]:
    chosen = highlight()
    x = alt.X("step:Q", title="training steps", axis=alt.Axis(tickCount=4, format="~s"))
    y = alt.Y(
        "value:Q",
        title="validation score",
        scale=alt.Scale(type="log", nice=False, padding=6),
        axis=alt.Axis(tickCount=5, format="~g"),
    )
    colour = series.colour("cell")
    line = (
        alt.Chart()
        .mark_line(strokeWidth=1)
        .encode(x=x, y=y, color=colour, strokeDash=series.dash("cell"), detail="seed:N", opacity=strength(chosen, 0.6))
    )
    ends = (
        alt.Chart()
        .transform_filter("datum.last")
        .mark_point(filled=True, size=34)
        .encode(
            x=x,
            y=y,
            color=colour,
            shape=series.shape("cell"),
            opacity=strength(chosen, 0.9),
            tooltip=[
                alt.Tooltip("series:N", title="cell"),
                "seed:O",
                "step:Q",
                alt.Tooltip("value:Q", title="score", format=".3g"),
            ],
        )
        .add_params(chosen)
    )
    return panels([line, ends], table, names, 110, independent=["x", "y"], columns=3)


def _tuning_chart(table: pd.DataFrame, series: Series, names: list[str], rates: list[float]) -> dict[str, object]:
    chosen = highlight()
    order = [f"{rate:g}" for rate in rates]
    x = alt.X("rate:O", title="learning rate", sort=order, scale=alt.Scale(domain=order), axis=alt.Axis(labelAngle=0))
    y = alt.Y(
        "value:Q",
        title="validation score",
        scale=alt.Scale(type="log", nice=False, padding=6),
        axis=alt.Axis(tickCount=5, format="~g"),
    )
    beside = alt.XOffset("series:N", sort=list(series.names), scale=alt.Scale(domain=list(series.names)))
    colour = series.colour("cell")
    tooltip = [alt.Tooltip("series:N", title="cell"), alt.Tooltip("rate:O", title="rate"), "score:N"]
    seeds = (
        alt.Chart()
        .transform_filter("datum.kind == 'seed'")
        .mark_point(filled=True, size=14)
        .encode(x=x, xOffset=beside, y=y, color=colour, opacity=strength(chosen, 0.5), tooltip=tooltip)
    )
    medians = alt.Chart().transform_filter("datum.kind == 'median'")
    line = medians.mark_line(strokeWidth=1.4).encode(
        x=x, xOffset=beside, y=y, color=colour, strokeDash=series.dash("cell"), opacity=strength(chosen, 0.8)
    )
    points = (
        medians.mark_point(filled=True)
        .encode(
            x=x,
            xOffset=beside,
            y=y,
            color=colour,
            shape=series.shape("cell"),
            size=alt.condition("datum.chosen", alt.value(120), alt.value(24)),
            opacity=strength(chosen, 1),
            tooltip=tooltip,
        )
        .add_params(chosen)
    )
    return panels([seeds, line, points], table, names, 95, independent=["y"], columns=columns_of(names), on_phone=1)
