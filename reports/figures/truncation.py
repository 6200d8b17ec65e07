"""Truncated training: accuracy against the lag of the nearest evidence, inside the window and beyond it."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from reports import ablations
from reports.figures.figure import Figure, Series, highlight, once, panels, strength, task_panel
from reports.figures.length import ACCURACY
from reports.inputs import Inputs, Setting
from reports.learning import beyond_window
from reports.names import DEFAULT, at_length, model_name
from reports.numbers import counted
from reports.sentences import remedies as sentences
from reports.sentences.remedies import TRUNCATED
from reports.sentences.words import interval_words, origin
from reports.summaries import baseline, counts_errors, score
from rnn.tasks import TASKS
from rnn.variants import VARIANTS

HEIGHT = 130
GREY = "#8c959f"


def by_required_lag(inputs: Inputs) -> Figure | None:
    """Draw accuracy against the required lag, truncated or not; None unless lags lie on both sides of the window."""
    found = [s for s in ablations.settings_of(inputs, TRUNCATED) if counts_errors(inputs, s.task)]
    found = [s for s in found if beyond_window(s.task, s.variant, s.length) is not None]
    if {beyond_window(s.task, s.variant, s.length) for s in found} != {True, False}:
        return None
    cells = [cell for cell in inputs.cells if any(s.cell == cell for s in found)]
    models = [(cell, variant) for cell in cells for variant in (DEFAULT, TRUNCATED)]
    tasks = list(dict.fromkeys(s.task for s in found))
    drawn = [
        Setting(task, cell, variant, length)
        for task in tasks
        for cell, variant in models
        for length in inputs.lengths(task)
        if len(inputs.runs_of(Setting(task, cell, variant, length)))
    ]
    steps = VARIANTS[TRUNCATED].window
    chance = [
        {"panel": task_panel(task), "lag": TASKS[task].required_lag(n), "value": 1 - baseline(inputs, task, n)[0]}
        for task in tasks
        for n in inputs.lengths(task)
    ]
    rows = pd.DataFrame(
        [
            *({**_accuracy(inputs, of), "kind": "accuracy"} for of in drawn),
            *({**row, "kind": "chance"} for row in chance),
        ]
    )
    what = (
        "Test accuracy against the lag at which the nearest evidence stands, with the whole gradient and with one that "
        f"is truncated after {steps} steps (vertical line): beyond it no gradient leads back to the evidence."
    )
    how = f"Dotted: the trivial predictor. Medians over seeds. {interval_words(len(inputs.seeds))}"
    finding = sentences.window(inputs)
    return Figure(
        name="remedies-window",
        spec=_accuracy_chart(rows, Series.of_models(models, [model_name(*m) for m in models]), tasks, steps),
        caption=f"{what} {finding} {how}",
        alt=f"Line chart, {counted(len(tasks), 'panel')}. {what} {finding}",
        provenance=origin(inputs, "runs", sum(len(inputs.runs_of(of)) for of in drawn)),
    )


def _accuracy(inputs: Inputs, of: Setting) -> dict[str, Any]:
    found = score(inputs, of)
    assert found is not None
    low, middle, high = (round(ACCURACY.value(v), 4) for v in (found.value.high, found.value.median, found.value.low))
    return {
        "panel": task_panel(of.task),
        "series": model_name(of.cell, of.variant),
        "lag": TASKS[of.task].required_lag(of.length),
        "where": at_length(of.task, of.length),
        "low": low,
        "value": middle,
        "high": high,
        "words": ACCURACY.words(found.value.median),
        "truncated": of.variant == TRUNCATED,
    }


def _accuracy_chart(rows: pd.DataFrame, series: Series, tasks: list[str], steps: int) -> dict[str, Any]:
    chosen = highlight()
    x = alt.X("lag:Q", title="required lag (steps)", scale=alt.Scale(nice=False, padding=12))
    y = alt.Y("value:Q", title=ACCURACY.title, axis=alt.Axis(format=ACCURACY.format), scale=alt.Scale(zero=False))
    edge = once().mark_rule(color=GREY, strokeWidth=1.3).encode(x=alt.datum(steps - 0.5))
    chance = (
        alt.Chart().transform_filter("datum.kind == 'chance'").mark_line(color=GREY, strokeDash=[2, 3]).encode(x=x, y=y)
    )
    base = alt.Chart().transform_filter("datum.kind == 'accuracy'").encode(x=x, color=series.colour("model"))
    bars = base.mark_rule(strokeWidth=1.4).encode(y=alt.Y("low:Q"), y2="high:Q", opacity=strength(chosen, 0.6))
    line = base.mark_line(strokeWidth=1.6).encode(y=y, strokeDash=series.dash("model"), opacity=strength(chosen, 0.9))
    tooltip = [alt.Tooltip("series:N", title="model"), alt.Tooltip("where:N", title="length"), "lag:Q", "words:N"]
    points = (
        base.mark_point(filled=True, size=60)
        .encode(y=y, shape=series.shape("model"), opacity=strength(chosen, 1), tooltip=tooltip)
        .add_params(chosen)
    )
    return panels([edge, chance, bars, line, points], rows, [task_panel(t) for t in tasks], HEIGHT, on_phone=1)
