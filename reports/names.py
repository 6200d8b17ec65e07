"""How things are called in the report, and in which order they stand; no result is known here."""

import re
from collections.abc import Sequence

from reports.numbers import MINUS, listed
from rnn.tasks import TASKS
from rnn.variants import VARIANTS

DEFAULT = "default"
INIT, EARLY, TRAINED = "init", "early", "trained"

CELL_NAMES = {"rnn": "vanilla RNN", "lstm": "LSTM", "gru": "GRU"}
# What a cell's default is called beside its own variants.
DEFAULT_NAMES = {"rnn": "tanh"}
GATES = {"lstm": "forget", "gru": "keep"}  # the gate whose bias the start sets
VARIANT_NAMES = {
    "relu": "ReLU",
    "irnn": "IRNN",
    "gain-0-5": "gain 0.5",
    "gain-0-9": "gain 0.9",
    "gain-1-2": "gain 1.2",
    "gain-1-5": "gain 1.5",
    "bias-minus-2": "gate bias −2",
    "bias-minus-1": "gate bias −1",
    "bias-0": "gate bias 0",
    "bias-2": "gate bias 2",
    "bias-3": "gate bias 3",
    "bias-4": "gate bias 4",
    "chrono": "chrono biases",
    "reset-before": "reset before the product (2014)",
    "no-forget": "no forget gate (1997)",
    "matched": "matched",
    "clip-0": "no clipping",
    "clip-0-1": "clipped at 0.1",
    "truncated-20": "truncated at 20 steps",
    "long-budget": "four times the budget",
}
# What a variant changes: those of one group are drawn together. Every variant but the default is in one.
VARIANT_GROUPS = {
    "non-linearity": ("sigmoid", "relu", "linear"),
    "recurrent matrix": ("orthogonal", "identity", "irnn"),
    "gain": ("gain-0-5", "gain-0-9", "gain-1-2", "gain-1-5"),
    "gate bias": ("bias-minus-2", "bias-minus-1", "bias-0", "bias-2", "bias-3", "bias-4", "chrono"),
    "gates": ("reset-before", "no-forget"),
    "training": ("clip-0", "clip-0-1", "truncated-20"),
    "size and budget": ("matched", "long-budget"),
}
PHASE_NAMES = {INIT: "before", TRAINED: "after"}  # training
FORMS = ["one-to-one", "many-to-one", "one-to-many", "many-to-many"]  # in the order of the lecture
FAMILIES = ["time series", "text sentiment", "character sequences"]
OTHER_FAMILY = "other forms"
SHARED_NAMES = ("adding",)  # of several tasks: the others are called "adding-..."
# Of a family whose tasks differ in this, real data stand for it: where nearly all evidence is near, a trained network's
# gradient says something that tasks with known lags, of which other families have theirs, cannot say.
FAMILY_EXAMPLES = {"character sequences": "shakespeare"}


def cell_name(cell: str) -> str:
    """Return a cell's name in running text."""
    return CELL_NAMES.get(cell, cell)


def variant_name(cell: str, variant: str) -> str:
    """Return a variant's name beside other variants of the same cell."""
    if variant == DEFAULT:
        return DEFAULT_NAMES.get(cell, DEFAULT)
    return VARIANT_NAMES.get(variant, variant)


def model_name(cell: str, variant: str) -> str:
    """Return the name of a cell with its variant, where several cells stand together."""
    name = cell_name(cell)
    return name if variant == DEFAULT else f"{name}, {variant_name(cell, variant)}"


def variant_description(variant: str, cell: str, *others: str) -> str:
    """Return what a cell's default is, or what a variant of it, and of other cells, changes."""
    if variant not in VARIANTS:
        return variant
    found = VARIANTS[variant]
    if others:
        return found.description.replace(" -", f" {MINUS}")
    bias = f"{GATES[cell]} bias {found.gate_bias:g}".replace("-", MINUS) if cell in GATES else ""
    if variant == DEFAULT:
        return f"Glorot weights, {bias}" if bias else "tanh, Glorot weights"
    return bias if bias and found.gate_bias != VARIANTS[DEFAULT].gate_bias else found.description


def task_title(task: str) -> str:
    """Return a task's title, with the quotation marks and apostrophes of a printed text."""
    title = TASKS[task].title if task in TASKS else task
    return re.sub(r'"([^"]*)"', r"“\1”", title).replace("'", "’")


def quoted(task: str) -> str:
    """Return a task's title as it stands in a sentence."""
    title = task_title(task)
    return title if "“" in title else f"“{title}”"


def short(task: str) -> str:
    """Return a task's name as it stands in a sentence that names many tasks."""
    return f"“{task}”"


def axis(task: str) -> str:
    """Return the symbol of a task's length: T, the steps of a sequence, or what else its length is."""
    return TASKS[task].axis if task in TASKS else "T"


def axis_title(task: str) -> str:
    """Return what a task's length is, in words."""
    return TASKS[task].axis_title if task in TASKS else "sequence length"


def at_length(task: str, length: int) -> str:
    """Return a length as it is printed: "T = 25" or "k = 25"."""
    return at_lengths(task, [length])


def at_lengths(task: str, lengths: Sequence[int]) -> str:
    """Return lengths of one task as they are printed: "T = 25 and 50"."""
    return f"{axis(task)} = {listed([str(length) for length in lengths])}"


def known_lags(task: str) -> bool:
    """Say whether it is known how far before the loss a task's evidence stands."""
    return task in TASKS and TASKS[task].known_lags


def form(task: str) -> str:
    """Return how many steps go in and come out: "many-to-one"; empty for a task that is not registered."""
    return TASKS[task].form if task in TASKS else ""


def shared_name(task: str) -> str:
    """Return the name that a task shares with others which differ in detail; its own where it shares none."""
    return next((name for name in SHARED_NAMES if task.startswith(f"{name}-")), task)


def family(task: str) -> str:
    """Return the family that a task belongs to."""
    return TASKS[task].family if task in TASKS else OTHER_FAMILY


def ordered(found: set[str], known: list[str]) -> list[str]:
    """Return the known names that were found in their known order, then the others sorted."""
    return [name for name in known if name in found] + sorted(found - set(known))


def ordered_tasks(found: set[str]) -> list[str]:
    """Return tasks in the order of the registry."""
    return ordered(found, list(TASKS))


def ordered_families(found: set[str]) -> list[str]:
    """Return families of tasks in their order."""
    return ordered(found, FAMILIES)


def ordered_cells(found: set[str]) -> list[str]:
    """Return cells: the vanilla cell first, then the gated ones."""
    return ordered(found, list(CELL_NAMES))


def ordered_variants(found: set[str]) -> list[str]:
    """Return variants group by group, the default first."""
    return ordered(found, [DEFAULT, *(variant for group in VARIANT_GROUPS.values() for variant in group)])


def variant_group(variant: str) -> str:
    """Return the group of a variant; empty for the default, and for one that no group knows."""
    return next((name for name, group in VARIANT_GROUPS.items() if variant in group), "")
