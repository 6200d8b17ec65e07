"""What the gradient's decay costs: test skill against sequence length."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from reports.figures.figure import (
    TEXT,
    Figure,
    Series,
    columns_of,
    highlight,
    length_title,
    once,
    panels,
    strength,
    task_panel,
)
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, at_length, cell_name, variant_name
from reports.numbers import counted, significant
from reports.sentences import score as sentences
from reports.sentences.words import every_task, interval_words, origin
from reports.summaries import baseline, score
from reports.variants import charted, followed

FLOOR = -0.5  # what lies lower is drawn here, so that one bad run does not hide the others


def by_cell(inputs: Inputs) -> Figure:
    """Draw every cell's default on the charted tasks."""
    found = {cell: (cell, DEFAULT) for cell in inputs.cells}
    return _figure(
        inputs,
        inputs.charted,
        "score-cells",
        {cell_name(cell): model for cell, model in found.items()},
        Series.of_cells(inputs.cells),
        "cell",
        f"Test skill against sequence length for each cell, on {every_task(inputs)}.",
        [sentences.gates_help(inputs), sentences.what_decides(inputs)],
    )


def by_variant(inputs: Inputs, cell: str, chart: str) -> Figure | None:
    """Draw the variants of a chart that were trained at every length of a task; None where none was on any."""
    variants = charted(inputs, cell, chart)
    of_task = {task: found for task in inputs.tasks if (found := followed(inputs, task, cell, variants))}
    models = {
        variant_name(cell, variant): (cell, variant)
        for variant in variants
        if any(variant in found for found in of_task.values())
    }
    if not models:
        return None
    return _figure(
        inputs,
        list(of_task),
        f"score-{chart}-{cell}",
        models,
        Series.of_variants(cell, list(models)),
        cell_name(cell),
        f"Test skill against sequence length for those variants of the {cell_name(cell)} that were trained at every "
        "length of a task.",
        [],
    )


def _figure(
    inputs: Inputs,
    tasks: Sequence[str],
    name: str,
    models: dict[str, tuple[str, str]],
    series: Series,
    legend: str,
    what: str,
    findings: Sequence[str],
) -> Figure:
    points, medians, classical = [], [], []
    for task in tasks:
        for length in inputs.lengths(task):
            trivial, simple = baseline(inputs, task, length)
            at = {"panel": task_panel(task), "length": length, "where": at_length(task, length)}
            if simple is not None:
                classical.append({**at, "skill": 1 - simple / trivial, "score": significant(simple)})
            for label, (cell, variant) in models.items():
                setting = Setting(task, cell, variant, length)
                s = score(inputs, setting)
                if s is None:
                    continue
                where = {**at, "series": label}
                medians.append(
                    {
                        **where,
                        "skill": s.skill.median,
                        "low": s.skill.low,
                        "high": s.skill.high,
                        "score": significant(s.value.median),
                    }
                )
                points += [
                    {**where, "skill": skill, "seed": seed, "score": significant(value)}
                    for skill, seed, value in zip(
                        *(inputs.runs_of(setting)[c] for c in ("skill", "seed", "value")), strict=True
                    )
                ]
    below = sum(point["skill"] < FLOOR for point in points)
    caption = " ".join(
        filter(
            None,
            [
                what,
                *findings,
                "Skill is 1 − score/score of the trivial predictor: 1 is perfect, 0 (dotted) the trivial predictor.",
                "Black bars are the classical predictor." if classical else "",
                "Small points are seeds, lines join their medians.",
                interval_words(len(inputs.seeds)),
                sentences.below_frame(below, len(points), FLOOR).strip(),
            ],
        )
    )
    return Figure(
        name=name,
        spec=_chart(points, medians, classical, series, tasks, legend),
        caption=caption,
        alt=f"Line chart with {counted(len(tasks), 'panel')}, one a task: {', '.join(series.names)}. "
        + " ".join([what, *findings]),
        provenance=origin(inputs, "runs", len(points)),
    )


def _chart(
    points: list[dict[str, object]],
    medians: list[dict[str, object]],
    classical: list[dict[str, object]],
    series: Series,
    tasks: Sequence[str],
    legend: str,
) -> dict[str, object]:
    rows = pd.DataFrame([{**row, "kind": kind} for kind, part in _parts(points, medians, classical) for row in part])
    for column in ("skill", "low", "high"):
        rows[f"{column}_drawn"] = rows[column].clip(lower=FLOOR).round(4) if column in rows else None
    rows["skill"] = [significant(value) for value in rows.skill]
    lowest = min(0.0, float(rows.skill_drawn.min()))
    chosen = highlight()
    names = [task_panel(task) for task in tasks]
    x = alt.X("length:O", title=length_title(tasks), axis=alt.Axis(labelAngle=0), scale=alt.Scale(paddingInner=0.3))
    beside = alt.XOffset("series:N", sort=list(series.names), scale=alt.Scale(domain=list(series.names)))
    y = alt.Y(
        "skill_drawn:Q",
        title="skill",
        scale=alt.Scale(domain=[lowest - 0.04, 1.04], nice=False),
        axis=alt.Axis(tickCount=6),
    )
    colour = series.colour(legend)
    tooltip = [
        alt.Tooltip("series:N", title=legend),
        alt.Tooltip("where:N", title="length"),
        alt.Tooltip("skill:N"),
        alt.Tooltip("score:N", title="test score"),
    ]

    def of(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.kind == '{kind}'")

    zero = once().mark_rule(strokeDash=[2, 3], color="#8c959f").encode(y=alt.datum(0))
    simple = (
        of("classical")
        .mark_tick(thickness=2.2, color=TEXT, bandSize=46)
        .encode(x=x, y=y, tooltip=[tooltip[1], tooltip[2], tooltip[3]])
    )
    seeds = (
        of("seed")
        .mark_point(filled=True, size=14)
        .encode(x=x, xOffset=beside, y=y, color=colour, opacity=strength(chosen, 0.45), tooltip=[*tooltip, "seed:O"])
    )
    bars = (
        of("median")
        .mark_rule(strokeWidth=1.6)
        .encode(
            x=x, xOffset=beside, y=alt.Y("low_drawn:Q"), y2="high_drawn:Q", color=colour, opacity=strength(chosen, 0.9)
        )
    )
    line = (
        of("median")
        .mark_line(strokeWidth=1.6)
        .encode(x=x, xOffset=beside, y=y, color=colour, strokeDash=series.dash(legend), opacity=strength(chosen, 0.9))
    )
    middle = (
        of("median")
        .mark_point(filled=True, size=60)
        .encode(
            x=x,
            xOffset=beside,
            y=y,
            color=colour,
            shape=series.shape(legend),
            opacity=strength(chosen, 1),
            tooltip=tooltip,
        )
        .add_params(chosen)
    )
    return panels(
        [zero, simple, seeds, bars, line, middle],
        rows,
        names,
        105,
        independent=["x", "xOffset"],
        columns=columns_of(names),
        on_phone=1,
    )


def _parts(points: list[dict[str, object]], medians: list[dict[str, object]], classical: list[dict[str, object]]):
    return (("seed", points), ("median", medians), ("classical", classical))
