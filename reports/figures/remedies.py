"""Remedies beside their cell's default: memory horizons, and what was learned."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd
from scipy import stats

from reports import ablations
from reports.figures.figure import Figure, Series, log_ticks, panels, task_panel
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, PHASE_NAMES, TRAINED, at_length, cell_name, model_name
from reports.numbers import counted, listed, significant
from reports.sentences import remedies as sentences
from reports.sentences.gradient import horizon_words
from reports.sentences.words import interval_words, origin_of
from reports.statistics import LEVEL
from reports.summaries import horizon, score

ROW = 15  # px of a remedy
FLOOR = -0.3  # a skill that is lower is drawn here
GREY = "#8c959f"
GAP = " "  # rows without a name part the cells; each is a name of its own


def reach(inputs: Inputs) -> Figure | None:
    """Draw memory horizons before and after training, a row a remedy and a panel a task; None without remedies."""
    shown = list(_shown(inputs))
    found = [row for panel, of in shown for phase in PHASE_NAMES for row in _horizon(inputs, panel, of, phase)]
    if not found:
        return None
    rows = pd.DataFrame(found)
    what = (
        "Memory horizons before and after training with each remedy, beside the cell’s default: a row a remedy, a "
        f"panel a task, {_where(inputs)}."
    )
    how = (
        "Hollow symbols are censored: the horizon is at least that, all lags that were measured. Vertical lines: the "
        "default before training (dotted) and after it (solid). Logarithmic axes."
    )
    finding = sentences.reach_in_all(inputs)
    spec = _chart(
        rows,
        alt.X(
            "value:Q",
            title="memory horizon (steps)",
            scale=alt.Scale(type="log", nice=False, padding=8),
            axis=alt.Axis(values=log_ticks(1, rows.high.max()), format="~g"),
        ),
        _names(inputs),
        marks=("circle", "diamond"),
    )
    return Figure(
        name="remedies-horizon",
        spec=spec,
        caption=f"{what} {finding} {how} {interval_words(len(inputs.seeds), len(inputs.draws))}",
        alt=f"{_panels(inputs)}. {what} {finding}",
        provenance=origin_of(inputs, "rates", [(of, phase) for _, of in shown for phase in PHASE_NAMES]),
    )


def learned(inputs: Inputs) -> Figure | None:
    """Draw what was learned, a row a remedy and a panel a task; None without remedies."""
    shown = list(_shown(inputs))
    if not shown:
        return None
    judged = [task for task in ablations.tasks(inputs) if inputs.solved_below(task)]
    what = (
        "What was learned with each remedy, beside the cell’s default (vertical lines): a row a remedy, a panel a "
        f"task, {_where(inputs)}."
    )
    finding = sentences.learned_in_all(inputs)
    share = f"For {listed(judged)} the share of seeds that solved the task, with its exact (Clopper-Pearson) interval."
    skill = "Where the task has no criterion, the median skill, 1 − score/score of the trivial predictor."
    how = [share] if judged else []
    if len(judged) < len(ablations.tasks(inputs)):
        how += [skill, interval_words(len(inputs.seeds))]
    x = alt.X(
        "value:Q",
        title="share solved, or skill",
        scale=alt.Scale(domain=[FLOOR - 0.04, 1.04], nice=False),
        axis=alt.Axis(tickCount=4),
    )
    rows = pd.DataFrame([_learned(inputs, panel, setting) for panel, setting in shown])
    return Figure(
        name="remedies-learned",
        spec=_chart(rows, x, _names(inputs), marks=("diamond",)),
        caption=" ".join([what, finding, *how]),
        alt=f"{_panels(inputs)}. {what} {finding}",
        provenance=origin_of(inputs, "runs", [(setting, TRAINED) for _, setting in shown]),
    )


def _shown(inputs: Inputs) -> Iterator[tuple[str, Setting]]:
    """Return what the overview shows, task by task: of each cell one length, its default first."""
    for task in ablations.tasks(inputs):
        for cell in inputs.cells:
            if length := ablations.main_length(inputs, task, cell):
                for variant in (DEFAULT, *ablations.remedies(inputs, task, cell, length)):
                    yield task_panel(task), Setting(task, cell, variant, length)


def _names(inputs: Inputs) -> list[str]:
    """Return the rows of the overview from top to bottom."""
    own: dict[str, list[str]] = {}
    for _, of in _shown(inputs):
        own.setdefault(of.cell, []).append(of.variant)
    names = []
    for i, cell in enumerate(cell for cell in inputs.cells if cell in own):
        order = [DEFAULT, *(v for group in ablations.GROUPS.values() for v in group.variants)]
        names += [GAP * i] if i else []
        names += [model_name(cell, variant) for variant in order if variant in own[cell]]
    return names


def _horizon(inputs: Inputs, panel: str, of: Setting, phase: str) -> Iterator[dict[str, Any]]:
    found = horizon(inputs, of, phase)
    if found.spread is None:
        return
    low, middle, high = (
        float(found.bound) if math.isinf(value) and found.bound is not None else value
        for value in (found.spread.low, found.spread.median, found.spread.high)
    )
    words = horizon_words(found)
    yield _row(panel, of, low, middle, high, words, found.spread.n, f"{PHASE_NAMES[phase]} training", found.censored)


def _learned(inputs: Inputs, panel: str, of: Setting) -> dict[str, Any]:
    found = score(inputs, of)
    assert found is not None
    if found.n_solved is None:
        s = found.skill
        low, middle, high = (max(FLOOR, value) for value in (s.low, s.median, s.high))
        return _row(panel, of, low, middle, high, f"skill {significant(s.median)}", found.n)
    share = stats.binomtest(found.n_solved, found.n).proportion_ci(LEVEL, "exact")
    middle = found.n_solved / found.n
    return _row(panel, of, share.low, middle, share.high, f"{found.n_solved} of {found.n} solved", found.n)


def _row(
    panel: str,
    of: Setting,
    low: float,
    middle: float,
    high: float,
    words: str,
    n: int,
    phase: str = "after training",
    censored: bool = False,
) -> dict[str, Any]:
    numbers = {"low": low, "value": middle, "high": high}
    return {
        "panel": panel,
        "row": model_name(of.cell, of.variant),
        "cell": cell_name(of.cell),
        "series": phase,
        **{name: round(float(value), 4) for name, value in numbers.items()},
        "words": words,
        "n": n,
        "censored": censored,
        "reference": of.variant == DEFAULT,
        "where": at_length(of.task, of.length),
    }


def _chart(rows: pd.DataFrame, x: alt.X, names: list[str], marks: tuple[str, ...]) -> dict[str, Any]:
    """Return rows of symbols with bars, and for each cell a line at its default down its rows."""
    last = {cell: [n for n in names if n in set(rows.row[rows.cell == cell])][-1] for cell in rows.cell.unique()}
    rows = rows.assign(last=rows.cell.map(last))
    phases = list(dict.fromkeys(rows.series))
    # a row is named by its remedy alone, the default by its cell: what stands before the comma is said above
    variant = "indexof(datum.value, ', ') > 0"
    y = alt.Y(
        "row:N",
        title=None,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(
            labelExpr=f"{variant} ? slice(datum.value, indexof(datum.value, ', ') + 2) : datum.value",
            labelFontWeight={"condition": {"test": variant, "value": "normal"}, "value": "bold"},
            labelLimit=190,
            labelOverlap=False,
            ticks=False,
            domain=False,
        ),
    )
    cells = Series.of_cells([cell for cell in ("rnn", "lstm", "gru") if cell_name(cell) in set(rows.cell)])
    colour = alt.Color(
        "cell:N", legend=None, scale=alt.Scale(domain=list(cells.names), range=list(cells.colours)), sort=None
    )
    beside = alt.YOffset("series:N", sort=phases, scale=alt.Scale(domain=phases, paddingOuter=0.4))
    shape = alt.Shape(
        "series:N",
        title=None,
        sort=phases,
        scale=alt.Scale(domain=phases, range=list(marks)),
        legend=alt.Legend(symbolFillColor=GREY, symbolStrokeColor=GREY) if len(phases) > 1 else None,
    )
    base = alt.Chart().encode(y=y, color=colour)
    reference = base.transform_filter("datum.reference").encode(x=x, y2="last:N")
    lines = [reference.mark_rule(strokeWidth=1, opacity=0.55, strokeDash=[1, 0])]
    if len(phases) > 1:
        lines = [
            reference.transform_filter(f"datum.series == '{phase}'").mark_rule(
                strokeWidth=1, opacity=0.55, strokeDash=d
            )
            for phase, d in zip(phases, ([2, 2], [1, 0]), strict=True)
        ]
    bars = base.mark_rule(strokeWidth=1.3, opacity=0.7).encode(x=alt.X("low:Q"), x2="high:Q", yOffset=beside)
    tooltip = [
        alt.Tooltip("row:N", title="model"),
        alt.Tooltip("where:N", title="length"),
        alt.Tooltip("series:N", title="when"),
        alt.Tooltip("words:N", title="found"),
        alt.Tooltip("n:Q", title="networks"),
    ]
    points = [
        base.transform_filter(test)
        .mark_point(filled=filled, size=34, strokeWidth=1.4, opacity=1)
        .encode(x=x, yOffset=beside, shape=shape, tooltip=tooltip)
        for test, filled in (("!datum.censored", True), ("datum.censored", False))
    ]
    in_panels = list(dict.fromkeys(rows.panel))
    return panels([*lines, bars, *points], rows, in_panels, ROW * len(names), independent=["x"], columns=4, on_phone=1)


def _where(inputs: Inputs) -> str:
    """Return at which lengths the cells stand in the overview."""
    parts = []
    for task in ablations.tasks(inputs):
        cells: dict[int, list[str]] = {}
        for cell in inputs.cells:
            if length := ablations.main_length(inputs, task, cell):
                cells.setdefault(length, []).append(cell_name(cell))
        own = [f"{at_length(task, n)}{f' ({listed(of)})' if len(cells) > 1 else ''}" for n, of in cells.items()]
        parts.append(f"{task} at {listed(own)}")
    return listed(parts)


def _panels(inputs: Inputs) -> str:
    tasks = ablations.tasks(inputs)
    return f"Rows of points, {counted(len(tasks), 'panel')}: {listed(tasks)}"
