"""Tables of what flows back: what is left at the greatest lag, memory horizons, recurrent matrices."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, INIT, PHASE_NAMES, TRAINED, cell_name, model_name, variant_group, variant_name
from reports.numbers import percent, significant
from reports.sentences.gradient import horizon_text, size
from reports.sentences.words import VANILLA, origin_of
from reports.summaries import equally_long, gradient_furthest_back, horizon, rate
from reports.tabulate.tabulation import NOTHING, Tabulation, and_interval, frozen, task_at
from reports.variants import ACTIVATIONS, Block, blocks, charted
from rnn.gradients.horizon import THRESHOLD

MATRIX_GROUPS = ("non-linearity", "recurrent matrix", "gain")  # of the variants that change W_hh or what acts beside it


def reach(inputs: Inputs) -> Tabulation:
    """Tabulate what is left of the gradient at the greatest lag, for each cell's default."""
    rows = []
    for task in inputs.tasks:
        length = inputs.longest(task)
        for phase in PHASE_NAMES:
            left = [_left(inputs, Setting(task, cell, DEFAULT, length), phase) for cell in inputs.cells]
            rows.append([task_at(task, length), PHASE_NAMES[phase], *left])
    measured = [
        (Setting(task, cell, DEFAULT, inputs.longest(task)), phase)
        for task, cell, phase in product(inputs.tasks, inputs.cells, PHASE_NAMES)
    ]
    return Tabulation(
        name="reach",
        caption=f"What is left of the gradient at {_furthest(inputs, inputs.tasks)}, relative to the last step, at the "
        "greatest length of each task, for each cell: medians over seeds.",
        header=("task", "training", *(cell_name(cell) for cell in inputs.cells)),
        rows=frozen(rows),
        provenance=origin_of(inputs, "gradients", measured),
        n_labels=2,
    )


def of_variants(inputs: Inputs, cell: str) -> Tabulation | None:
    """Tabulate what every variant of a cell keeps of the gradient, and its horizon; None where there are none."""
    found = blocks(inputs, cell, inputs.variants(cell))
    if not found:
        return None
    rows, headings, shown = [], [], []
    for block in found:
        headings.append((len(rows), task_at(block.task, block.length)))
        for variant in block.variants:
            setting = Setting(block.task, cell, variant, block.length)
            left = [_left(inputs, setting, phase) for phase in PHASE_NAMES]
            reached = [_horizon(inputs, setting, phase) for phase in PHASE_NAMES]
            rows.append([variant_name(cell, variant), *left, *reached])
            shown += [(setting, phase) for phase in PHASE_NAMES]
    tasks = list(dict.fromkeys(block.task for block in found))
    return Tabulation(
        name=f"variants-{cell}",
        caption=f"Every variant of the {cell_name(cell)} beside its default: what is left of the gradient at "
        f"{_furthest(inputs, tasks)}, median over seeds, and the memory horizon{and_interval(inputs, draws=True)}, "
        "before and after training. Each stands at the greatest length at which it was trained, and where most others "
        "were.",
        header=("variant", *(f"{what}, {PHASE_NAMES[p]}" for what in ("left", "horizon") for p in PHASE_NAMES)),
        rows=frozen(rows),
        provenance=origin_of(inputs, "gradients", shown),
        headings=tuple(headings),
    )


def horizons(inputs: Inputs, family: str) -> Tabulation:
    """Tabulate the memory horizons of a family's tasks by length and phase, of cells and of activations followed there.

    The other variants, most of which have one length, stand in ``of_variants``.
    """
    tasks = inputs.families[family]
    models = [
        (cell, variant)
        for cell, variant in inputs.models_on(*tasks)
        if variant == DEFAULT
        or (
            variant in charted(inputs, cell, ACTIVATIONS)
            and any(inputs.at_every_length(task, cell, variant) for task in tasks)
        )
    ]
    rows = []
    for task in tasks:
        for length in inputs.lengths(task):
            for phase in PHASE_NAMES:
                reached = [_horizon(inputs, Setting(task, *model, length), phase) for model in models]
                rows.append([task_at(task, length), PHASE_NAMES[phase], *reached])
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
    """Tabulate spectral radius and largest singular value of W_hh beside the horizon; None without a vanilla cell.

    With the default stand the variants that change the activation or how W_hh starts.
    """
    variants = [v for v in inputs.variants(VANILLA) if variant_group(v) in ("", *MATRIX_GROUPS)]
    compared = blocks(inputs, VANILLA, variants)
    alone = [Block(task, inputs.longest(task), (DEFAULT,)) for task in inputs.tasks]
    rows, shown, headings = [], [], []
    for task in inputs.tasks:
        for block in [b for b in compared if b.task == task] or [b for b in alone if b.task == task]:
            of_block = []
            for variant in block.variants:
                setting = Setting(task, VANILLA, variant, block.length)
                values = [
                    rate(inputs, setting, phase, column)
                    for column in ("w_spectral_radius", "w_sigma_max")
                    for phase in PHASE_NAMES
                ]
                if any(value is not None for value in values):
                    shown += [(setting, phase) for phase in PHASE_NAMES]
                    of_block.append(
                        [
                            variant_name(VANILLA, variant),
                            *(NOTHING if value is None else significant(value.median) for value in values),
                            *(_horizon(inputs, setting, phase) for phase in PHASE_NAMES),
                        ]
                    )
            if of_block:
                headings.append((len(rows), task_at(task, block.length)))
                rows += of_block
    if not rows:
        return None
    measured = ("ρ(W_hh)", "σ_max(W_hh)", "horizon")
    return Tabulation(
        name="recurrent-matrices",
        caption="Spectral radius ρ and largest singular value σ of W_hh in vanilla cells, and beside them the "
        "measured memory horizon, which they alone do not determine. Medians over seeds; the horizon"
        f"{and_interval(inputs, draws=True)}.",
        header=("variant", *(f"{what}, {PHASE_NAMES[p]}" for what in measured for p in (INIT, TRAINED))),
        rows=frozen(rows),
        provenance=origin_of(inputs, "rates", shown),
        headings=tuple(headings),
    )


def _left(inputs: Inputs, setting: Setting, phase: str) -> str:
    s = gradient_furthest_back(inputs, setting, phase)
    return NOTHING if s is None else size(s.median)


def _horizon(inputs: Inputs, setting: Setting, phase: str) -> str:
    found = horizon(inputs, setting, phase)
    return horizon_text(found) if found.n else NOTHING


def _furthest(inputs: Inputs, tasks: Sequence[str]) -> str:
    if all(equally_long(inputs, task) for task in tasks):
        return "the first step"
    return "the first step, or, where sequences differ in length, the greatest lag that half of them have"
