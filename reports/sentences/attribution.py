"""What the attributions say: how short-sighted a prediction is, and whether it looks at the evidence or the filler."""

from __future__ import annotations

from collections.abc import Mapping

from reports import attributions, chance
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, at_length
from reports.numbers import counted, listed, percent
from reports.sentences.words import the

LAST = 5  # tokens that count as the very end
APART = 0.05  # shares that differ by less are not ranked
FROM_REVIEWS = "The sentence is from the Rotten Tomatoes sentences of Pang and Lee (2005), CC BY 4.0."


def short_sighted(inputs: Inputs, task: str, length: int, kind: str) -> str:
    """Say which share of the sum of norms falls on the last tokens in each cell, and in which cell most does."""
    found = {
        cell: s.median
        for cell in inputs.cells
        if (s := attributions.share_of_last(inputs, Setting(task, cell, DEFAULT, length), LAST))
    }
    if not found:
        return ""
    even = attributions.even_share_of_last(inputs, Setting(task, next(iter(found)), DEFAULT, length), LAST)
    n = len(attributions.sentences(inputs, task, length))
    over = f" (medians over the {n} stored sequences)" if n > 1 else ""
    return (
        f"Of the sum of all norms the last {LAST} {kind}s hold {_shares(found)}{over}; it would be {percent(even)} if "
        f"every {kind} mattered the same.{_extreme(found, 'Most short-sighted')}"
    )


def on_evidence(inputs: Inputs, task: str) -> str:
    """Say which share falls on the sentence and which on the filler behind it, in seeds above chance and at chance.

    It is said of the greatest distance at which a cell is still above chance.
    """
    above = {
        length: any(chance.mostly_above(inputs, Setting(task, cell, DEFAULT, length)) for cell in inputs.cells)
        for length in inputs.lengths(task)
        if length > 0 and shares_on_sentence(inputs, task, length)
    }
    if not above:
        return ""
    k = max((length for length in above if above[length]), default=min(above))
    which = (
        "the greatest distance at which a cell is still above chance"
        if above[k]
        else "the smallest distance, at which no cell is above chance"
    )
    found = shares_on_sentence(inputs, task, k)
    parts = []
    for cell in inputs.cells:
        groups = [
            f"{percent(share)} in {'the ' if n > 1 else ''}{counted(n, 'seed')} {'above' if is_above else 'at'} chance"
            for (of_cell, is_above), (share, n) in found.items()
            if of_cell == cell
        ]
        if groups:
            parts.append(f"with {the(cell)} {listed(groups)}")
    learned = {cell: share for (cell, is_above), (share, _) in found.items() if is_above}
    return (
        f"At {at_length(task, k)}, {which}, the sentence holds of the sum of all norms {'; '.join(parts)} (medians). "
        f"The rest falls on the filler, which says nothing. If every word mattered the same, the sentence would hold "
        f"{percent(even_share_on_sentence(inputs, task, k))}.{_furthest_from_evidence(learned)}"
    )


def shares_on_sentence(inputs: Inputs, task: str, k: int) -> dict[tuple[str, bool], tuple[float, int]]:
    """Return which share of the sum of norms is on the sentence, not on the k words behind it, for each cell's default.

    Returns
    -------
    By (cell, whether above chance) the median over the seeds that are, or are not, above chance, and how many these
    are. A median over both would describe neither.
    """
    found = {}
    for cell in inputs.cells:
        setting = Setting(task, cell, DEFAULT, k)
        above = set(chance.seeds_above(inputs, setting))
        for is_above, seeds in ((True, above), (False, set(inputs.seeds) - above)):
            s = attributions.share_before_last(inputs, setting, k, seeds)
            if s is not None:
                found[cell, is_above] = s.median, s.n
    return found


def even_share_on_sentence(inputs: Inputs, task: str, k: int) -> float:
    """Return that share if every word mattered the same."""
    return 1 - attributions.even_share_of_last(inputs, Setting(task, inputs.cells[0], DEFAULT, k), k)


def which_sentence(inputs: Inputs, task: str, length: int) -> str:
    """Say by which rule the sentence that is shown was chosen."""
    n = len(attributions.sentences(inputs, task, length))
    if n == 1:
        return "It is the one test sentence that is stored."
    return (
        f"Of {n} stored test sentences it is the one whose number of words is nearest to their median, the first of "
        "ties."
    )


def which_window(shown: int) -> str:
    """Say which characters are shown."""
    return (
        f"They are the last {shown} characters of the first stored window of the test set; “·” is a space and “¶” the "
        "end of a line."
    )


def predicted(inputs: Inputs, task: str, length: int, sequence: int) -> str:
    """Say what most seeds of each cell predict for a sequence."""
    counts = {
        cell: found
        for cell in inputs.cells
        if (found := attributions.predictions(inputs, Setting(task, cell, DEFAULT, length), sequence))
    }
    if len(targets := {target for found in counts.values() for target in found}) == 1:
        return f"Every seed predicts “{targets.pop()}”."
    parts = []
    for cell, found in counts.items():
        target, n = found.most_common(1)[0]
        parts.append(f"“{target}” in {n} of {counted(found.total(), 'seed')} of {the(cell)}")
    return f"Predicted most often is {listed(parts)}."


def _furthest_from_evidence(learned: Mapping[str, float]) -> str:
    """Say in which cell the networks above chance look least at the sentence; empty where fewer than two have any."""
    if len(learned) < 2:
        return ""
    least = min(learned.values())
    furthest = [the(cell) for cell, share in learned.items() if share - least < APART]
    if len(furthest) == len(learned):
        return f" Above chance the cells differ by less than {percent(APART)} of the sum."
    return f" Above chance, furthest from the evidence {'is' if len(furthest) == 1 else 'are'} {listed(furthest)}."


def _shares(found: Mapping[str, float]) -> str:
    return listed([f"{percent(share)} in {the(cell)}" for cell, share in found.items()])


def _extreme(found: Mapping[str, float], what: str) -> str:
    """Say which cells have the greatest value, or that all are level."""
    greatest = max(found.values())
    first = [the(cell) for cell, value in found.items() if greatest - value < APART]
    if len(first) == len(found):
        return f" The cells differ by less than {percent(APART)} of the sum." if len(found) > 1 else ""
    return f" {what} {'is' if len(first) == 1 else 'are'} {listed(first)}."
