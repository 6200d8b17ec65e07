"""Tables of what flows back: what is left at the greatest lag, memory horizons, recurrent matrices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, INIT, PHASE_NAMES, TRAINED, cell_name, model_name, variant_name
from reports.numbers import percent, significant
from reports.sentences.gradient import horizon_text, size
from reports.sentences.words import origin_of
from reports.summaries import equally_long, gradient_furthest_back, horizon, rate
from reports.tabulate.tabulation import NOTHING, Tabulation, and_interval, frozen, task_at
from rnn.gradients.horizon import THRESHOLD


def reach(inputs: Inputs) -> Tabulation:
    """Tabulate what is left of the gradient at the greatest lag, for each cell's default."""
    return _reach(
        inputs, "reach", inputs.tasks, {cell_name(cell): (cell, DEFAULT) for cell in inputs.cells}, "for each cell"
    )


def reach_of_variants(inputs: Inputs, cell: str) -> Tabulation:
    """Tabulate the same for the variants of one cell."""
    models = {variant_name(cell, variant): (cell, variant) for variant in inputs.variants(cell)}
    tasks = inputs.tasks_with_variants(cell)
    return _reach(inputs, f"reach-{cell}", tasks, models, f"for the variants of the {cell_name(cell)}")


def _reach(
    inputs: Inputs, name: str, tasks: Sequence[str], models: Mapping[str, tuple[str, str]], whose: str
) -> Tabulation:
    rows = []
    for task in tasks:
        length = inputs.longest(task)
        for phase in PHASE_NAMES:
            found = [gradient_furthest_back(inputs, Setting(task, *model, length), phase) for model in models.values()]
            cells = [NOTHING if s is None else size(s.median) for s in found]
            rows.append([task_at(task, length), PHASE_NAMES[phase], *cells])
    where = (
        "the first step"
        if all(equally_long(inputs, task) for task in tasks)
        else "the first step, or, where sequences differ in length, the greatest lag that half of them have"
    )
    return Tabulation(
        name=name,
        caption=f"What is left of the gradient at {where}, relative to the last step, at the greatest length of each "
        f"task, {whose}: medians over seeds.",
        header=("task", "training", *models),
        rows=frozen(rows),
        provenance=origin_of(inputs, "gradients", _measured(inputs, tasks, models.values())),
        n_labels=2,
    )


def horizons(inputs: Inputs, family: str) -> Tabulation:
    """Tabulate the memory horizons of a family's tasks, by length and phase."""
    tasks = inputs.families[family]
    models = inputs.models_on(*tasks)
    rows = []
    for task in tasks:
        for length in inputs.lengths(task):
            for phase in PHASE_NAMES:
                found = [horizon(inputs, Setting(task, *model, length), phase) for model in models]
                rows.append(
                    [task_at(task, length), PHASE_NAMES[phase], *(horizon_text(h) if h.n else NOTHING for h in found)]
                )
    return Tabulation(
        name=f"horizons-{family.replace(' ', '-')}",
        caption=f"Memory horizons on the tasks of the family “{family}”, in steps: the first lag at which the median "
        f"over samples of the relative gradient norm is below {percent(THRESHOLD)}. Median over "
        f"seeds{and_interval(inputs, draws=True)}; “≥” where it never falls below, so that only this bound, the number "
        "of lags, is known; “undefined” where no sample has a gradient.",
        header=("task", "training", *(model_name(*model) for model in models)),
        rows=frozen(rows),
        provenance=origin_of(
            inputs,
            "rates",
            [
                (Setting(task, *model, length), phase)
                for task in tasks
                for model, length, phase in product(models, inputs.lengths(task), PHASE_NAMES)
            ],
        ),
        n_labels=2,
    )


def recurrent_matrices(inputs: Inputs) -> Tabulation | None:
    """Tabulate spectral radius and largest singular value of W_hh beside the horizon; None where no cell has one."""
    rows, shown = [], []
    for task in inputs.tasks:
        for model in inputs.models_on(task):
            setting = Setting(task, *model, inputs.longest(task))
            values = [
                rate(inputs, setting, phase, column)
                for column in ("w_spectral_radius", "w_sigma_max")
                for phase in PHASE_NAMES
            ]
            if any(value is not None for value in values):
                shown += [(setting, phase) for phase in PHASE_NAMES]
                rows.append(
                    [
                        task_at(task, setting.length),
                        variant_name(*model),
                        *(NOTHING if value is None else significant(value.median) for value in values),
                        *(horizon_text(horizon(inputs, setting, phase)) for phase in PHASE_NAMES),
                    ]
                )
    if not rows:
        return None
    measured = ("ρ(W_hh)", "σ_max(W_hh)", "horizon")
    return Tabulation(
        name="recurrent-matrices",
        caption="Spectral radius ρ and largest singular value σ of W_hh in vanilla cells at the greatest lengths, and "
        "beside them the measured memory horizon, which they alone do not determine. Medians over seeds; the horizon"
        f"{and_interval(inputs, draws=True)}.",
        header=("task", "activation", *(f"{what}, {PHASE_NAMES[p]}" for what in measured for p in (INIT, TRAINED))),
        rows=frozen(rows),
        provenance=origin_of(inputs, "rates", shown),
        n_labels=2,
    )


def _measured(inputs: Inputs, tasks: Sequence[str], models: Iterable[tuple[str, str]]) -> Iterator[tuple[Setting, str]]:
    for task, model, phase in product(tasks, models, PHASE_NAMES):
        yield Setting(task, *model, inputs.longest(task)), phase
