"""Tables of the scores: test scores beside the simple predictors, seeds solved, horizons against results."""

from __future__ import annotations

from collections.abc import Sequence

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, PHASE_NAMES, at_length, at_lengths, quoted
from reports.numbers import listed, significant
from reports.sentences.relation import Pairs, pairs
from reports.sentences.words import origin
from reports.summaries import baseline, score
from reports.tabulate.tabulation import NOTHING, SIMPLE, Tabulation, and_interval, by_cell, frozen, median_of, task_at
from rnn.tasks import TASKS


def scores(inputs: Inputs, task: str) -> Tabulation:
    """Tabulate test scores by model and length, the baselines below."""
    lengths, models = inputs.lengths(task), inputs.models_on(task)
    labels, headings = by_cell(models)
    rows = [[label] for label in labels]
    emphasised = []
    for column, length in enumerate(lengths, start=1):
        found = [score(inputs, Setting(task, *model, length)) for model in models]
        for i, s in enumerate(found):
            rows[i].append(NOTHING if s is None else median_of(s.value))
        ranks = [(s.rank, i) for i, s in enumerate(found) if s is not None and s.learned]
        first = [i for rank, i in ranks if rank == max(ranks)[0]]
        emphasised += [(i, column) for i in first if len(first) == 1]
    if headings:
        headings = (*headings, (len(rows), SIMPLE))
    card = inputs.card(task)
    trivial, classical = zip(*(baseline(inputs, task, length) for length in lengths), strict=True)
    rows.append([f"{card['trivial']} (trivial)", *(significant(value) for value in trivial)])
    if card["classical"] is not None:
        rows.append(
            [
                f"{card['classical']} (classical)",
                *(NOTHING if value is None else significant(value) for value in classical),
            ]
        )
    unit = f", {card['unit']}" if card["unit"] else ""
    return Tabulation(
        name=f"scores-{task}",
        caption=f"Test score on {quoted(task)} ({card['metric']}{unit}; lower is better): median over seeds"
        f"{and_interval(inputs)}. {_first(inputs, task)}",
        header=("model", *(at_length(task, length) for length in lengths)),
        rows=frozen(rows),
        provenance=origin(inputs, "runs", int((inputs.runs.task == task).sum())),
        emphasised=tuple(emphasised),
        headings=headings,
    )


def solved(inputs: Inputs) -> Tabulation | None:
    """Tabulate how many seeds are solved, for the tasks that have a criterion."""
    tasks = [task for task in inputs.tasks if inputs.solved_below(task)]
    if not tasks:
        return None
    settings = [(task, length) for task in tasks for length in inputs.lengths(task)]
    models = inputs.models_on(*tasks)
    labels, headings = by_cell(models)
    rows = []
    for label, model in zip(labels, models, strict=True):
        found = [score(inputs, Setting(task, *model, length)) for task, length in settings]
        rows.append([label, *(NOTHING if s is None else f"{s.n_solved}/{s.n}" for s in found)])
    return Tabulation(
        name="solved",
        caption="Seeds whose validation score met the task’s criterion, of all seeds. "
        f"It is {_criteria(inputs, tasks)}.",
        header=("model", *(task_at(task, length) for task, length in settings)),
        rows=frozen(rows),
        provenance=origin(inputs, "runs", int(inputs.runs.solved.notna().sum())),
        headings=headings,
    )


def relation(inputs: Inputs) -> Tabulation:
    """Tabulate in how many pairs of cells the longer horizon goes with the better result, by task and phase."""
    rows = []
    for task in inputs.tasks:
        found = [pairs(inputs, task, phase) for phase in PHASE_NAMES]
        rows.append([task_at(task, inputs.longest(task)), *(text for of_phase in found for text in _counts(of_phase))])
    return Tabulation(
        name="relation",
        caption="Pairs of cells at the greatest length of each task. “Agree”: the cell with the longer median horizon "
        "has the better result; “oppose”: the worse; “tied”: both have the same horizon, or the same result, or "
        "neither learned the task.",
        header=(
            "task",
            *(f"{what}, {PHASE_NAMES[phase]}" for phase in PHASE_NAMES for what in ("agree", "oppose", "tied")),
        ),
        rows=frozen(rows),
        provenance=origin(inputs, "rates", int((inputs.runs.variant == DEFAULT).sum())),
    )


def _counts(found: Pairs) -> tuple[str, str, str]:
    return str(found.agreeing), str(found.opposed), str(found.tied)


def _criteria(inputs: Inputs, tasks: Sequence[str]) -> str:
    return listed([_criterion(task, inputs.lengths(task)) for task in tasks if task in TASKS])


def _criterion(task: str, lengths: Sequence[int]) -> str:
    """Return "error rate below 0.01 (order)"; where it differs by length, one value for each."""
    registered = TASKS[task]
    below = [f"{registered.criterion(length):.3g}" for length in lengths]
    where = task if len(set(below)) == 1 else f"{task} at {at_lengths(task, lengths)}"
    unit = f" {registered.unit}" if registered.unit else ""
    return f"{registered.metric} below {listed(list(dict.fromkeys(below)))}{unit} ({where})"


def _first(inputs: Inputs, task: str) -> str:
    if inputs.solved_below(task):
        return (
            "In bold is the model with most seeds solved, none where several share that place; a run stops when it is "
            "solved, so its score ranks no further. Nothing is in bold where at most half of the seeds are solved."
        )
    return "The best model at each length is set in bold, none where no model learned."
