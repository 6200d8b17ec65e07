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
    """Say which share falls on the sentence and which on the filler behind it, and which cells are at chance there.

    It is said of the greatest distance at which a cell is still above chance.
    """
    above = {
        length: [cell for cell in inputs.cells if chance.mostly_above(inputs, Setting(task, cell, DEFAULT, length))]
        for length in inputs.lengths(task)
        if length > 0 and shares_on_sentence(inputs, task, length)
    }
    if not above:
        return ""
    k = max((length for length, cells in above.items() if cells), default=min(above))
    which = "the greatest" if above[k] else "the smallest"
    still = " at which a cell is still above chance" if above[k] else ", at which no cell is above chance"
    found = shares_on_sentence(inputs, task, k)
    lost = [the(cell) for cell in found if cell not in above[k]] if above[k] else []
    at_chance = f" (At chance there {'is' if len(lost) == 1 else 'are'} {listed(lost)}.)" if lost else ""
    return (
        f"At {at_length(task, k)}, {which} distance{still}, the sentence holds {_shares(found)} of the sum of all "
        f"norms; the rest falls on the filler, which says nothing. If every word mattered the same, the sentence would "
        f"hold {percent(even_share_on_sentence(inputs, task, k))}."
        f"{_extreme({cell: -share for cell, share in found.items()}, 'Furthest from the evidence')}{at_chance}"
    )


def shares_on_sentence(inputs: Inputs, task: str, k: int) -> dict[str, float]:
    """Return for each cell's default the share of the sum of norms on the sentence, not on the k words behind it."""
    return {
        cell: s.median
        for cell in inputs.cells
        if (s := attributions.share_before_last(inputs, Setting(task, cell, DEFAULT, k), k))
    }


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


def _shares(found: Mapping[str, float]) -> str:
    return listed([f"{percent(share)} in {the(cell)}" for cell, share in found.items()])


def _extreme(found: Mapping[str, float], what: str) -> str:
    """Say which cells have the greatest value, or that all are level."""
    greatest = max(found.values())
    first = [the(cell) for cell, value in found.items() if greatest - value < APART]
    if len(first) == len(found):
        return f" The cells differ by less than {percent(APART)} of the sum." if len(found) > 1 else ""
    return f" {what} {'is' if len(first) == 1 else 'are'} {listed(first)}."
