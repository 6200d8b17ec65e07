"""What the distance of the evidence costs: where models fall back to chance, and what more words of a review bring."""

from __future__ import annotations

import math
from itertools import pairwise

from reports import chance
from reports.chance import FallBack
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, at_length, at_lengths, axis
from reports.numbers import counted, listed, percent
from reports.sentences.score import scores
from reports.sentences.words import all_of, capital, the
from reports.summaries import baseline, compare_with

BEGUN = 0.95  # a training loss above this share of that of a guess is that of a network that has not begun to learn


def accuracy(error: float) -> str:
    """Return the accuracy that belongs to an error rate, in per cent."""
    return f"{100 * (1 - error):.1f} %"


def limit(inputs: Inputs, task: str) -> str:
    """Say from which accuracy on a seed is above chance."""
    length = inputs.lengths(task)[0]
    card = inputs.card(task, length)
    return (
        f"Here, with {counted(card['split']['test'], 'test sentence')} and a majority class that is right in "
        f"{accuracy(baseline(inputs, task, length)[0])} of them, a seed is above chance from an accuracy of "
        f"{accuracy(chance.limit(inputs, task, length))} on."
    )


def fall_back_text(task: str, found: FallBack, greatest: int) -> str:
    """Return where a model falls back to chance, as a table shows it."""
    also = f" (at chance also at {at_lengths(task, found.before)})" if found.before else ""
    if found.always:
        return "never above it"
    if found.at is None:
        return f"never within {at_length(task, greatest)}{also}"
    return f"{at_length(task, found.at)}{also}"


def falls_back(inputs: Inputs, task: str) -> str:
    """Say for each cell's default from which distance on it does no better than chance."""
    greatest = at_length(task, inputs.longest(task))
    parts = []
    for cell in inputs.cells:
        found = chance.fall_back(inputs, task, cell, DEFAULT)
        also = f" (and is at chance at {at_lengths(task, found.before)} too)" if found.before else ""
        if found.always:
            parts.append(f"{the(cell)} is above chance at no distance")
        elif found.at is None:
            parts.append(f"{the(cell)} is still above chance at {greatest}{also}")
        else:
            parts.append(f"{the(cell)} falls back to chance at {at_length(task, found.at)}{also}")
    return f"{capital('; '.join(parts))}."


def nearest(inputs: Inputs, task: str) -> str:
    """Say what each cell reaches at the smallest distance."""
    length = inputs.lengths(task)[0]
    where = "On the bare sentence (k = 0)" if length == 0 else f"At {at_length(task, length)}"
    found = scores(inputs, task, length)
    reached = listed([f"{accuracy(s.value.median)} in {the(cell)}" for cell, s in found.items()])
    return f"{where} the median accuracy is {reached}."


def longer_reviews(inputs: Inputs, task: str) -> str:
    """Say what more words of whole reviews are worth, to each cell's default and to the classical predictor."""
    shortest, longest = inputs.lengths(task)[0], inputs.longest(task)
    before, after = scores(inputs, task, shortest), scores(inputs, task, longest)
    both = {cell: (before[cell].value.median, after[cell].value.median) for cell in before if cell in after}
    errors = {f"in {the(cell)}": pair for cell, pair in both.items()}
    simple = baseline(inputs, task, shortest)[1], baseline(inputs, task, longest)[1]
    if simple[0] is not None and simple[1] is not None:
        errors[f"with the {inputs.card(task)['classical']}"] = simple[0], simple[1]
    if shortest == longest:
        reached = listed([f"{accuracy(error)} {where}" for where, (error, _) in errors.items()])
        return f"With the last {counted(longest, 'word')} of a review the median accuracy is {reached}."
    went = listed([f"from {accuracy(low)} to {accuracy(high)} {where}" for where, (low, high) in errors.items()])
    gained = [the(cell) for cell, (low, high) in both.items() if high < low]
    return " ".join(
        filter(
            None,
            [
                f"From the last {shortest} to the last {longest} words of a review the median accuracy goes {went}. "
                f"From end to end, by its median, more words help {all_of(gained, [the(cell) for cell in both])}.",
                _lost_between(inputs, task),
            ],
        )
    )


def against_classical(inputs: Inputs, task: str, length: int) -> str:
    """Say which cells beat the classical predictor at a length; empty where there is none."""
    _, classical = baseline(inputs, task, length)
    if classical is None:
        return ""
    sides: dict[int, list[str]] = {1: [], 0: [], -1: []}
    for cell, s in scores(inputs, task, length).items():
        sides[compare_with(inputs, task, length, s.value.median, classical)].append(the(cell))
    better, level, _ = sides.values()
    who = f"{listed(better)} {'beats' if len(better) == 1 else 'beat'}" if better else "no cell beats"
    name = inputs.card(task, length)["classical"]
    low, high = chance.indistinct(inputs, task, length, classical)
    alike = (
        f"; {listed(level)} cannot be told from it on a test set of this size, which leaves everything from "
        f"{accuracy(high)} to {accuracy(low)} open"
        if level
        else ""
    )
    return f"At {at_length(task, length)} {who} the {name} ({accuracy(classical)}){alike}."


def training_at_chance(inputs: Inputs, task: str) -> str:
    """Say what networks at chance reach on their own training sentences; empty where none is at chance."""
    guess = math.log(2)
    lengths_of: dict[bool, dict[str, list[int]]] = {True: {}, False: {}}
    steps = 0
    for cell in inputs.cells:
        for length in inputs.lengths(task):
            setting = Setting(task, cell, DEFAULT, length)
            if inputs.runs_of(setting).empty or chance.mostly_above(inputs, setting):
                continue
            last = inputs.curves_of(setting).sort_values("step").groupby("seed").tail(1)
            steps = max(steps, int(last.step.max()))
            lengths_of[bool(last.train_loss.median() > BEGUN * guess)].setdefault(the(cell), []).append(length)
    never, some = (
        "; ".join(f"{cell} at {at_lengths(task, lengths)}" for cell, lengths in lengths_of[kind].items())
        for kind in (True, False)
    )
    parts = []
    if never:
        parts.append(
            f"Some of the networks at chance ({never}) did no better than guessing on their own training sentences "
            f"either (training loss within {percent(1 - BEGUN)} of ln 2 after {steps:,} updates, median over seeds): "
            "these networks did not learn their training sentences by heart and fail on new ones, they never began to "
            f"learn. So where a cell falls back depends on the budget{_and_on_rate(inputs, task)}."
        )
    if some:
        parts.append(f"At chance on test sentences, but not on their own training sentences: {some}.")
    return " ".join(parts)


def least(inputs: Inputs, task: str) -> str:
    """Say how long sentences are, and so how far before the loss their words stand; empty where none was measured.

    Sentences are those on which gradients were measured, in front of the fewest filler words.
    """
    k = inputs.lengths(task)[0]
    rows = inputs.gradients[(inputs.gradients.task == task) & (inputs.gradients.length == k)]
    if rows.empty:
        return ""
    n_by_lag = rows.groupby("lag").n_samples.max()
    n_words = n_by_lag.index + 1 - k
    half = int(n_words[2 * n_by_lag >= n_by_lag.loc[0]].max())
    return (
        f"A sentence has {half} words in the median (at most {int(n_words.max())}, of those on which gradients were "
        f"measured; marks count as words), so its words stand k to about k + {half - 1} steps before the loss."
    )


def in_short(inputs: Inputs, task: str) -> str:
    """Say what cells and the bag of words reach on the bare sentence, and at which distances cells are at chance."""
    _, classical = baseline(inputs, task, inputs.lengths(task)[0])
    simple = f" ({accuracy(classical)} with the {inputs.card(task)['classical']})" if classical is not None else ""
    parts = []
    for cell in inputs.cells:
        found = chance.fall_back(inputs, task, cell, DEFAULT)
        where = [
            *([f"at {at_lengths(task, found.before)}"] if found.before else []),
            *([f"from {at_length(task, found.at)} on"] if found.at is not None else []),
        ]
        parts.append(f"{the(cell)} {listed(where) or 'nowhere'}")
    return f"{nearest(inputs, task).removesuffix('.')}{simple}; at chance are {listed(parts)}."


def _and_on_rate(inputs: Inputs, task: str) -> str:
    """Return that it depends on the learning rate too, which was chosen at one distance; empty where there is one."""
    tuned_at = sorted(set(inputs.tuning[inputs.tuning.task == task].length))
    if not tuned_at or len(inputs.lengths(task)) < 2:
        return ""
    return (
        f" and on the learning rate, which was chosen at {at_lengths(task, tuned_at)} and kept for every {axis(task)}"
    )


def _lost_between(inputs: Inputs, task: str) -> str:
    """Say which cells get worse from one length to the next; empty where none does, or nothing lies in between."""
    if len(inputs.lengths(task)) < 3:
        return ""
    parts = []
    for cell in inputs.cells:
        medians = [(n, s.value.median) for n in inputs.lengths(task) if (s := scores(inputs, task, n).get(cell))]
        worse = [f"{at_length(task, a)} to {b}" for (a, low), (b, high) in pairwise(medians) if high > low]
        if worse:
            parts.append(f"{the(cell)} from {listed(worse)}")
    return f"In between the median gets worse in {'; '.join(parts)}." if parts else ""
