"""Where the weight gradient comes from: how much of it the last steps give."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from reports.factors import cumulated
from reports.figures import bands
from reports.figures.figure import Figure, Series, log_ticks, once, panels, task_panel
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, INIT, PHASE_NAMES, TRAINED, cell_name
from reports.sentences import contribution as sentences
from reports.sentences.words import interval_words, on_task, origin_of

HEIGHT = 125


def by_cell(inputs: Inputs, task: str) -> Figure | None:
    """Draw for each cell how the parts of dL_T/dW_hh add up from the last step on, before and after training."""
    length = inputs.longest(task)
    names = {phase: task_panel(task, length, PHASE_NAMES[phase]) for phase in (INIT, TRAINED)}
    settings = {cell: Setting(task, cell, DEFAULT, length) for cell in inputs.cells}
    wanted = [
        (names[phase], cell_name(cell), cumulated(inputs, setting, phase))
        for phase in names
        for cell, setting in settings.items()
    ]
    found = bands.lines(wanted, "steps", lowest=0, logarithmic=True)
    if found.empty:
        return None
    found = found.astype({"steps": int})
    series = Series.of_cells(inputs.cells)
    what = (
        "Where the weight gradient comes from: how much of the sum of the absolute parts of ∂L_T/∂W_hh the last steps "
        f"give together, on {on_task(task, length)}, before and after training."
    )
    finding = sentences.half(inputs, task)
    how = "The horizontal axis is logarithmic; lines are medians over seeds."
    return Figure(
        name="contributions",
        spec=_chart(found, series, [name for name in names.values() if name in set(found.panel)]),
        caption=" ".join(filter(None, [what, finding, how, interval_words(len(inputs.seeds), len(inputs.draws))])),
        alt=f"Line chart, 2 panels, logarithmic in the steps: {', '.join(series.names)}. {what} {finding}".strip(),
        provenance=origin_of(inputs, "gradients", [(s, phase) for s in settings.values() for phase in names]),
    )


def _chart(found: pd.DataFrame, series: Series, names: list[str]) -> dict[str, Any]:
    x = alt.X(
        "steps:Q",
        title="last steps together",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=log_ticks(found.steps.min(), found.steps.max()), format="~g"),
    )
    y = alt.Y(
        "median:Q",
        title="share of the parts",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(tickCount=5, format=".0%"),
    )
    half = once().mark_rule(strokeDash=[2, 3], color="#8c959f").encode(y=alt.datum(0.5))
    tooltip = [alt.Tooltip("steps:Q", title="last steps"), alt.Tooltip("median:Q", title="share", format=".0%")]
    return panels([half, *bands.layers(x, y, series, "cell", tooltip)], found, names, HEIGHT)
