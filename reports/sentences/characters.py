"""What the prediction of the next character says: bits a character, beside what counting characters gives."""

from __future__ import annotations

from reports.inputs import Inputs
from reports.names import at_length
from reports.numbers import listed, significant
from reports.sentences.score import scores
from reports.sentences.words import the
from reports.summaries import baseline


def bits(inputs: Inputs, task: str) -> str:
    """Say what every cell reaches in the shortest and in the longest windows, and the two simple models in these."""
    shortest, longest = inputs.lengths(task)[0], inputs.longest(task)
    before, after = scores(inputs, task, shortest), scores(inputs, task, longest)
    parts = [
        f"{_from_to(before[cell].value.median, after[cell].value.median, shortest == longest)} in {the(cell)}"
        for cell in before
        if cell in after
    ]
    card = inputs.card(task)
    trivial, classical = baseline(inputs, task, longest)
    simple = [f"{significant(trivial)} with the {card['trivial']} model"]
    if classical is not None:
        simple.append(f"{significant(classical)} with the {card['classical']} model")
    if shortest == longest:
        return f"At {at_length(task, longest)} the median is, in {card['unit']}, {listed(parts)}; {listed(simple)}."
    return (
        f"From {at_length(task, shortest)} to {at_length(task, longest)} the median goes, in {card['unit']}, "
        f"{listed(parts)}. At {at_length(task, longest)} it is {listed(simple)}."
    )


def _from_to(before: float, after: float, same: bool) -> str:
    return significant(after) if same else f"from {significant(before)} to {significant(after)}"
