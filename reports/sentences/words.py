"""Words that results of many kinds share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reports.inputs import Inputs, Setting
from reports.names import INIT, PHASE_NAMES, at_length, cell_name, quoted, short
from reports.numbers import counted, digest, listed, percent
from reports.statistics import coverage, rank

VANILLA = "rnn"
HANDFUL = 4  # names in a sentence, of which there may be dozens


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


def handful(names: Sequence[str]) -> str:
    """Return names as they are listed in a sentence; of many only the first few, and how many more there are."""
    if len(names) <= HANDFUL:
        return listed(names)
    return listed([*names[: HANDFUL - 1], f"{len(names) - HANDFUL + 1} more"])


def every_task(inputs: Inputs, each: str = "every") -> str:
    """Return "every task", or which are left out of a figure of many tasks."""
    missing = [short(task) for task in inputs.tasks if task not in inputs.charted]
    return f"{each} task{f' but {listed(missing)}' if missing else ''}"


def interval_words(n_seeds: int, n_draws: int = 0) -> str:
    """Return what intervals over seeds, and over weight draws before training, are and how probably they hold.

    Parameters
    ----------
    n_seeds, n_draws
        0 where nothing is shown of the one or the other.
    """
    several = {what: n for what, n in (("seed", n_seeds), ("draw", n_draws if n_draws != n_seeds else 0)) if n > 1}
    lone = "There is one seed, hence no interval" + (" after training." if several else ".")
    if not several:
        return lone
    ends = listed([f"over {_named(what, n)} from {_ends(n)} {what}" for what, n in several.items()])
    shares = listed([percent(coverage(n, rank(n))) for n in several.values()])
    are = "such an interval covers" if len(several) == 1 else "such intervals cover"
    said = (
        f"Bands and bars run {ends}: {are} the true median with a probability of {shares}, whatever the distribution."
    )
    return f"{lone} {said}" if n_seeds == 1 else said


def origin_of(inputs: Inputs, table: str, measured: Iterable[tuple[Setting, str]]) -> str:
    """Return where the numbers of a figure or table come from that shows some settings, each in a phase."""
    pairs = set(measured)
    n_runs = sum(len(inputs.runs_of(setting)) for setting in {setting for setting, phase in pairs if phase != INIT})
    n_draws = sum(len(inputs.rates_of(setting, INIT)) for setting in {s for s, phase in pairs if phase == INIT})
    return origin(inputs, table, n_runs, n_draws)


def origin(inputs: Inputs, table: str, n_runs: int, n_draws: int = 0) -> str:
    """Return where the numbers of a figure or table come from; draws are networks measured before training."""
    provenance = inputs.provenance
    commit = provenance["commit"]
    at = (
        f"commit {commit[:10]}{' with local changes' if provenance['commit_dirty'] else ''}"
        if commit
        else "no commit recorded"
    )
    networks = {counted(n_runs, "run"): n_runs, f"{counted(n_draws, 'weight draw')} before training": n_draws}
    source = ", ".join([f"table {table}", *(named for named, n in networks.items() if n)])
    return (
        f"Source: {source}; experiment {provenance['experiment']}, configuration "
        f"{digest(provenance['configuration_sha256'])}, {at}."
    )


def _named(what: str, n: int) -> str:
    return counted(n, "weight draw") + " before training" if what == "draw" else counted(n, what)


def _ends(n: int) -> str:
    k = rank(n)
    return "the smallest to the largest" if k == 1 else f"the {_ordinal(k)} smallest to the {_ordinal(k)} largest"


def _ordinal(k: int) -> str:
    teen = 10 < k % 100 < 20
    return f"{k}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(k % 10, 'th')}"
