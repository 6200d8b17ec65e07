"""The causal test: the horizon that each dose sets, and what was learned at that horizon."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pandas as pd
from scipy import stats

from reports import dose_response
from reports.dose_response import BIAS, GAIN, Level, Trial
from reports.figures.figure import Figure, Series, highlight, log_ticks, panels, strength, task_panel
from reports.inputs import Inputs
from reports.names import INIT, TRAINED, cell_name
from reports.numbers import MINUS, counted, listed, percent
from reports.sentences import dose as sentences
from reports.sentences.gradient import horizon_text, horizon_words
from reports.sentences.words import interval_words, origin_of
from reports.statistics import LEVEL
from reports.summaries import Horizon, horizon

LOW_HEIGHT, HEIGHT = 110, 140
FLOOR = -0.25  # skills below are drawn here: they say no more than that nothing was learned
RULE = "#8c959f"
KNOBS = {GAIN: "the gain of the recurrent matrix", BIAS: "the bias of the gate that keeps the state"}
HOLLOW = "Hollow symbols are censored: the horizon is at least that, all lags that were measured."


def horizon_set(inputs: Inputs, knob: str) -> Figure | None:
    """Draw the horizon before training over the doses, one panel a task and length; None where none was set so."""
    trials = [trial for trial in dose_response.trials(inputs) if trial.knob == knob]
    if not trials:
        return None
    cells = [cell for cell in inputs.cells if any(trial.cell == cell for trial in trials)]
    rows = [row for trial in trials for row in _doses(inputs, trial)]
    what = (
        f"Memory horizon before training by {KNOBS[knob]}, in {listed([cell_name(cell) for cell in cells])}: small "
        "points are draws of weights, large ones their medians. Dashed: the task’s required lag, where it is known."
    )
    finding = " ".join(sentences.horizon_set(inputs, cell) for cell in cells)
    return Figure(
        name=f"dose-{knob.replace(' ', '-')}",
        spec=_chart_of_doses(_with_lags(rows, trials, _panel), Series.of_cells(cells), _names(trials, _panel), knob),
        caption=" ".join(
            filter(None, [what, sentences.steps(inputs, cells), HOLLOW, interval_words(0, len(inputs.draws))])
        ),
        alt=f"Chart with {counted(len(_names(trials, _panel)), 'panel')}, logarithmic in the horizon. {what} {finding}",
        provenance=_origin(inputs, "rates", trials, INIT),
    )


def response(inputs: Inputs) -> Figure | None:
    """Draw what was learned over the horizon that a dose set, one panel a task and length; None without doses."""
    trials = dose_response.trials(inputs)
    if not trials:
        return None

    def panel(trial: Trial) -> str:
        solved = _by_share(inputs, trial)
        return task_panel(trial.task, trial.length, "solved" if solved else "skill")

    rows = [row | {"panel": panel(trial)} for trial in trials for row in _levels(inputs, trial)]
    cells = dose_response.cells(inputs)
    what = (
        "What was learned by the memory horizon that a dose had set before training (medians over the trained seeds): "
        "the share of seeds solved, or the skill where a task has no criterion or no run met it. A line joins the "
        "doses of one cell in their order, and the symbols grow with the dose. Dashed: the required lag."
    )
    below = sum(row["learned"] < FLOOR for row in rows)
    cut = f"{counted(below, 'median')} below {FLOOR:g} stand at the lower edge." if below else ""
    bars = f"Bars of a share are its exact {percent(LEVEL)} interval. {interval_words(len(inputs.seeds))}"
    finding = sentences.summary(inputs)
    return Figure(
        name="dose-response",
        spec=_chart_of_learning(_with_lags(rows, trials, panel), Series.of_cells(cells), _names(trials, panel)),
        caption=" ".join(filter(None, [what, finding, HOLLOW, bars, cut])),
        alt=f"Line chart with {counted(len(_names(trials, panel)), 'panel')}, one a task and length. {what} {finding}",
        provenance=_origin(inputs, "runs", trials, TRAINED),
    )


def _panel(trial: Trial) -> str:
    return task_panel(trial.task, trial.length)


def _names(trials: Sequence[Trial], panel: Callable[[Trial], str]) -> list[str]:
    return list(dict.fromkeys(panel(trial) for trial in trials))


def _origin(inputs: Inputs, table: str, trials: Sequence[Trial], phase: str) -> str:
    return origin_of(inputs, table, [(setting, phase) for trial in trials for setting in trial.settings])


def _by_share(inputs: Inputs, trial: Trial) -> bool:
    """Say whether a trial's panel shows the share solved: whether any run of any cell there solved the task."""
    beside = [t for t in dose_response.trials(inputs) if (t.task, t.length) == (trial.task, trial.length)]
    return sentences.any_solved(inputs, beside)


def _drawn(found: Horizon, value: float) -> float:
    """Return where a horizon stands on an axis: one beyond all lags at its bound."""
    return float(found.bound) if math.isinf(value) and found.bound is not None else value


def _doses(inputs: Inputs, trial: Trial) -> list[dict[str, Any]]:
    """Return a row for the median horizon of each dose, and one for each horizon that a draw has."""
    rows = []
    for (_, dose), setting in zip(trial.doses, trial.settings, strict=True):
        found = horizon(inputs, setting, INIT)
        if found.spread is None:
            continue
        at = {"panel": _panel(trial), "series": cell_name(trial.cell), "dose": sentences.value_text(dose)}
        draws = inputs.rates_of(setting, INIT).horizon.dropna().unique()
        rows += [{**at, "kind": "draw", "horizon": float(value)} for value in sorted(draws)]
        low, middle, high = (_drawn(found, v) for v in (found.spread.low, found.spread.median, found.spread.high))
        rows.append(
            {
                **at,
                "kind": "median",
                "horizon": middle,
                "low": low,
                "high": high,
                "censored": found.censored,
                "words": horizon_words(found),
                "n": found.n,
            }
        )
    return rows


def _levels(inputs: Inputs, trial: Trial) -> list[dict[str, Any]]:
    """Return a row for what each dose came to."""
    by_share = _by_share(inputs, trial)
    found = dose_response.levels(inputs, trial)
    return [
        {
            "kind": "median",
            "series": cell_name(trial.cell),
            "dose": f"{trial.knob} {sentences.value_text(level.dose)}",
            "order": order,
            "horizon": _drawn(level.before, level.reach),
            "censored": level.before.censored,
            "words": horizon_text(level.before),
            "result": sentences.result_text(level, by_share),
            **_learned(level, by_share),
        }
        for order, level in enumerate(found)
    ]


def _learned(level: Level, by_share: bool) -> dict[str, float]:
    """Return what was learned with its interval."""
    s = level.score
    if not by_share or s.n_solved is None:
        return {"learned": s.skill.median, "low": s.skill.low, "high": s.skill.high}
    ends = stats.binomtest(s.n_solved, s.n).proportion_ci(LEVEL, "exact")
    return {"learned": s.n_solved / s.n, "low": float(ends.low), "high": float(ends.high)}


def _with_lags(rows: list[dict[str, Any]], trials: Sequence[Trial], panel: Callable[[Trial], str]) -> pd.DataFrame:
    """Return the rows of a chart, among them the required lag of each panel that has one."""
    lags = {panel(trial): trial.required_lag for trial in trials if trial.required_lag}
    return pd.DataFrame(rows + [{"panel": name, "kind": "lag", "horizon": lag} for name, lag in lags.items()])


def _of(kind: str) -> alt.Chart:
    return alt.Chart().transform_filter(f"datum.kind == '{kind}'")


def _lags(rows: pd.DataFrame, **place: Any) -> list[alt.Chart]:
    """Return the rule at the required lag; a layer without rows would leave a scale without an extent."""
    rule = _of("lag").mark_rule(color=RULE, strokeWidth=1.4, strokeDash=[6, 4])
    tooltip = [alt.Tooltip("horizon:Q", title="required lag")]
    return [rule.encode(tooltip=tooltip, **place)] if (rows.kind == "lag").any() else []


def _log_axis(rows: pd.DataFrame) -> dict[str, Any]:
    return {
        "title": "memory horizon (steps)",
        "scale": alt.Scale(type="log", nice=False, padding=10),
        "axis": alt.Axis(values=log_ticks(1, rows.horizon.max()), format="~g"),
    }


def _chart_of_doses(rows: pd.DataFrame, series: Series, names: list[str], knob: str) -> dict[str, Any]:
    chosen = highlight()
    order = sorted(rows.dose.dropna().unique(), key=lambda text: float(text.replace(MINUS, "-")))
    x = alt.X("dose:O", title=knob, sort=order, scale=alt.Scale(domain=order), axis=alt.Axis(labelAngle=0))
    beside = alt.XOffset("series:N", sort=list(series.names), scale=alt.Scale(domain=list(series.names)))
    y = alt.Y("horizon:Q", **_log_axis(rows))
    place = {"x": x, "xOffset": beside, "color": series.colour("cell")}
    draws = _of("draw").mark_point(filled=True, size=9).encode(**place, y=y, opacity=strength(chosen, 0.4))
    bars = (
        _of("median")
        .mark_rule(strokeWidth=1.6)
        .encode(**place, y=alt.Y("low:Q"), y2="high:Q", opacity=strength(chosen, 0.9))
    )
    tooltip = [
        alt.Tooltip("series:N", title="cell"),
        alt.Tooltip("dose:O", title=knob),
        alt.Tooltip("words:N", title="horizon"),
        alt.Tooltip("n:Q", title="draws"),
    ]
    points = _points(series, chosen, {**place, "y": y, "tooltip": tooltip}, size=55)
    return panels([*_lags(rows, y=y), draws, bars, *points], rows, names, LOW_HEIGHT, columns=3, on_phone=1)


def _chart_of_learning(rows: pd.DataFrame, series: Series, names: list[str]) -> dict[str, Any]:
    for column in ("learned", "low", "high"):
        rows[column] = rows[column].clip(lower=FLOOR).round(4)
    chosen = highlight()
    x = alt.X("horizon:Q", **_log_axis(rows))
    lowest = min(0.0, float(rows.learned.min()))
    scale = alt.Scale(domain=[lowest - 0.06, 1.06], nice=False)
    y = alt.Y("learned:Q", title="learned", scale=scale, axis=alt.Axis(tickCount=6))
    place = {"x": x, "color": series.colour("cell")}
    bars = (
        _of("median")
        .mark_rule(strokeWidth=1.2, clip=True)
        .encode(**place, y=alt.Y("low:Q"), y2="high:Q", opacity=strength(chosen, 0.45))
    )
    line = (
        _of("median")
        .mark_line(strokeWidth=1.5)
        .encode(**place, y=y, order="order:Q", strokeDash=series.dash("cell"), opacity=strength(chosen, 0.8))
    )
    tooltip = [
        alt.Tooltip("series:N", title="cell"),
        alt.Tooltip("dose:N"),
        alt.Tooltip("words:N", title="horizon"),
        alt.Tooltip("result:N"),
    ]
    size = alt.Size("order:O", scale=alt.Scale(range=[22, 130]), legend=None)
    points = _points(series, chosen, {**place, "y": y, "tooltip": tooltip, "size": size})
    return panels([*_lags(rows, x=x), bars, line, *points], rows, names, HEIGHT, columns=3, on_phone=1)


def _points(series: Series, chosen: alt.Parameter, place: dict[str, Any], **look: Any) -> list[alt.Chart]:
    """Return filled symbols where the median is known, hollow ones where only a bound is."""
    made = [
        _of("median").transform_filter(condition).mark_point(filled=filled, strokeWidth=1.6, **look)
        for condition, filled in (("!datum.censored", True), ("datum.censored", False))
    ]
    drawn = [mark.encode(**place, shape=series.shape("cell"), opacity=strength(chosen, 1)) for mark in made]
    return [drawn[0].add_params(chosen), drawn[1]]
