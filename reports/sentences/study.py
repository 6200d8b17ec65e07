"""What was done, and how sure one can be that the tables belong together."""

from __future__ import annotations

from reports.inputs import Inputs
from reports.names import cell_name, quoted, variant_name
from reports.numbers import counted, digest, listed, ranges
from reports.sentences.words import the


def design(inputs: Inputs) -> str:
    """Say how much was trained."""
    tasks = [f"{quoted(task)} ({'T = ' + ', '.join(map(str, inputs.lengths(task)))})" for task in inputs.tasks]
    return (
        f"{counted(len(inputs.runs), 'network')} {'was' if len(inputs.runs) == 1 else 'were'} trained: "
        f"{listed([the(cell) for cell in inputs.cells])}, on {listed(tasks)}, with "
        f"{counted(len(inputs.seeds), 'seed')} each"
        f"{_variants(inputs)}."
    )


def in_short(inputs: Inputs) -> str:
    """Say how much was trained, without the details."""
    tasks = []
    for task in inputs.tasks:
        lengths = inputs.lengths(task)
        between = f"{lengths[0]} to {lengths[-1]}" if len(lengths) > 1 else f"{lengths[0]}"
        tasks.append(f"{quoted(task)} (T = {between})")
    networks = counted(len(inputs.runs), "network")
    seeds_of_each = counted(len(inputs.seeds), "seed")
    return (
        f"{networks} {'was' if len(inputs.runs) == 1 else 'were'} trained, {seeds_of_each} for every setting: "
        f"{listed([the(cell) for cell in inputs.cells])}{_variants(inputs)}. The tasks are {listed(tasks)}; T is the "
        f"length of a sequence."
    )


def seeds(inputs: Inputs) -> str:
    """Say which seeds were trained, and whether every setting has all of them."""
    counts = inputs.runs.groupby(["task", "cell", "variant", "length"]).seed.nunique()
    short = int((counts < len(inputs.seeds)).sum())
    every = "every setting has all of them" if not short else f"{counted(short, 'setting')} of {len(counts)} lack some"
    return f"Trained seeds: {ranges(inputs.seeds)}; {every}."


def one_code(inputs: Inputs) -> str:
    """Say whether all runs come from one state of the library."""
    found = sorted(set(inputs.runs.code_sha256) | set(inputs.provenance["code_sha256"]))
    if len(found) == 1:
        return f"All runs come from one state of the library (digest {digest(found[0])})."
    names = listed([digest(code) for code in found])
    return (
        f"Attention: these runs mix {len(found)} states of the library (digests {names}); run the "
        f"experiment again to compare like with like."
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


def _variants(inputs: Inputs) -> str:
    parts = [
        f"the {cell_name(cell)} also as "
        f"{listed([variant_name(cell, variant) for variant in inputs.variants(cell)[1:]])}"
        for cell in inputs.cells_with_variants
    ]
    return f"; {'; '.join(parts)}" if parts else ""
