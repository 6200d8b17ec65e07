"""The table of memory horizons by every definition: thresholds, first and last crossing, and when it is measured."""

from __future__ import annotations

from reports.factors import horizon_by
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, EARLY, INIT, TRAINED, cell_name
from reports.sentences.gradient import horizon_text
from reports.sentences.horizon import threshold_name
from reports.sentences.words import on_task, origin_of
from reports.tabulate.tabulation import NOTHING, Tabulation, frozen
from rnn.gradients.horizon import CROSSINGS, THRESHOLDS


def sensitivity(inputs: Inputs, task: str) -> Tabulation:
    """Tabulate each cell's horizon at a task's greatest length by threshold, crossing, phase and early step.

    The last crossing has a column only for thresholds at which it differs anywhere from the first.
    """
    length = inputs.longest(task)
    columns: dict[tuple[float, str], list[str]] = {
        (threshold, crossing): [] for threshold in THRESHOLDS for crossing in CROSSINGS
    }
    labels = []
    for cell in inputs.cells:
        setting = Setting(task, cell, DEFAULT, length)
        early = sorted(set(inputs.rates_of(setting, EARLY).step))
        moments = [("start", INIT, 0), *((f"{step:,} updates", EARLY, step) for step in early), ("trained", TRAINED, 0)]
        for name, phase, step in moments:
            labels.append((cell_name(cell), name))
            for (threshold, crossing), column in columns.items():
                h = horizon_by(inputs, setting, phase, step, threshold, crossing)
                column.append(horizon_text(h) if h.n else NOTHING)
    first, last = CROSSINGS
    header, shown = [], []
    for threshold in THRESHOLDS:
        differ = columns[threshold, first] != columns[threshold, last]
        for crossing in CROSSINGS if differ else (first,):
            header.append(f"{threshold_name(threshold)}{f', {crossing}' if differ else ''}")
            shown.append(columns[threshold, crossing])
    joined = "; where there is one column for both, they are the same in every row" if len(shown) < len(columns) else ""
    return Tabulation(
        name="horizon-sensitivity",
        caption=f"How much the memory horizon on {on_task(task, length)} depends on its definition: the first or the "
        f"last lag at which the median over samples crosses a threshold{joined}, in steps; median over seeds with its "
        "interval. “≥” where it is censored: never crossed within the sequence.",
        header=("cell", "when", *header),
        rows=frozen([[*label, *values] for label, *values in zip(labels, *shown, strict=True)]),
        provenance=origin_of(
            inputs,
            "horizons",
            [(Setting(task, cell, DEFAULT, length), phase) for cell in inputs.cells for phase in (INIT, TRAINED)],
        ),
        n_labels=2,
    )
