"""Tables of what was trained: the models, their parameters, the budgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reports.inputs import Inputs, Setting
from reports.names import (
    DEFAULT,
    at_lengths,
    axis,
    cell_name,
    model_name,
    ordered_variants,
    variant_description,
    variant_group,
    variant_name,
)
from reports.sentences.words import capital, origin
from reports.summaries import score
from reports.tabulate.tabulation import NOTHING, Tabulation, frozen

COLUMNS: tuple[tuple[str, Callable[[dict[str, object]], object]], ...] = (
    ("hidden", lambda task: task["hidden"]),
    ("batch", lambda task: task["batch"]),
    ("steps", lambda task: f"{task['steps']:,}"),
    ("check every", lambda task: task["log_every"]),
    ("patience", lambda task: task["patience"] or "none"),
    ("clip", lambda task: task["clip"] or "none"),
    ("optimiser", lambda task: task["optimiser"]),
)


def models(inputs: Inputs) -> Tabulation:
    """Tabulate the models, what they are and where they were trained: the defaults, then the variants by group."""
    rows, headings = [], []
    for variant in ordered_variants({variant for _, variant in inputs.models}):
        group = variant_group(variant) or "others"
        if variant != DEFAULT and group not in [words for _, words in headings]:
            headings.append((len(rows), group))
        cells = [cell for cell in inputs.cells if variant in inputs.variants(cell)]
        # A default has a name and a description of its own in every cell; a variant's is one, whichever cell has it.
        for of_row in [[cell] for cell in cells] if variant == DEFAULT or len(cells) == 1 else [cells]:
            rows.append(
                [
                    variant_name(of_row[0], variant),
                    ", ".join(map(cell_name, of_row)),
                    variant_description(variant, *of_row),
                    _trained_on(inputs, variant, of_row),
                ]
            )
    return Tabulation(
        name="models",
        caption="The models: the cells’ defaults, then by what they change their variants, each trained, tuned and "
        "measured like a default. Lengths are named where a model was not trained at all of a task’s.",
        header=("model", "cell", "what it is", "trained on"),
        rows=frozen(rows),
        provenance=origin(inputs, "runs", len(inputs.runs)),
        n_labels=4,
        headings=tuple((row, capital(words)) for row, words in headings),
    )


def parameters(inputs: Inputs) -> Tabulation:
    """Tabulate numbers of parameters, without the variants that have as many as their cell's default."""
    counts = {model: [_n_parameters(inputs, task, *model) for task in inputs.tasks] for model in inputs.models}
    named = [
        (cell, variant) for cell, variant in inputs.models if variant == DEFAULT or _differs(counts, cell, variant)
    ]
    others = " Variants that are not listed have as many as their cell’s default." if len(named) < len(counts) else ""
    return Tabulation(
        name="parameters",
        caption=f"Numbers of trained parameters, word and character vectors included.{others}",
        header=("task", *(model_name(*model) for model in named)),
        rows=frozen([[task, *(counts[model][i] for model in named)] for i, task in enumerate(inputs.tasks)]),
        provenance=origin(inputs, "runs", len(inputs.runs)),
    )


def budgets(inputs: Inputs) -> Tabulation:
    """Tabulate sizes and budgets of each task, as configured."""
    settings = inputs.provenance["configuration"]["tasks"]
    rows = [
        [
            task,
            f"{axis(task)} = {', '.join(map(str, inputs.lengths(task)))}",
            *(str(value(settings[task])) for _, value in COLUMNS),
        ]
        for task in inputs.tasks
    ]
    return Tabulation(
        name="budgets",
        caption="Sizes and budgets: hidden units, sequences in a batch, updates at most, updates between two checks on "
        "validation, updates without improvement after which a run has stalled, threshold of the gradient’s "
        "global norm.",
        header=("task", "lengths", *(name for name, _ in COLUMNS)),
        rows=frozen(rows),
        provenance=origin(inputs, "runs", len(inputs.runs)),
        n_labels=2,
    )


def _differs(counts: Mapping[tuple[str, str], Sequence[str]], cell: str, variant: str) -> bool:
    """Say whether a variant has another number of parameters than its cell's default, on a task where it has any."""
    of_default = counts.get((cell, DEFAULT), [NOTHING] * len(counts[cell, variant]))
    return any(n not in (NOTHING, of) for n, of in zip(counts[cell, variant], of_default, strict=True))


def _n_parameters(inputs: Inputs, task: str, cell: str, variant: str) -> str:
    """Return a model's number of parameters, which does not depend on the length."""
    lengths = inputs.trained_at(task, cell, variant)
    s = score(inputs, Setting(task, cell, variant, lengths[-1])) if lengths else None
    return NOTHING if s is None else f"{s.n_parameters:,}"


def _trained_on(inputs: Inputs, variant: str, cells: Sequence[str]) -> str:
    """Return on which tasks, and where not at all of their lengths, some cells have a variant."""
    parts = []
    for task in inputs.tasks:
        lengths = sorted({length for cell in cells for length in inputs.trained_at(task, cell, variant)})
        if lengths:
            parts.append(task if lengths == inputs.lengths(task) else f"{task} ({at_lengths(task, lengths)})")
    return "every task" if parts == inputs.tasks else ", ".join(parts)
