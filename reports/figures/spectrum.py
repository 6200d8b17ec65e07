"""Lyapunov spectra: how fast small changes of the state grow or fade, direction by direction."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from reports.factors import spectrum
from reports.figures import bands
from reports.figures.figure import Figure, Series, once, panels, task_panel
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, INIT, PHASE_NAMES, TRAINED, cell_name
from reports.numbers import counted
from reports.sentences import spectrum as sentences
from reports.sentences.words import interval_words, on_task, origin_of

HEIGHT = 135


def by_cell(inputs: Inputs, task: str) -> Figure | None:
    """Draw each cell's spectrum at a task's greatest trained length, before and after training."""
    length = inputs.longest(task)
    names = {phase: task_panel(task, length, PHASE_NAMES[phase]) for phase in (INIT, TRAINED)}
    settings = {cell: Setting(task, cell, DEFAULT, length) for cell in inputs.cells}
    wanted = [
        (names[phase], cell_name(cell), _by_fraction(spectrum(inputs, setting, phase)))
        for phase in names
        for cell, setting in settings.items()
    ]
    found = bands.lines(wanted, "fraction", lowest=-1e3)
    if found.empty:
        return None
    series = Series.of_cells(inputs.cells)
    what = (
        f"Lyapunov exponents of the full state, in nats a step, the largest first, on {on_task(task, length)}: before "
        "training, and after it, where they are finite-time conditional exponents: those of this network driven by "
        "this task’s sequences, over a finite window."
    )
    finding = sentences.largest_exponents(inputs, task)
    how = (
        "The horizontal axis is the exponent’s rank as a share of their number, which is twice as great for an LSTM. "
        f"Lines are medians over seeds{_only_trained(inputs)}."
    )
    return Figure(
        name="spectrum",
        spec=_chart(found, series, [name for name in names.values() if name in set(found.panel)]),
        caption=" ".join([what, finding, how, interval_words(len(inputs.seeds), len(inputs.draws))]),
        alt=f"Line chart, 2 panels: {', '.join(series.names)}. {what} {finding}",
        provenance=origin_of(inputs, "spectra", [(s, phase) for s in settings.values() for phase in names]),
    )


def _only_trained(inputs: Inputs) -> str:
    """Say of which draws only the largest exponent is known, if there are any."""
    others = len(inputs.draws) - len(inputs.seeds)
    return (
        f"; of the {counted(others, 'draw')} that {'is' if others == 1 else 'are'} not trained only the largest "
        "exponent was measured"
        if others > 0
        else ""
    )


def _by_fraction(found: pd.DataFrame) -> pd.DataFrame:
    """Return spectra of different sizes on one axis, from 0 to 1."""
    return found.assign(fraction=((found["index"] + 1) / len(found)).round(4)).drop(columns="index")


def _chart(found: pd.DataFrame, series: Series, names: list[str]) -> dict[str, Any]:
    x = alt.X(
        "fraction:Q",
        title="rank, as a share",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(tickCount=5),
    )
    y = alt.Y("median:Q", title="exponent (nats a step)", axis=alt.Axis(tickCount=6))
    zero = once().mark_rule(strokeDash=[2, 3], color="#8c959f").encode(y=alt.datum(0))
    tooltip = [alt.Tooltip("fraction:Q", title="rank"), alt.Tooltip("median:Q", title="exponent")]
    return panels([zero, *bands.layers(x, y, series, "cell", tooltip)], found, names, HEIGHT)
