"""How the gradient of the last step's loss fades on its way back: its norm against lag."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from reports.figures.figure import Figure, Series, highlight, panels, strength, task_panel
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, INIT, PHASE_NAMES, TRAINED, cell_name, quoted, variant_name
from reports.numbers import counted, listed, percent, power_of_ten, tick_power
from reports.sentences import gradient as sentences
from reports.sentences.words import interval_words, origin
from reports.summaries import gradient_by_lag
from rnn.gradients.horizon import THRESHOLD

FLOOR = -12.0  # log10: what is drawn at most; a float32 sum of gradients feels nothing below 1e-7
HORIZON = math.log10(THRESHOLD)
MARKS = 9  # symbols on a line


def lines(inputs: Inputs, settings: Sequence[tuple[str, str, Setting, str]]) -> pd.DataFrame:
    """Return the rows of a chart: one a (panel, series, lag).

    Parameters
    ----------
    settings
        (panel, series, setting, phase) of each line.

    Returns
    -------
    Columns panel, series, lag, median, low, high, n, n_zero, mark (whether a symbol stands there), ratio (as
    text). Rows whose median is an exact zero are left out: the line ends there.
    """
    frames = []
    for panel, series, setting, phase in settings:
        frame = gradient_by_lag(inputs, setting, phase)
        frame = frame[np.isfinite(frame["median"])]
        if frame.empty:
            continue
        marks = np.unique(np.linspace(0, len(frame) - 1, MARKS).round().astype(int))
        frame = frame.astype({"lag": int}).assign(
            panel=panel, series=series, mark=np.isin(np.arange(len(frame)), marks)
        )
        frames.append(frame)
    if not frames:
        return pd.DataFrame(columns=["panel", "series", "lag", "median", "low", "high", "n", "n_zero", "mark", "ratio"])
    found = pd.concat(frames, ignore_index=True)
    found["low"] = found["low"].clip(lower=FLOOR - 1)
    found["high"] = found["high"].clip(lower=FLOOR - 1)
    found["ratio"] = [power_of_ten(value) for value in found["median"]]
    return found.round({"median": 3, "low": 3, "high": 3})


def chart(found: pd.DataFrame, series: Series, names: Sequence[str], legend: str) -> dict[str, object]:
    """Return the specification: medians as lines with bands, symbols that answer the pointer, the 1 % line."""
    lowest = max(FLOOR, math.floor(min(found["median"].min(), HORIZON) - 0.3))
    highest = max(1.0, math.ceil(found["median"].max()))
    step = max(1, math.ceil((highest - lowest) / 6))
    ticks = [tick for tick in range(int(lowest), int(highest) + 1) if tick % step == 0]
    labels = " : ".join(f"datum.value == {tick} ? '{tick_power(tick)}'" for tick in ticks) + " : ''"
    chosen = highlight()
    x = alt.X("lag:Q", title="lag (steps before the last)", axis=alt.Axis(tickMinStep=1, tickCount=5))
    y = alt.Y(
        "median:Q",
        title="gradient norm, relative to lag 0",
        scale=alt.Scale(domain=[lowest, highest], nice=False),
        axis=alt.Axis(values=ticks, labelExpr=labels),
    )
    colour = series.colour(legend)
    base = alt.Chart()
    threshold = base.mark_rule(strokeDash=[2, 3], color="#8c959f").encode(y=alt.datum(HORIZON))
    band = base.mark_area(clip=True).encode(
        x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour, opacity=strength(chosen, 0.18)
    )
    line = base.mark_line(clip=True, strokeWidth=1.8).encode(
        x=x, y=y, color=colour, strokeDash=series.dash(legend), opacity=strength(chosen, 1)
    )
    points = (
        base.transform_filter("datum.mark")
        .mark_point(clip=True, filled=True, size=42)
        .encode(
            x=x,
            y=y,
            color=colour,
            shape=series.shape(legend),
            opacity=strength(chosen, 1),
            tooltip=[
                alt.Tooltip("series:N", title=legend),
                alt.Tooltip("lag:Q"),
                alt.Tooltip("ratio:N", title="relative norm"),
                alt.Tooltip("n:Q", title="seeds"),
            ],
        )
        .add_params(chosen)
    )
    return panels([threshold, band, line, points], found, names, 125, independent=["x"])


def by_cell(inputs: Inputs) -> Figure | None:
    """Draw every cell's default on every task at its greatest length, before and after training."""
    lines_wanted, names = [], []
    for task in inputs.tasks:
        length = inputs.longest(task)
        for phase in (INIT, TRAINED):
            names.append(panel := task_panel(task, length, PHASE_NAMES[phase]))
            lines_wanted += [(panel, cell_name(c), Setting(task, c, DEFAULT, length), phase) for c in inputs.cells]
    findings = [sentences.gates_against_vanilla(inputs, phase) for phase in (INIT, TRAINED)]
    return _figure(
        inputs,
        "gradient-cells",
        lines_wanted,
        Series.of_cells(inputs.cells),
        names,
        "cell",
        "Gradient norm against lag, for each cell at the greatest length of each task.",
        findings,
    )


def by_length(inputs: Inputs, task: str) -> Figure | None:
    """Draw every cell's default on one task at every length, trained."""
    names = [task_panel(task, length) for length in inputs.lengths(task)]
    wanted = [
        (panel, cell_name(cell), Setting(task, cell, DEFAULT, length), TRAINED)
        for panel, length in zip(names, inputs.lengths(task), strict=True)
        for cell in inputs.cells
    ]
    return _figure(
        inputs,
        f"gradient-lengths-{task}",
        wanted,
        Series.of_cells(inputs.cells),
        names,
        "cell",
        f"Gradient norm against lag in trained networks, {quoted(task)}, at every length.",
        [sentences.most_and_least(inputs, task, TRAINED)],
    )


def by_variant(inputs: Inputs, cell: str) -> Figure | None:
    """Draw one cell's variants on every task at its greatest length, before and after training."""
    variants = inputs.variants(cell)
    lines_wanted, names = [], []
    for task in inputs.tasks:
        length = inputs.longest(task)
        for phase in (INIT, TRAINED):
            names.append(panel := task_panel(task, length, PHASE_NAMES[phase]))
            lines_wanted += [(panel, variant_name(cell, v), Setting(task, cell, v, length), phase) for v in variants]
    task = max(inputs.tasks, key=inputs.longest)
    return _figure(
        inputs,
        f"gradient-variants-{cell}",
        lines_wanted,
        Series.of_variants(cell, [variant_name(cell, variant) for variant in variants]),
        names,
        cell_name(cell),
        f"Gradient norm against lag for the variants of the {cell_name(cell)}, at the greatest length of each task.",
        [sentences.activations(inputs, cell, task, INIT)],
    )


def _figure(
    inputs: Inputs,
    name: str,
    wanted: Sequence[tuple[str, str, Setting, str]],
    series: Series,
    panel_names: Sequence[str],
    legend: str,
    what: str,
    findings: Sequence[str],
) -> Figure | None:
    found = lines(inputs, wanted)
    if found.empty:
        return None
    below = list(dict.fromkeys(found[found["median"] < FLOOR].series))
    cut = (
        f"Below {tick_power(int(FLOOR))}, where {listed(below)} go{'es' if len(below) == 1 else ''}, nothing is drawn."
        if below
        else ""
    )
    how = (
        "Lines are medians over seeds of each seed’s median over samples; the dotted line is the "
        f"{percent(THRESHOLD)} of the memory horizon."
    )
    caption = " ".join(
        filter(None, [what, *findings, how, interval_words(len(inputs.seeds)), cut, _zeros(wanted, inputs)])
    )
    n = sum(inputs.runs_of(setting).shape[0] for setting in {setting for _, _, setting, _ in wanted})
    return Figure(
        name=name,
        spec=chart(found, series, [panel for panel in panel_names if panel in set(found.panel)], legend),
        caption=caption,
        alt=f"Line chart, logarithmic in the norm, {counted(len(panel_names), 'panel')}: {', '.join(series.names)}. "
        + " ".join([what, *findings]),
        provenance=origin(inputs, "gradients", n),
    )


def _zeros(wanted: Sequence[tuple[str, str, Setting, str]], inputs: Inputs) -> str:
    """Say in which series some seed ranks below every number, where no axis reaches."""
    found = [series for _, series, setting, phase in wanted if gradient_by_lag(inputs, setting, phase).n_zero.any()]
    if not found:
        return ""
    return (
        f"A seed with more than half of its samples at exactly zero is drawn below the axis; that happens in "
        f"{listed(list(dict.fromkeys(found)))}. A line ends where its median is zero."
    )
