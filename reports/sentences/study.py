"""What was done, and how sure one can be that the tables belong together."""

from __future__ import annotations

from reports.inputs import Inputs
from reports.names import (
    DEFAULT,
    FAMILY_EXAMPLES,
    at_lengths,
    axis,
    axis_title,
    known_lags,
    quoted,
    short,
    task_title,
    variant_name,
)
from reports.numbers import counted, digest, listed, ranges
from reports.sentences.words import HANDFUL, capital, the

FEW_TASKS = 10  # with the titles of more the summary would need more than its page


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
    """Say how much was trained, without the details; few tasks with their titles, many by name alone."""
    families = []
    titled = len(inputs.tasks) <= FEW_TASKS
    for family, tasks in inputs.families.items():
        names = [
            f"{short(task)} ({task_title(task).removeprefix(f'{short(task)}, ')})" if titled else short(task)
            for task in tasks
        ]
        families.append(f"{family}: {listed(names)}")
    networks = counted(len(inputs.runs), "network")
    return (
        f"{networks} {'was' if len(inputs.runs) == 1 else 'were'} trained, {counted(len(inputs.seeds), 'seed')} for "
        f"every setting: {listed([the(cell) for cell in inputs.cells])}{_variants(inputs)}. The tasks are of "
        f"{counted(len(families), 'family', 'families')}. {capital('; '.join(families))}. {_lengths(inputs)}."
    )


def what_length_is(inputs: Inputs) -> str:
    """Say what the symbols of the tasks' lengths stand for, and how great they get."""
    n = len({axis(task) for task in inputs.tasks})
    whichever = "" if n == 1 else f" {'Either' if n == 2 else 'Each'} is called a length here."
    return f"{_lengths(inputs)}.{whichever}"


def _lengths(inputs: Inputs) -> str:
    by_axis: dict[str, list[str]] = {}
    for task in inputs.tasks:
        by_axis.setdefault(axis(task), []).append(task)
    return "; ".join(
        f"{symbol} is the {axis_title(tasks[0])} (up to {max(map(inputs.longest, tasks))})"
        for symbol, tasks in by_axis.items()
    )


def left_out_in_short(inputs: Inputs) -> str:
    """Say how many tasks were left out for want of their data; empty where none was."""
    n = len(inputs.provenance["left_out"])
    if not n:
        return ""
    return f"{counted(n, 'task')} {'was' if n == 1 else 'were'} left out; the chapter on data says why."


def example(inputs: Inputs) -> str:
    """Say which task stands for all, and why; empty where there is one task."""
    if len(inputs.tasks) == 1:
        return ""
    task = inputs.example(inputs.tasks)
    why = "the lags of its evidence are known" if known_lags(task) else "its length is the greatest of this experiment"
    return f"Where one task stands for all it is {quoted(task)}: {why}."


def family_examples(inputs: Inputs) -> str:
    """Say which task stands for each family, and why; empty where every task stands for itself."""
    found = inputs.examples(inputs.tasks)
    if len(found) == len(inputs.tasks):
        return ""
    known = [short(task) for task in found if known_lags(task)]
    real = [short(task) for task in found if task in FAMILY_EXAMPLES.values()]
    longest = [short(task) for task in found if not (known_lags(task) or short(task) in real)]
    one = "which" if len(known) == 1 else "each of which"
    parts = [
        *([f"{listed(known)}, in {one} it is known how far before the loss the evidence stands"] if known else []),
        *([f"{listed(real)}, real data, whose evidence is mostly near"] if real else []),
        *(
            [f"{listed(longest)}, the longest of {'its family' if len(longest) == 1 else 'their families'}"]
            * bool(longest)
        ),
    ]
    return f"Where one task stands for its family it is {'; '.join(parts)}."


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
    """Say how many variants of the cells there are, or which where they are few; empty where there is none."""
    parts: list[str] = []
    n_runs = int((inputs.runs.variant != DEFAULT).sum())
    for cell in inputs.cells_with_variants:
        names = [variant_name(cell, variant) for variant in inputs.variants(cell) if variant != DEFAULT]
        kinds = f"as {listed(names)}" if len(names) <= HANDFUL else f"in {len(names)}{'' if parts else ' variants'}"
        parts.append(f"{the(cell)} {'' if parts else 'also '}{kinds}")
    partly = any(not inputs.at_every_length(task, *model) for task in inputs.tasks for model in inputs.models)
    where = ", not all on every task and at every length" if partly else ""
    return f"; {listed(parts)} ({n_runs:,} of the networks{where})" if parts else ""


def hidden_units(inputs: Inputs) -> str:
    """Say what equal numbers of hidden units compare, and whether equal numbers of parameters were compared too."""
    said = "Equal numbers of hidden units are compared; gated cells then have more parameters"
    matched = [the(cell) for cell in inputs.cells if "matched" in inputs.variants(cell)]
    return f"{said}. {capital(listed(matched))} with as many as an LSTM stand beside them." if matched else f"{said}."


def budget(inputs: Inputs) -> str:
    """Say what a used up budget means, and which models were trained with a greater one."""
    said = "A run that used up its budget is unsolved within that budget, not unsolvable."
    longer = [the(cell) for cell in inputs.cells if "long-budget" in inputs.variants(cell)]
    if not longer:
        return f"{said} No run with a much longer budget was made to compare."
    return (
        f"{said} With a longer one only {listed(longer)} {'was' if len(longer) == 1 else 'were'} trained, to compare."
    )


def tuned_at(inputs: Inputs) -> str:
    """Say at how many of its lengths the learning rate of a model is chosen."""
    most = max(inputs.tuning.groupby(["task", "cell", "variant"]).length.nunique(), default=1)
    if most < 2:
        return (
            "The learning rate is chosen at one length and used at all; a rate chosen for each length might help where "
            "it matters most."
        )
    return (
        f"The learning rate is chosen at one length of a task or more (up to {most}), and a run takes that of the "
        "nearest; a rate chosen for each length might help where it matters most."
    )
