"""The jobs of an experiment: which stacks are trained or measured, with which arguments, and for how long."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property

from rnn.cells import CELLS
from rnn.setup import Setup
from rnn.tasks import TASKS
from rnn.variants import VARIANTS
from workflow.keys import SEPARATOR, Stack
from workflow.settings import Experiment

START = 1.5  # core-seconds until a job begins to train
# expected core-seconds of the steps that train nothing
OTHER_STEPS = {
    "fetch": 2.0,
    "prepare": 1.0,
    "collect": 2.0,
    "claims": 3.0,
    "provenance": 1.0,
    "reference": 8.0,
    "report": 8.0,
    "track": 4.0,
    "tracked": 1.0,
}


def middle(lengths: Sequence[int]) -> int:
    """Return the middle length, the lower of two."""
    return sorted(lengths)[(len(lengths) - 1) // 2]


class Grid:
    """The stacks of an experiment."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.tasks = list(experiment.chosen_tasks)
        self.cells = sorted(experiment.cells)
        self.pinned = " --portable" if experiment.portable else ""

    def lengths(self, task: str) -> list[int]:
        """Return a task's lengths, the shortest first."""
        return sorted(self.experiment.chosen_tasks[task].lengths)

    def measured_lengths(self, task: str) -> list[int]:
        """Return the lengths at which untrained networks are measured, the shortest first."""
        return sorted([*self.lengths(task), *self.experiment.chosen_tasks[task].initial_lengths])

    def tuned(self, stack: Stack) -> Stack:
        """Return the stack, perhaps of another length, whose learning rate a stack takes."""
        lengths = self.experiment.chosen_tasks[stack.task].tuned_at or [middle(self.lengths(stack.task))]
        return replace(stack, length=min(lengths, key=lambda length: (abs(length - stack.length), length)))

    def stacks(self, *tasks: str) -> list[Stack]:
        """Return what is trained on some tasks (none named: on all), sorted."""
        return self._stacks(tasks, self.lengths)

    def tuned_stacks(self, *tasks: str) -> list[Stack]:
        """Return for what a learning rate is chosen on some tasks (none named: on all), sorted."""
        return sorted({self.tuned(stack) for stack in self.stacks(*tasks)})

    def measured_stacks(self, *tasks: str) -> list[Stack]:
        """Return what is measured untrained on some tasks (none named: on all), sorted."""
        return self._stacks(tasks, self.measured_lengths)

    def setup_arguments(self, task: str, cell: str, variant: str, length: int, known: Collection[str] = ()) -> str:
        """Return the command-line form of a ``Setup``, sorted by name, without the fields that a step knows."""
        settings = self.experiment.chosen_tasks[task]
        values = {
            **settings.model_dump(exclude_none=True),
            "experiment_seed": self.experiment.seed,
            "task": task,
            "cell": cell,
            "variant": variant,
            "length": length,
        }
        names = sorted(field.name for field in fields(Setup) if field.name not in known)
        return " ".join([f"--{name.replace('_', '-')} {values[name]}" for name in names]) + self.pinned

    def data_arguments(self, task: str, originals: str) -> str:
        """Return what the preparation of a task's data depends on besides its length.

        Parameters
        ----------
        task
            Its name.
        originals
            The folder with the experiment's original files.
        """
        digests = [f"{name}={self.experiment.files[name].digest}" for name in TASKS[task].originals]
        of_files = f" --originals {shlex.quote(originals)} --digests {shlex.join(digests)}" if digests else ""
        return f"--experiment-seed {self.experiment.seed}{of_files}{self.pinned}"

    def rate_arguments(self) -> str:
        """Return the grid of learning rates, sorted."""
        tuning = self.experiment.tuning
        return f"--learning-rates {' '.join(map(repr, sorted(tuning.learning_rates)))} --n-seeds {tuning.seeds}"

    def phase_arguments(self) -> str:
        """Return what the phase diagrams depend on."""
        phase = self.experiment.phase
        sizes = " ".join(map(str, sorted(phase.sizes)))
        return f"--experiment-seed {self.experiment.seed} --sizes {sizes} --seeds {phase.seeds}{self.pinned}"

    def seconds(self, rule: str, wildcards: Mapping[str, str]) -> float:
        """Return the expected core-seconds of a job."""
        if rule == "tune":
            return START + self._share(wildcards["task"], self._tuning_weight(stack_of(wildcards)))
        if rule == "train":
            return START + self._share(wildcards["task"], self._training_weight(stack_of(wildcards)))
        if rule == "initial":
            return START + self._initial_seconds(wildcards["task"], wildcards["cell"], int(wildcards["length"]))
        if rule == "phase":
            return START + self._phase_seconds()
        return OTHER_STEPS[rule]

    def path_seconds(self, rule: str, wildcards: Mapping[str, str]) -> float:
        """Return the expected seconds from the start of a job to the end of the longest work that waits for it."""
        own = self.seconds(rule, wildcards)
        if rule == "prepare":
            task, length = wildcards["task"], int(wildcards["length"])
            stacks = {"tune": self.tuned_stacks, "train": self.stacks, "initial": self.measured_stacks}
            waiting = [(name, stack) for name, of in stacks.items() for stack in of(task) if stack.length == length]
        elif rule == "tune":
            chosen = stack_of(wildcards)
            waiting = [("train", stack) for stack in self.stacks(chosen.task) if self.tuned(stack) == chosen]
        else:
            return own
        return own + max(self.path_seconds(name, _wildcards(stack)) for name, stack in waiting)

    def _stacks(self, tasks: Sequence[str], lengths: Callable[[str], list[int]]) -> list[Stack]:
        return sorted(
            Stack(task, cell, variant, length)
            for task in tasks or self.tasks
            for cell in self.cells
            for length in lengths(task)
            for variant in self.experiment.variants_of(task, cell, length)
        )

    def _share(self, task: str, weight: float) -> float:
        return self.experiment.chosen_tasks[task].core_seconds * weight / self._weights[task]

    @cached_property
    def _weights(self) -> dict[str, float]:
        """The weight of all jobs that tune or train, by task."""
        return {
            task: sum(map(self._tuning_weight, self.tuned_stacks(task)))
            + sum(map(self._training_weight, self.stacks(task)))
            for task in self.tasks
        }

    def _tuning_weight(self, stack: Stack) -> float:
        tuning = self.experiment.tuning
        return _weight(stack) * len(tuning.learning_rates) * tuning.seeds

    def _training_weight(self, stack: Stack) -> float:
        return _weight(stack) * self.experiment.seeds

    def _initial_seconds(self, task: str, cell: str, length: int) -> float:
        # exponents have a window of their own, whatever the length: all for trained seeds, the largest for other draws
        seeds, draws = self.experiment.seeds, self.experiment.draws
        state = len(CELLS[cell].state) * self.experiment.chosen_tasks[task].hidden
        exponents = seeds * (0.02 + 1e-4 * state**2) + (draws - seeds) * (0.015 + 1e-3 * state)
        return exponents + draws * 1e-5 * state * TASKS[task].n_steps(length)

    def _phase_seconds(self) -> float:
        # gated cells, and for each size a matrix product and a part that does not grow with it
        phase = self.experiment.phase
        return phase.seeds * (1 + sum(0.3 + 9e-6 * size**2 for size in phase.sizes))


def _weight(stack: Stack) -> float:
    # a step's cost grows with the gates, or the units that stand in for them; batch and updates are those of all runs
    variant = VARIANTS[stack.variant]
    gates = CELLS["lstm" if variant.matched else stack.cell].gates
    return len(gates) * TASKS[stack.task].n_steps(stack.length) * variant.budget


def _wildcards(stack: Stack) -> dict[str, str]:
    return {name: str(value) for name, value in vars(stack).items()}


def stack_of(wildcards: Mapping[str, str]) -> Stack:
    """Return the stack that a job's wildcards name."""
    return Stack.parse(SEPARATOR.join(wildcards[name] for name in ("task", "cell", "variant", "length")))


def groups_of(stacks: Sequence[Stack]) -> str:
    """Return stacks as ``task/cell/variant/length,length ...``, short enough for a command line."""
    lengths: dict[tuple[str, ...], list[str]] = {}
    for stack in stacks:
        lengths.setdefault((stack.task, stack.cell, stack.variant), []).append(str(stack.length))
    return " ".join(SEPARATOR.join((*names, ",".join(values))) for names, values in lengths.items())


def stacks_of(groups: Sequence[str]) -> list[Stack]:
    """Read what ``groups_of`` wrote."""
    return sorted(
        Stack.parse(f"{names}{SEPARATOR}{length}")
        for names, _, lengths in (group.rpartition(SEPARATOR) for group in groups)
        for length in lengths.split(",")
    )
