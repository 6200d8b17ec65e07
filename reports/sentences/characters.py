"""What the prediction of the next character says: bits a character, beside what counting characters gives."""

from __future__ import annotations

from reports.inputs import Inputs
from reports.names import DEFAULT, at_length
from reports.numbers import counted, listed, percent, significant
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


def read_in_training(inputs: Inputs, task: str) -> str:
    """Say how much text the networks read at each length, and whether they were still getting better at the end."""
    settings = inputs.provenance["configuration"]["tasks"][task]
    lengths = inputs.lengths(task)
    read = {n: settings["steps"] * settings["batch"] * n for n in lengths}
    share = {n: read[n] / (inputs.card(task, n)["split"]["train"] * n) for n in lengths}
    ends = [lengths[0]] if len(lengths) == 1 else [lengths[0], lengths[-1]]
    texts = [f"{read[n]:,} characters at {at_length(task, n)}, {percent(share[n])} of the training text" for n in ends]
    last = inputs.runs[(inputs.runs.task == task) & (inputs.runs.variant == DEFAULT)]
    at_end = int((last.best_step >= settings["steps"] - settings["log_every"]).sum())
    better = (
        f" In {at_end} of {counted(len(last), 'run')} the best check on validation is the last or the one before: the "
        "budget ends while they still get better."
    )
    more = (
        " So what a longer window gains may be its context or its greater share of the training text; these runs do "
        "not tell the two apart."
    )
    return (
        f"With the same number of updates the networks read {listed(texts)}; the n-gram model has counted all of it."
        f"{better if 2 * at_end > len(last) else ''}{more if len(lengths) > 1 else ''}"
    )


def _from_to(before: float, after: float, same: bool) -> str:
    return significant(after) if same else f"from {significant(before)} to {significant(after)}"
