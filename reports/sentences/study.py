"""What was done, and how sure one can be that the tables belong together."""

from __future__ import annotations

from reports.inputs import Inputs
from reports.names import at_lengths, axis, axis_title, cell_name, known_lags, quoted, short, task_title, variant_name
from reports.numbers import counted, digest, listed, ranges
from reports.sentences.words import capital, the


def design(inputs: Inputs) -> str:
    """Say how much was trained."""
    tasks = [f"{quoted(task)} ({axis(task)} = {', '.join(map(str, inputs.lengths(task)))})" for task in inputs.tasks]
    return (
        f"{counted(len(inputs.runs), 'network')} {'was' if len(inputs.runs) == 1 else 'were'} trained: "
        f"{listed([the(cell) for cell in inputs.cells])}, on {listed(tasks)}, with "
        f"{counted(len(inputs.seeds), 'seed')} each"
        f"{_variants(inputs)}. {what_length_is(inputs)}"
    )


def in_short(inputs: Inputs) -> str:
    """Say how much was trained, without the details."""
    families = []
    for family, tasks in inputs.families.items():
        names = [f"{short(task)} ({task_title(task).removeprefix(f'{short(task)}, ')})" for task in tasks]
        families.append(f"{family}: {listed(names)}")
    networks = counted(len(inputs.runs), "network")
    return (
        f"{networks} {'was' if len(inputs.runs) == 1 else 'were'} trained, {counted(len(inputs.seeds), 'seed')} for "
        f"every setting: {listed([the(cell) for cell in inputs.cells])}{_variants(inputs)}. The tasks are of "
        f"{counted(len(families), 'family', 'families')}. {capital('; '.join(families))}. {what_length_is(inputs)}"
    )


def what_length_is(inputs: Inputs) -> str:
    """Say what the symbols of the tasks' lengths stand for, and how great they get."""
    by_axis: dict[str, list[str]] = {}
    for task in inputs.tasks:
        by_axis.setdefault(axis(task), []).append(task)
    symbols = [
        f"{symbol} is the {axis_title(tasks[0])} (up to {max(map(inputs.longest, tasks))})"
        for symbol, tasks in by_axis.items()
    ]
    whichever = "" if len(symbols) == 1 else f" {'Either' if len(symbols) == 2 else 'Each'} is called a length here."
    return f"{'; '.join(symbols)}.{whichever}"


def example(inputs: Inputs) -> str:
    """Say which task stands for all, and why; empty where there is one task."""
    if len(inputs.tasks) == 1:
        return ""
    task = inputs.example(inputs.tasks)
    why = "the lags of its evidence are known" if known_lags(task) else "its length is the greatest of this experiment"
    return f"Where one task stands for all it is {quoted(task)}: {why}."


def seeds(inputs: Inputs) -> str:
    """Say which seeds were trained, and whether every setting has all of them."""
    counts = inputs.runs.groupby(["task", "cell", "variant", "length"]).seed.nunique()
    lack = int((counts < len(inputs.seeds)).sum())
    every = "every setting has all of them" if not lack else f"{counted(lack, 'setting')} of {len(counts)} lack some"
    return f"Trained seeds: {ranges(inputs.seeds)}; {every}."


def draws(inputs: Inputs) -> str:
    """Say how many weight draws were measured before training, and at which lengths that are never trained at."""
    n, trained = len(inputs.draws), len(inputs.seeds)
    among = "those that were trained" if n == trained else f"among them the {trained} that were trained"
    more = [
        f"{short(task)} at {at_lengths(task, lengths)}"
        for task in inputs.tasks
        if (lengths := [k for k in inputs.measured_lengths(task) if k not in inputs.lengths(task)])
    ]
    beyond = f", and {listed(more)}, where no network was trained" if more else ""
    return f"Before training {counted(n, 'weight draw')} of every setting were measured, {among}{beyond}."


def one_code(inputs: Inputs) -> str:
    """Say that all runs come from one state of the library; empty where they do not."""
    found = _codes(inputs)
    return f"All runs come from one state of the library (digest {digest(found[0])})." if len(found) == 1 else ""


def mixed_code(inputs: Inputs) -> str:
    """Warn of runs from several states of the library; empty where there is one."""
    found = _codes(inputs)
    if len(found) == 1:
        return ""
    return (
        f"Attention: these runs mix {len(found)} states of the library (digests "
        f"{listed([digest(code) for code in found])}); run the experiment again to compare like with like."
    )


def one_machine(inputs: Inputs) -> str:
    """Say whether all runs come from one kind of machine and one set of kernels."""
    several = [name for name, values in sorted(inputs.provenance["kernels"].items()) if len(values) > 1]
    if not several:
        return "All training jobs ran with the same processor, kernels and versions."
    return f"Attention: training jobs differ in {listed(several)}; their last bits may differ with it."


def commit(inputs: Inputs) -> str:
    """Say which commit the report belongs to."""
    provenance = inputs.provenance
    if provenance["commit"] is None:
        return "No commit is recorded: the project’s folder is not a git repository."
    local = " The folder had changes that are not committed." if provenance["commit_dirty"] else ""
    return f"Commit {provenance['commit']}.{local}"


def _codes(inputs: Inputs) -> list[str]:
    return sorted(set(inputs.runs.code_sha256) | set(inputs.provenance["code_sha256"]))


def _variants(inputs: Inputs) -> str:
    parts = []
    for cell in inputs.cells_with_variants:
        tasks_of: dict[tuple[str, ...], list[str]] = {}
        for task in inputs.tasks_with_variants(cell):
            trained = tuple(variant_name(*model) for model in inputs.models_on(task) if model[0] == cell)
            tasks_of.setdefault(trained[1:], []).append(task)
        kinds = [
            listed(names) + (f" on {listed([short(task) for task in tasks])}" if tasks != inputs.tasks else "")
            for names, tasks in tasks_of.items()
        ]
        parts.append(f"the {cell_name(cell)} also as {', as '.join(kinds)}")
    return f"; {'; '.join(parts)}" if parts else ""
