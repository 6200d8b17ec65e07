"""How the gradient of the last step's loss fades on its way back: its norm against lag."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from reports.figures import bands
from reports.figures.bands import DRAWN
from reports.figures.figure import Figure, Series, once, panels, task_panel
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, INIT, PHASE_NAMES, TRAINED, cell_name, short, variant_group, variant_name
from reports.numbers import counted, listed, percent, power_of_ten, tick_power
from reports.sentences import gradient as sentences
from reports.sentences.words import every_task, interval_words, on_task, origin_of, when
from reports.summaries import gradient_by_lag
from reports.variants import ACTIVATIONS, charted, compared_at, tasks_with
from rnn.gradients.horizon import THRESHOLD

FLOOR = -12.0  # log10: what is drawn at most; a float32 sum of gradients feels nothing below 1e-7
HORIZON = math.log10(THRESHOLD)
GROUP_TITLES = {
    "non-linearity": "activations",
    "recurrent matrix": "recurrent matrices",
    "gates": "forms of the gates",
    "gate bias": "gate biases",
}
HEIGHT, ROWS = 125, 3  # of a panel, in px, in figures with as many rows of panels; more rows share the same height


def lines(inputs: Inputs, settings: Sequence[tuple[str, str, Setting, str]]) -> pd.DataFrame:
    """Return the rows of a chart: one a (panel, series, lag).

    Parameters
    ----------
    settings
        (panel, series, setting, phase) of each line.

    Returns
    -------
    Columns panel, series, lag, median, low, high, n, mark (whether a symbol stands there), ratio (as text). A long
    line is thinned to ``DRAWN`` lags. Rows whose median is an exact zero are left out: the line ends there.
    """
    found = bands.lines(
        [(panel, series, gradient_by_lag(inputs, setting, phase)) for panel, series, setting, phase in settings],
        "lag",
        FLOOR - 1,
    ).astype({"lag": int})
    return found.assign(ratio=[power_of_ten(value) for value in found["median"]])


def chart(
    found: pd.DataFrame, series: Series, names: Sequence[str], legend: str, columns: int = 2
) -> dict[str, object]:
    """Return the specification: medians as lines with bands, symbols that answer the pointer, the 1 % line."""
    lowest = max(FLOOR, math.floor(min(found["median"].min(), HORIZON) - 0.3))
    highest = max(1.0, math.ceil(found["median"].max()))
    step = max(1, math.ceil((highest - lowest) / 6))
    ticks = [tick for tick in range(int(lowest), int(highest) + 1) if tick % step == 0]
    labels = " : ".join(f"datum.value == {tick} ? '{tick_power(tick)}'" for tick in ticks) + " : ''"
    x = alt.X("lag:Q", title="lag (steps back)", axis=alt.Axis(tickMinStep=1, tickCount=5))
    y = alt.Y(
        "median:Q",
        title="relative gradient norm",
        scale=alt.Scale(domain=[lowest, highest], nice=False),
        axis=alt.Axis(values=ticks, labelExpr=labels),
    )
    threshold = once().mark_rule(strokeDash=[2, 3], color="#8c959f").encode(y=alt.datum(HORIZON))
    tooltip = [alt.Tooltip("lag:Q"), alt.Tooltip("ratio:N", title="relative norm")]
    layers = [threshold, *bands.layers(x, y, series, legend, tooltip)]
    height = HEIGHT * ROWS // max(ROWS, math.ceil(len(names) / columns))
    return panels(layers, found, names, height, independent=["x"], columns=columns)


def by_cell(inputs: Inputs) -> Figure | None:
    """Draw every cell's default on one task a family at its greatest length, before and after training."""
    models = {cell_name(cell): (cell, DEFAULT) for cell in inputs.cells}
    wanted, names = _before_and_after({task: inputs.longest(task) for task in inputs.examples(inputs.tasks)}, models)
    findings = [sentences.gates_in_short(inputs), sentences.not_learned(inputs)]
    return _figure(
        inputs,
        "gradient-cells",
        wanted,
        Series.of_cells(inputs.cells),
        names,
        "cell",
        f"Gradient norm against lag, for each cell at the greatest length of {_which(inputs)}, before and after "
        "training.",
        findings,
    )


def by_task(inputs: Inputs, phase: str) -> Figure | None:
    """Draw every cell's default on the charted tasks at their greatest lengths, in one phase.

    None where ``by_cell`` does it.
    """
    if len(inputs.charted) == len(inputs.examples(inputs.charted)):
        return None
    names = {task: task_panel(task, inputs.longest(task)) for task in inputs.charted}
    wanted = [
        (panel, cell_name(cell), Setting(task, cell, DEFAULT, inputs.longest(task)), phase)
        for task, panel in names.items()
        for cell in inputs.cells
    ]
    return _figure(
        inputs,
        f"gradient-tasks-{phase}",
        wanted,
        Series.of_cells(inputs.cells),
        list(names.values()),
        "cell",
        f"Gradient norm against lag {when(phase)}, for each cell at the greatest length of {every_task(inputs)}.",
        [],
        columns=3,
    )


def by_length(inputs: Inputs, family: str) -> Figure | None:
    """Draw every cell's default on a family's tasks at three lengths each, trained; None where all have one length."""
    tasks = [task for task in inputs.families[family] if task in inputs.charted and len(inputs.lengths(task)) > 1]
    if not tasks:
        return None
    wanted, names = [], []
    for task in tasks:
        for length in _three(inputs.lengths(task)):
            names.append(panel := task_panel(task, length))
            wanted += [(panel, cell_name(c), Setting(task, c, DEFAULT, length), TRAINED) for c in inputs.cells]
    return _figure(
        inputs,
        f"gradient-lengths-{family.replace(' ', '-')}",
        wanted,
        Series.of_cells(inputs.cells),
        names,
        "cell",
        f"Gradient norm against lag in trained networks on the {family}, at {_which_lengths(inputs, tasks)} of "
        f"{listed([short(task) for task in tasks])}.",
        [sentences.most_and_least(inputs, task, TRAINED) for task in inputs.examples(tasks)],
        columns=3,
    )


def by_variant(inputs: Inputs, cell: str, chart_name: str) -> Figure | None:
    """Draw the variants of a chart where they can be compared, before and after training.

    Activations are drawn on one task a family, the others, which are ablations, on one task.
    """
    variants = charted(inputs, cell, chart_name)
    tasks = tasks_with(inputs, cell, variants)
    if not tasks:
        return None
    example = inputs.example(tasks)
    models = {variant_name(cell, variant): (cell, variant) for variant in variants}
    lengths = {
        task: compared_at(inputs, task, cell, variants)
        for task in (inputs.examples(tasks) if chart_name == ACTIVATIONS else [example])
    }
    wanted, names = _before_and_after(lengths, models)
    kinds = [title for group, title in GROUP_TITLES.items() if group in map(variant_group, variants)]
    return _figure(
        inputs,
        f"gradient-{chart_name}-{cell}",
        wanted,
        Series.of_variants(cell, list(models)),
        names,
        cell_name(cell),
        f"Gradient norm against lag for the {listed(kinds)} of the {cell_name(cell)}, on "
        f"{listed([on_task(*at) for at in lengths.items()])}, before and after training.",
        [sentences.ranked(inputs, cell, variants, example, lengths[example], phase) for phase in PHASE_NAMES],
    )


def _before_and_after(
    lengths: Mapping[str, int], models: Mapping[str, tuple[str, str]]
) -> tuple[list[tuple[str, str, Setting, str]], list[str]]:
    """Return the lines of models on some tasks, each at a length, and the panels: a row a task, the phases in it."""
    wanted, names = [], []
    for task, length in lengths.items():
        for phase in (INIT, TRAINED):
            names.append(panel := task_panel(task, length, PHASE_NAMES[phase]))
            wanted += [(panel, series, Setting(task, *model, length), phase) for series, model in models.items()]
    return wanted, names


def _which(inputs: Inputs) -> str:
    found = inputs.examples(inputs.tasks)
    if len(found) == len(inputs.tasks):
        return "each task"
    return f"one task of each family ({listed([short(task) for task in found])})"


def _which_lengths(inputs: Inputs, tasks: Sequence[str]) -> str:
    """Return in words which lengths of some tasks ``_three`` chooses."""
    numbers = [len(inputs.lengths(task)) for task in tasks]
    if max(numbers) <= 3:
        return "both lengths" if max(numbers) == 2 else "every length"
    return "the least, the middle and the greatest length" if min(numbers) > 2 else "up to three lengths"


def _three(lengths: Sequence[int]) -> Sequence[int]:
    """Return the least, the middle and the greatest of several lengths."""
    return lengths if len(lengths) <= 3 else (lengths[0], lengths[(len(lengths) - 1) // 2], lengths[-1])


def _figure(
    inputs: Inputs,
    name: str,
    wanted: Sequence[tuple[str, str, Setting, str]],
    series: Series,
    panel_names: Sequence[str],
    legend: str,
    what: str,
    findings: Sequence[str],
    columns: int = 2,
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
        "Lines are medians over seeds of each seed’s median over samples (long ones drawn through "
        f"{DRAWN} lags); the dotted line is the {percent(THRESHOLD)} of the memory horizon."
    )
    caption = " ".join(filter(None, [what, *findings, how, _intervals(inputs, wanted), cut, _zeros(wanted, inputs)]))
    return Figure(
        name=name,
        spec=chart(found, series, [panel for panel in panel_names if panel in set(found.panel)], legend, columns),
        caption=caption,
        alt=f"Line chart, logarithmic in the norm, {counted(len(panel_names), 'panel')}: {', '.join(series.names)}. "
        + " ".join([what, *findings]),
        provenance=origin_of(inputs, "gradients", [(setting, phase) for _, _, setting, phase in wanted]),
    )


def _intervals(inputs: Inputs, wanted: Sequence[tuple[str, str, Setting, str]]) -> str:
    """Say what the bands are; only what is measured before training has more draws than trained seeds."""
    phases = {phase for _, _, _, phase in wanted}
    return interval_words(len(inputs.seeds) if phases != {INIT} else 0, len(inputs.draws) if INIT in phases else 0)


def _zeros(wanted: Sequence[tuple[str, str, Setting, str]], inputs: Inputs) -> str:
    """Say in which series some seed ranks below every number, where no axis reaches."""
    found = [series for _, series, setting, phase in wanted if gradient_by_lag(inputs, setting, phase).n_zero.any()]
    if not found:
        return ""
    return (
        f"A seed with more than half of its samples at exactly zero is drawn below the axis; that happens in "
        f"{listed(list(dict.fromkeys(found)))}. A line ends where its median is zero."
    )
