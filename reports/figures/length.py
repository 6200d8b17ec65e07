"""A task's own score against its length: every seed, the median with its interval, and the simple predictors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from reports.figures.figure import TEXT, Figure, Series, highlight, panels, strength
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, axis, axis_title, cell_name, variant_name
from reports.numbers import significant
from reports.sentences.distance import accuracy, falls_back
from reports.sentences.score import beats_trivial, classical_wins
from reports.sentences.words import interval_words, origin
from reports.summaries import baseline, score
from reports.variants import charted, followed

Models = Mapping[str, tuple[str, str]]  # (cell, variant) by name in the legend


@dataclass(frozen=True)
class Scale:
    """How a test score is drawn: the axis's title and format, the value there, the value in words."""

    title: str
    format: str
    value: Callable[[float], float]
    words: Callable[[float], str]


ACCURACY = Scale("test accuracy", ".0%", lambda error: 1 - error, accuracy)


def accuracy_by_cell(inputs: Inputs, task: str) -> Figure:
    """Draw the accuracy of every cell's default."""
    return _figure(
        inputs,
        f"length-{task}",
        task,
        {cell_name(cell): (cell, DEFAULT) for cell in inputs.cells},
        Series.of_cells(inputs.cells),
        "cell",
        ACCURACY,
        f"Test accuracy on {task} against the {axis_title(task)}, for each cell.",
        falls_back(inputs, task),
    )


def accuracy_by_variant(inputs: Inputs, task: str, cell: str, chart: str) -> Figure | None:
    """Draw the accuracy of the variants of a chart that were trained at every length; None where there are none."""
    variants = followed(inputs, task, cell, charted(inputs, cell, chart))
    if not variants:
        return None
    models = {variant_name(cell, variant): (cell, variant) for variant in variants}
    return _figure(
        inputs,
        f"length-{task}-{chart}-{cell}",
        task,
        models,
        Series.of_variants(cell, list(models)),
        cell_name(cell),
        ACCURACY,
        f"Test accuracy on {task} against the {axis_title(task)}, for those variants of the {cell_name(cell)} "
        "that were trained at every length.",
        "",
    )


def score_by_cell(inputs: Inputs, task: str) -> Figure:
    """Draw the score of every cell's default, in its own unit."""
    card = inputs.card(task)
    return _figure(
        inputs,
        f"length-{task}",
        task,
        {cell_name(cell): (cell, DEFAULT) for cell in inputs.cells},
        Series.of_cells(inputs.cells),
        "cell",
        Scale(card["unit"], "~g", float, significant),
        f"Test {card['metric']} on {task}, in {card['unit']} (lower is better), against the {axis_title(task)}, "
        "for each cell.",
        f"{beats_trivial(inputs, task)} {classical_wins(inputs, task)}",
    )


def _figure(
    inputs: Inputs,
    name: str,
    task: str,
    models: Models,
    series: Series,
    legend: str,
    scale: Scale,
    what: str,
    findings: str,
) -> Figure:
    rows = _rows(inputs, task, models, scale)
    card = inputs.card(task)
    simple = f"The dotted line is the {card['trivial']}"
    simple += f", black marks are the {card['classical']}." if card["classical"] else "."
    how = "Small points are seeds, lines join their medians."
    return Figure(
        name=name,
        spec=_chart(rows, task, series, legend, scale),
        caption=" ".join(filter(None, [what, findings, simple, how, interval_words(len(inputs.seeds))])),
        alt=f"Line chart: {', '.join(series.names)}. {what} {findings}".strip(),
        provenance=origin(inputs, "runs", int((rows.kind == "seed").sum())),
    )


def _rows(inputs: Inputs, task: str, models: Models, scale: Scale) -> pd.DataFrame:
    """Return a row for each thing that is drawn, told apart by the column kind."""
    rows: list[dict[str, Any]] = []
    for length in inputs.lengths(task):
        where = {"panel": task, "length": length}
        for kind, error in zip(("trivial", "classical"), baseline(inputs, task, length), strict=True):
            if error is not None:
                rows.append({**where, "kind": kind, "value": scale.value(error), "score": scale.words(error)})
        for label, (cell, variant) in models.items():
            setting = Setting(task, cell, variant, length)
            s = score(inputs, setting)
            if s is None:
                continue
            of_model = {**where, "series": label}
            low, high = sorted((scale.value(s.value.low), scale.value(s.value.high)))
            middle = {"value": scale.value(s.value.median), "score": scale.words(s.value.median)}
            rows.append({**of_model, "kind": "median", **middle, "low": low, "high": high})
            for error, seed in zip(inputs.runs_of(setting).value, inputs.runs_of(setting).seed, strict=True):
                value = {"value": scale.value(error), "score": scale.words(error)}
                rows.append({**of_model, "kind": "seed", **value, "seed": seed})
    return pd.DataFrame(rows).round({"value": 4, "low": 4, "high": 4})


def _chart(rows: pd.DataFrame, task: str, series: Series, legend: str, scale: Scale) -> dict[str, Any]:
    chosen = highlight()
    margin = 0.05 * (rows.value.max() - rows.value.min())
    axis_of_lengths = {
        "title": f"{axis_title(task)}, {axis(task)}",
        "axis": alt.Axis(labelAngle=0),
        "scale": alt.Scale(paddingInner=0.3),
    }
    x = alt.X("length:O", **axis_of_lengths)
    beside = alt.XOffset("series:N", sort=list(series.names), scale=alt.Scale(domain=list(series.names)))
    y = alt.Y(
        "value:Q",
        title=scale.title,
        scale=alt.Scale(domain=[rows.value.min() - margin, rows.value.max() + margin], nice=False),
        axis=alt.Axis(tickCount=6, format=scale.format),
    )
    colour = series.colour(legend)
    place = [alt.Tooltip("length:O", title=axis(task)), alt.Tooltip("score:N", title=scale.title)]
    tooltip = [alt.Tooltip("series:N", title=legend), *place]

    def of(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.kind == '{kind}'")

    trivial = (
        of("trivial")
        .mark_rule(strokeDash=[2, 3], color="#8c959f")
        .encode(x=alt.X("length:O", bandPosition=0, **axis_of_lengths), x2=alt.X2("length:O", bandPosition=1), y=y)
    )
    classical = of("classical").mark_tick(thickness=2.2, color=TEXT, bandSize=46).encode(x=x, y=y, tooltip=place)
    seeds = (
        of("seed")
        .mark_point(filled=True, size=14)
        .encode(x=x, xOffset=beside, y=y, color=colour, opacity=strength(chosen, 0.45), tooltip=[*tooltip, "seed:O"])
    )
    medians = of("median").encode(x=x, xOffset=beside, color=colour)
    bars = medians.mark_rule(strokeWidth=1.6).encode(y=alt.Y("low:Q"), y2="high:Q", opacity=strength(chosen, 0.9))
    line = medians.mark_line(strokeWidth=1.6).encode(y=y, strokeDash=series.dash(legend), opacity=strength(chosen, 0.9))
    middle = (
        medians.mark_point(filled=True, size=60)
        .encode(y=y, shape=series.shape(legend), opacity=strength(chosen, 1), tooltip=tooltip)
        .add_params(chosen)
    )
    return panels([trivial, classical, seeds, bars, line, middle], rows, [task], 160)
