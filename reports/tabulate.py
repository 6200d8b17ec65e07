"""The report's tables: cells of text from the result tables, each table with its caption and its origin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reports.inputs import Inputs, Setting
from reports.names import INIT, PHASE_NAMES, TRAINED, cell_name, model_name, quoted, variant_description, variant_name
from reports.numbers import learning_rate, listed, percent, ranges, significant, with_interval
from reports.sentences.gradient import horizon_text, size
from reports.sentences.training import STOP_WORDS
from reports.sentences.words import origin
from reports.statistics import Spread
from reports.summaries import baseline, chosen_rate, gradient_at_start, horizon, ordered_stops, recurrent_matrix, score
from rnn.gradients.horizon import THRESHOLD
from rnn.tasks import TASKS

NOTHING = "–"


@dataclass(frozen=True)
class Tabulation:
    """A table as it is printed.

    Attributes
    ----------
    n_labels
        How many columns, from the left, hold words; the others hold numbers.
    emphasised
        (row, column) of the cells that are set in bold.
    """

    name: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    provenance: str
    n_labels: int = 1
    emphasised: tuple[tuple[int, int], ...] = ()


def scores(inputs: Inputs, task: str) -> Tabulation:
    """Tabulate test scores by model and length, the baselines below."""
    lengths = inputs.lengths(task)
    rows = [[model_name(*model)] for model in inputs.models]
    emphasised = []
    for column, length in enumerate(lengths, start=1):
        found = [score(inputs, Setting(task, *model, length)) for model in inputs.models]
        for i, s in enumerate(found):
            rows[i].append(NOTHING if s is None else _spread(s.value))
        ranks = [(s.rank, i) for i, s in enumerate(found) if s is not None]
        first = [i for rank, i in ranks if rank == max(ranks)[0]]
        emphasised += [(i, column) for i in first if len(first) == 1]
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
        f"{_and_interval(inputs)}. {_first(inputs, task)}",
        header=("model", *(f"T = {length}" for length in lengths)),
        rows=_frozen(rows),
        provenance=origin(inputs, "runs", int((inputs.runs.task == task).sum())),
        emphasised=tuple(emphasised),
    )


def reach(inputs: Inputs) -> Tabulation:
    """Tabulate what is left of the gradient at the first step, for each model at the greatest lengths."""
    settings = [(task, inputs.longest(task), phase) for task in inputs.tasks for phase in (INIT, TRAINED)]
    rows = []
    for model in inputs.models:
        found = [gradient_at_start(inputs, Setting(task, *model, length), phase) for task, length, phase in settings]
        rows.append([model_name(*model), *(NOTHING if s is None else size(s.median) for s in found)])
    return Tabulation(
        name="reach",
        caption="What is left of the gradient at the first step, relative to the last one, at the greatest "
        "length of each "
        "task: medians over seeds.",
        header=("model", *(f"{task}, {length}, {PHASE_NAMES[phase]}" for task, length, phase in settings)),
        rows=_frozen(rows),
        provenance=origin(inputs, "gradients", len(inputs.runs)),
    )


def solved(inputs: Inputs) -> Tabulation | None:
    """Tabulate how many seeds are solved, for the tasks that have a criterion."""
    tasks = [task for task in inputs.tasks if inputs.solved_below(task)]
    if not tasks:
        return None
    settings = [(task, length) for task in tasks for length in inputs.lengths(task)]
    rows = []
    for model in inputs.models:
        found = [score(inputs, Setting(task, *model, length)) for task, length in settings]
        rows.append([model_name(*model), *(NOTHING if s is None else f"{s.n_solved}/{s.n}" for s in found)])
    return Tabulation(
        name="solved",
        caption=f"Seeds whose validation score met the task’s criterion, of all seeds. It is {_criteria(tasks)}.",
        header=("model", *(f"{task}, {length}" for task, length in settings)),
        rows=_frozen(rows),
        provenance=origin(inputs, "runs", int(inputs.runs.solved.notna().sum())),
    )


def horizons(inputs: Inputs, task: str) -> Tabulation:
    """Tabulate memory horizons by model, phase and length."""
    lengths = inputs.lengths(task)
    rows = []
    for model in inputs.models:
        for phase in (INIT, TRAINED):
            found = [horizon(inputs, Setting(task, *model, length), phase) for length in lengths]
            texts = [horizon_text(h, length) for h, length in zip(found, lengths, strict=True)]
            rows.append([model_name(*model), PHASE_NAMES[phase], *texts])
    return Tabulation(
        name=f"horizons-{task}",
        caption=f"Memory horizon on {quoted(task)}, in steps: the first lag at which the median over samples of the "
        f"relative gradient norm is below {percent(THRESHOLD)}. Median over seeds{_and_interval(inputs)}; “≥ T” "
        "where it never falls below, so that only this bound is known; “undefined” where no sample has a gradient.",
        header=("model", "phase", *(f"T = {length}" for length in lengths)),
        rows=_frozen(rows),
        provenance=origin(inputs, "rates", int((inputs.runs.task == task).sum())),
        n_labels=2,
    )


def recurrent_matrices(inputs: Inputs) -> Tabulation | None:
    """Tabulate spectral radius and largest singular value of W_hh beside the horizon; None where no cell has one."""
    rows = []
    for task in inputs.tasks:
        length = inputs.longest(task)
        for model in inputs.models:
            for phase in (INIT, TRAINED):
                setting = Setting(task, *model, length)
                radius = recurrent_matrix(inputs, setting, phase, "w_spectral_radius")
                norm = recurrent_matrix(inputs, setting, phase, "w_sigma_max")
                if radius is not None and norm is not None:
                    reach = horizon_text(horizon(inputs, setting, phase), length)
                    label = [f"{task}, {length}", variant_name(*model), PHASE_NAMES[phase]]
                    rows.append([*label, _spread(radius), _spread(norm), reach])
    if not rows:
        return None
    return Tabulation(
        name="recurrent-matrices",
        caption="Spectral radius ρ and largest singular value σ of W_hh in vanilla cells at the greatest "
        "lengths, and beside "
        f"them the measured memory horizon, which they alone do not determine. Medians over "
        f"seeds{_and_interval(inputs)}.",
        header=("task, T", "activation", "phase", "ρ(W_hh)", "σ_max(W_hh)", "horizon"),
        rows=_frozen(rows),
        provenance=origin(inputs, "rates", int(inputs.rates.w_sigma_max.notna().sum()) // 2),
        n_labels=3,
    )


def tuning(inputs: Inputs, task: str) -> Tabulation:
    """Tabulate the median validation score of every rate of the grid, the chosen one in bold."""
    rows_of_task = inputs.tuning[inputs.tuning.task == task]
    grid = sorted(set(rows_of_task.learning_rate))
    rows, emphasised = [], []
    for i, (cell, variant) in enumerate(inputs.models):
        of_model = rows_of_task[(rows_of_task.cell == cell) & (rows_of_task.variant == variant)]
        row = [model_name(cell, variant)]
        for column, rate in enumerate(grid, start=1):
            values = of_model[of_model.learning_rate == rate].valid_value
            failed = int(values.isna().sum())
            known = ", ".join(significant(value) for value in sorted(values.dropna()))
            row.append("; ".join(filter(None, [known, f"{failed} not finite" if failed else ""])) or NOTHING)
            if rate == chosen_rate(inputs, task, cell, variant):
                emphasised.append((i, column))
        rows.append(row)
    length = int(rows_of_task.length.iloc[0]) if len(rows_of_task) else inputs.longest(task)
    return Tabulation(
        name=f"tuning-{task}",
        caption=f"Validation score of every learning rate of the grid on {quoted(task)} at T = {length}, one number a "
        "tuning seed; the chosen rate is set in bold.",
        header=("model", *(learning_rate(rate) for rate in grid)),
        rows=_frozen(rows),
        provenance=origin(inputs, "tuning", len(rows_of_task)),
        emphasised=tuple(emphasised),
    )


def endings(inputs: Inputs) -> Tabulation:
    """Tabulate every setting in which a run diverged or was not solved, with its seeds."""
    runs = inputs.runs
    left = runs[~runs.solved.eq(True) | (runs.status == "diverged")]
    rows = []
    for task in inputs.tasks:
        for cell, variant in inputs.models:
            for length in inputs.lengths(task):
                of_setting = left[
                    (left.task == task) & (left.cell == cell) & (left.variant == variant) & (left.length == length)
                ]
                for stop in ordered_stops(set(of_setting.stopped_by)):
                    found = of_setting[of_setting.stopped_by == stop]
                    criterion = "no criterion" if found.solved.isna().all() else "not solved"
                    how = "diverged" if stop == "diverged" else f"{criterion}, {STOP_WORDS.get(stop, stop)}"
                    steps = _steps(found.steps)
                    rows.append(
                        [task, str(length), model_name(cell, variant), how, str(len(found)), ranges(found.seed), steps]
                    )
    return Tabulation(
        name="endings",
        caption="Every trained run that diverged, was not solved, or belongs to a task without a criterion: "
        "how it ended.",
        header=("task", "T", "model", "ended", "runs", "seeds", "steps"),
        rows=_frozen(rows),
        provenance=origin(inputs, "runs", len(left)),
        n_labels=4,
    )


def models(inputs: Inputs) -> Tabulation:
    """Tabulate the models: what they are and how many parameters they have."""
    rows = []
    for cell, variant in inputs.models:
        counts = []
        for task in inputs.tasks:
            s = score(inputs, Setting(task, cell, variant, inputs.longest(task)))
            counts.append(NOTHING if s is None else f"{s.n_parameters:,}")
        rows.append([cell_name(cell), variant_name(cell, variant), variant_description(cell, variant), *counts])
    return Tabulation(
        name="models",
        caption="The models and their numbers of parameters on each task.",
        header=("cell", "variant", "what it is", *inputs.tasks),
        rows=_frozen(rows),
        provenance=origin(inputs, "runs", len(inputs.runs)),
        n_labels=3,
    )


def budgets(inputs: Inputs) -> Tabulation:
    """Tabulate sizes and budgets of each task, as configured."""
    settings = inputs.provenance["configuration"]["tasks"]
    columns: tuple[tuple[str, Callable[[dict[str, object]], object]], ...] = (
        ("hidden", lambda task: task["hidden"]),
        ("batch", lambda task: task["batch"]),
        ("steps", lambda task: f"{task['steps']:,}"),
        ("check every", lambda task: task["log_every"]),
        ("patience", lambda task: task["patience"] or "none"),
        ("clip", lambda task: task["clip"] or "none"),
        ("optimiser", lambda task: task["optimiser"]),
    )
    rows = [
        [task, ", ".join(map(str, inputs.lengths(task))), *(str(value(settings[task])) for _, value in columns)]
        for task in inputs.tasks
    ]
    return Tabulation(
        name="budgets",
        caption="Sizes and budgets: hidden units, sequences in a batch, updates at most, updates between two checks on "
        "validation, updates without improvement after which a run has stalled, threshold of the gradient’s "
        "global norm.",
        header=("task", "lengths T", *(name for name, _ in columns)),
        rows=_frozen(rows),
        provenance=origin(inputs, "runs", len(inputs.runs)),
        n_labels=2,
    )


def _criteria(tasks: Sequence[str]) -> str:
    known = [TASKS[task] for task in tasks if task in TASKS]
    return listed(
        [
            f"{task.metric} below {task.solved_below:g}{' ' + task.unit if task.unit else ''} ({task.name})"
            for task in known
        ]
    )


def _first(inputs: Inputs, task: str) -> str:
    if inputs.solved_below(task):
        return (
            "In bold is the model with most seeds solved, none where several share that place; a run stops when it is "
            "solved, so its score ranks no further."
        )
    return "The best model at each length is set in bold."


def _spread(s: Spread) -> str:
    return significant(s.median) if s.n == 1 else with_interval(s.median, s.low, s.high)


def _and_interval(inputs: Inputs) -> str:
    return " with its interval" if len(inputs.seeds) > 1 else " (one seed: no interval)"


def _steps(steps: Sequence[int]) -> str:
    low, high = min(steps), max(steps)
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def _frozen(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in rows)
