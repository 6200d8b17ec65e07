"""Experiment files: typed models that check them, give the defaults, and generate their schema and documentation.

The names of tasks, cells and variants and the lengths that a task allows come from the library's registries, so a new
cell or task is known here at once.
"""

from __future__ import annotations

import json
import platform
import warnings
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, create_model

from rnn.cells import CELLS
from rnn.errors import StudyError
from rnn.optimise import OPTIMISERS
from rnn.tasks import TASKS, Task
from rnn.variants import VARIANTS
from workflow.keys import TUNING_SEEDS_START
from workflow.originals import FileName, Original
from workflow.problems import sentences
from workflow.strict_model import Strict
from workflow.strict_yaml import read_mapping

PINNABLE = ("x86_64", "AMD64")


def _unique(values: list[Any]) -> list[Any]:
    twice = sorted({str(value) for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(f"names {', '.join(twice)} twice")
    return values


def _pinnable(portable: bool) -> bool:
    if portable and platform.machine() not in PINNABLE:
        raise ValueError(f"pins the kernels of x86-64, and this machine is {platform.machine()}: set it to false")
    return portable


def _one_of(names: Any) -> Any:
    return Literal[tuple(names)]


Whole = Annotated[int, Field(ge=1)]
Rate = Annotated[float, Field(gt=0)]


def _variants_field(cell: str) -> Any:
    names = [name for name, variant in VARIANTS.items() if cell in variant.cells and name != "default"]
    described = "; ".join(f"`{name}`: {VARIANTS[name].description}" for name in names)
    known = (
        Annotated[list[_one_of(names)], AfterValidator(_unique)] if names else Annotated[list[str], Field(max_length=0)]
    )
    return known, Field(default=[], description=described or "This cell has none.")


Variants = create_model("Variants", __base__=Strict, **{name: _variants_field(name) for name in CELLS})
Ablations = create_model(
    "Ablations",
    __base__=Variants,
    lengths=(
        Annotated[list[int], Field(min_length=1), AfterValidator(_unique)],
        Field(description="Lengths at which they are trained, some of the task's `lengths`."),
    ),
    initial_lengths=(
        Annotated[list[int], AfterValidator(_unique)],
        Field(
            default=[],
            description="Lengths at which they are measured untrained besides, some of the task's `initial_lengths`.",
        ),
    ),
)


class TaskSettings(Strict):
    """A task's lengths, which every task describes for itself, and its budget."""

    lengths: list[int] = Field(
        description="Sequence lengths T, or what the task has in their place (distances k of the evidence)."
    )
    initial_lengths: list[int] = Field(
        default=[],
        description="Lengths at which untrained networks are measured besides, none of `lengths`; empty for a task "
        "with one natural length.",
    )
    tuned_at: Annotated[list[int], Field(min_length=1), AfterValidator(_unique)] = Field(
        default=None,
        description="The lengths at which learning rates are chosen, some of `lengths`; left out: the middle one (the "
        "lower of two). A run takes the rate of the nearest one, of two the shorter. Where models learn nothing the "
        "choice is a draw, so a short one may be fairer.",
    )
    steps: Whole = Field(
        description="Budget of a run, in updates. Nothing else ends a run early but being solved, stalled or diverged."
    )
    hidden: Whole = Field(default=32, description="Hidden units H.")
    batch: Whole = Field(default=32, description="Sequences in a batch.")
    log_every: Whole = Field(default=100, description="Updates between two checks on the validation set.")
    patience: Annotated[int, Field(ge=0)] = Field(
        default=0, description="Updates without improvement on validation after which a run has stalled; 0: never."
    )
    clip: Annotated[float, Field(ge=0)] = Field(
        default=1.0, description="Threshold of the gradient's global norm; 0: no clipping."
    )
    optimiser: _one_of(OPTIMISERS) = Field(default="adam", description="Optimiser.")
    variants: Variants = Field(
        default=None, description="Ablations on this task, in place of the experiment's `variants`; `{}`: none."
    )
    ablations: list[Ablations] = Field(
        default=[],
        description="Ablations that are trained and measured at some of the task's lengths only, besides `variants`: "
        "one block for each set of lengths.",
    )
    core_seconds: Rate = Field(
        default=60.0,
        description="Expected core-seconds of the task's jobs: for their order and the time left. They stop nothing.",
    )


class Tuning(Strict):
    """The grid from which each (task, cell, variant) gets its learning rate."""

    learning_rates: Annotated[list[Rate], Field(min_length=1), AfterValidator(_unique)] = Field(
        description="Rates that are tried; the one with most seeds solved wins, then with the fewest updates to solve, "
        "then with the lowest median score on validation."
    )
    seeds: Annotated[int, Field(ge=1)] = Field(
        default=2,
        description=f"Seeds a rate, counted from {TUNING_SEEDS_START} so that they are never those of the study.",
    )


class PhaseSettings(Strict):
    """The networks of the phase diagrams, which depend on no task."""

    sizes: Annotated[list[Annotated[int, Field(ge=2)]], Field(min_length=1), AfterValidator(_unique)] = Field(
        default=[64], description="Units of the random networks."
    )
    seeds: Whole = Field(default=2, description="Draws of weights a setting, counted from 0.")


def _task_field(task: Task) -> Any:
    length = (
        _one_of([task.natural_length])
        if task.natural_length
        else Annotated[int, Field(ge=task.min_length, le=task.max_length)]
    )
    lengths = Annotated[list[length], AfterValidator(_unique)]
    model = create_model(
        f"{task.name.title().replace('-', '')}Settings",
        __base__=TaskSettings,
        __doc__=f"{task.title} ({task.family}, {task.form}).",
        lengths=(
            Annotated[lengths, Field(min_length=1)],
            Field(description=f"Values of {task.axis}, the {task.axis_title}."),
        ),
        initial_lengths=(
            Annotated[list[int], Field(max_length=0)] if task.natural_length else lengths,
            Field(default=[], description=f"Values of {task.axis} at which untrained networks are measured besides."),
        ),
    )
    return model, Field(default=None, description=f"{task.title} ({task.family}, {task.form}).")


with warnings.catch_warnings():
    # a task may have the name of a method of pydantic's models that is not used here, as `copy` has
    warnings.filterwarnings("ignore", 'Field name ".*" in "Tasks" shadows an attribute', UserWarning)
    Tasks = create_model("Tasks", __base__=Strict, **{name: _task_field(task) for name, task in TASKS.items()})


class Experiment(Strict):
    """An experiment: which cells, tasks, lengths and seeds are trained, and with which budgets."""

    title: Annotated[str, StringConstraints(pattern=r"^\S[^\n]*$")] = Field(
        description="One line, printed in the report."
    )
    seed: Annotated[int, Field(ge=0)] = Field(description="Experiment seed: every random stream starts from it.")
    seeds: Annotated[int, Field(ge=1, lt=TUNING_SEEDS_START)] = Field(
        description="Number of trained seeds: 0, 1, 2, ..."
    )
    draws: Annotated[int, Field(ge=1, lt=TUNING_SEEDS_START)] = Field(
        default=50,
        description="Number of initial weights that are measured, at least `seeds`: those of the trained seeds and of "
        "the next ones.",
    )
    cells: Annotated[list[_one_of(CELLS)], Field(min_length=1), AfterValidator(_unique)] = Field(
        description="Cells that are trained."
    )
    variants: Variants = Field(default=Variants(), description="Ablations of a cell, besides its `default`.")
    tuning: Tuning = Field(description="The grid of learning rates.")
    phase: PhaseSettings = Field(
        default=PhaseSettings(), description="Untrained networks by gain and lag, for the phase diagrams."
    )
    portable: Annotated[bool, AfterValidator(_pinnable)] = Field(
        default=False,
        description="Pin kernels that every x86-64 machine since 2013 has: the same bits on all of them, more slowly.",
    )
    tasks: Tasks = Field(description="What is learned, at which lengths, with which budget.")
    files: dict[FileName, Original] = Field(
        default={}, description="Original files that are downloaded for the tasks, by name."
    )

    @property
    def chosen_tasks(self) -> dict[str, TaskSettings]:
        """The tasks that the file names."""
        return {name: getattr(self.tasks, name) for name in sorted(self.tasks.model_fields_set)}

    def variants_of(self, task: str, cell: str, length: int) -> list[str]:
        """Return ``default`` and the cell's ablations on a task at a length, sorted."""
        settings = self.chosen_tasks[task]
        found = ["default", *getattr(settings.variants or self.variants, cell)]
        blocks = [block for block in settings.ablations if length in (*block.lengths, *block.initial_lengths)]
        return sorted([*found, *(variant for block in blocks for variant in getattr(block, cell))])

    def without(self, tasks: Collection[str]) -> Self:
        """Return the experiment without some of its tasks."""
        kept = {name: task for name, task in self.chosen_tasks.items() if name not in tasks}
        return self.model_copy(update={"tasks": Tasks.model_construct(**kept)})

    def full(self) -> dict[str, Any]:
        """Return the file's content with every default written out, as JSON-able values."""
        return self.model_dump(mode="json", exclude_none=True)

    def digest(self) -> str:
        """Return the digest of the full content: comments, order of keys and spelling of numbers do not matter."""
        return sha256(json.dumps(self.full(), sort_keys=True).encode()).hexdigest()


def load(path: Path) -> Experiment:
    """Read and check an experiment file.

    Raises
    ------
    StudyError
        One sentence a problem, one a line, all at once.
    """
    content = read_mapping(path)
    try:
        experiment = Experiment.model_validate(content)
    except ValidationError as error:
        raise StudyError("\n".join(sentences(path, Experiment, error))) from error
    problems = [f"{path}: {problem}." for problem in _contradictions(experiment)]
    if problems:
        raise StudyError("\n".join(problems))
    return experiment


def _contradictions(experiment: Experiment) -> Iterator[str]:
    """Yield what no key says for itself."""
    tasks = experiment.chosen_tasks
    if experiment.draws < experiment.seeds:
        yield f"`draws` is {experiment.draws} and must be at least `seeds`, {experiment.seeds}"
    named = {"variants": experiment.variants}
    named |= {f"tasks.{name}.variants": task.variants for name, task in tasks.items() if task.variants}
    for name, task in tasks.items():
        named |= {f"tasks.{name}.ablations[{i}]": block for i, block in enumerate(task.ablations)}
    for place, variants in named.items():
        for cell in sorted(variants.model_fields_set & set(CELLS) - set(experiment.cells)):
            yield f"`{place}.{cell}` is for a cell that `cells` does not name: add it there or remove it"
    for name, task in tasks.items():
        chosen = [("tuned_at", task.tuned_at or [], "lengths")]
        for i, block in enumerate(task.ablations):
            chosen += [(f"ablations[{i}].{key}", getattr(block, key), key) for key in ("lengths", "initial_lengths")]
        for key, lengths, known in chosen:
            others = ", ".join(str(length) for length in lengths if length not in getattr(task, known))
            if others:
                of_task = ", ".join(map(str, getattr(task, known))) or "none"
                yield f"`tasks.{name}.{key}` names {others} and must name some of its `{known}`: {of_task}"
        twice = sorted(set(task.lengths) & set(task.initial_lengths))
        if twice:
            yield (
                f"`tasks.{name}.initial_lengths` names {', '.join(map(str, twice))}, which `lengths` names too: remove "
                "it, trained lengths are measured at initialisation anyway"
            )
        for cell in experiment.cells:
            yield from _contradictory_variants(experiment, name, cell)
        for missing in sorted(set(TASKS[name].originals) - set(experiment.files)):
            yield f"`tasks.{name}` needs {missing}, which `files` does not name: add its url and its digest"
    for name, original in experiment.files.items():
        if (original.sha256 is None) == (original.git_blob is None):
            yield f"`files.{name}` must have one of `sha256` and `git_blob`: the digest that the file is checked by"
    if not tasks:
        yield f"`tasks` is empty: name at least one of {', '.join(TASKS)}"


def _contradictory_variants(experiment: Experiment, task: str, cell: str) -> Iterator[str]:
    settings = experiment.chosen_tasks[task]
    by_length = {
        length: experiment.variants_of(task, cell, length) for length in (*settings.lengths, *settings.initial_lengths)
    }
    for length, variants in by_length.items():
        twice = sorted({variant for variant in variants if variants.count(variant) > 1})
        if twice:
            yield f"`tasks.{task}` has {', '.join(twice)} of {cell} twice at length {length}: remove it from one list"
    # its learning rate may be chosen at any length
    shortest = min(by_length, key=TASKS[task].n_steps)
    chrono = {variant for variants in by_length.values() for variant in variants if VARIANTS[variant].chrono}
    if chrono and TASKS[task].n_steps(shortest) <= 2:
        yield (
            f"`{min(chrono)}` on `{task}` needs sequences of more than 2 steps, and its length {shortest} has "
            f"{TASKS[task].n_steps(shortest)}: remove one of the two"
        )
