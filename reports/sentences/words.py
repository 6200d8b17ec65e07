"""Words that results of many kinds share."""

from __future__ import annotations

from collections.abc import Sequence

from reports.inputs import Inputs
from reports.names import PHASE_NAMES, at_length, cell_name, quoted
from reports.numbers import counted, digest, listed, percent
from reports.statistics import coverage, rank

VANILLA = "rnn"


def the(cell: str) -> str:
    """Return a cell's name with its article."""
    return f"the {cell_name(cell)}"


def on_task(task: str, length: int) -> str:
    """Return where a result was found."""
    return f"{quoted(task)} at {at_length(task, length)}"


def when(phase: str) -> str:
    """Return a phase as it stands in a sentence."""
    return f"{PHASE_NAMES[phase]} training"


def capital(text: str) -> str:
    """Return a text with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]


def all_of(found: Sequence[str], everything: Sequence[str]) -> str:
    """Return "each of the 3", "none of the 3", or the names."""
    if not found:
        return f"none of the {len(everything)}" if len(everything) > 1 else f"not {everything[0]}"
    if len(found) == len(everything) > 1:
        return f"each of the {len(everything)}"
    return listed(found)


def interval_words(n: int) -> str:
    """Return what the interval over n seeds is, with the probability it really has."""
    if n == 1:
        return "There is one seed, hence no interval."
    k = rank(n)
    share = percent(coverage(n, k))
    ends = (
        "the smallest to the largest seed"
        if k == 1
        else f"the {_ordinal(k)} smallest to the {_ordinal(k)} largest seed"
    )
    return (
        f"Bands and bars over {n} seeds run from {ends}: such an interval covers the true median with a probability of "
        f"{share}, whatever the distribution."
    )


def origin(inputs: Inputs, table: str, n_runs: int) -> str:
    """Return where the numbers of a figure or table come from."""
    provenance = inputs.provenance
    commit = provenance["commit"]
    at = (
        f"commit {commit[:10]}{' with local changes' if provenance['commit_dirty'] else ''}"
        if commit
        else "no commit recorded"
    )
    return (
        f"Source: table {table}, {counted(n_runs, 'run')}; experiment {provenance['experiment']}, configuration "
        f"{digest(provenance['configuration_sha256'])}, {at}."
    )


def _ordinal(k: int) -> str:
    return {1: "1st", 2: "2nd", 3: "3rd"}.get(k, f"{k}th")
