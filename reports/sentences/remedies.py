"""What remedies change: in how far back a loss reaches, and in what is learned, each beside its cell's default."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import pandas as pd

from reports import ablations, chance
from reports.ablations import GROUPS, Pairs
from reports.claims.verdict import ALPHA
from reports.inputs import Inputs, Setting
from reports.learning import beyond_window
from reports.names import INIT, PHASE_NAMES, TRAINED, at_length, at_lengths, model_name, short
from reports.numbers import counted, listed, percent, significant
from reports.sentences.gradient import horizon_words
from reports.sentences.words import capital, the, when
from reports.summaries import counts_errors, horizon, score
from reports.survival import times
from rnn.tasks import TASKS
from rnn.variants import VARIANTS

Compare = Callable[[Setting], Pairs]
Words = Callable[[Setting], str]
LOWER = "clip-0-1"
TRUNCATED = "truncated-20"


def trained(inputs: Inputs) -> str:
    """Say how many remedies of which cells were trained where."""
    cells: dict[str, list[str]] = {}
    for cell in inputs.cells:
        where = [
            f"{short(task)} at {at_lengths(task, found)}"
            for task in ablations.tasks(inputs)
            if (found := ablations.lengths(inputs, task, cell))
        ]
        if where:
            n = len({s.variant for s in ablations.every_setting(inputs) if s.cell == cell})
            cells.setdefault(listed(where), []).append(f"{n} of {the(cell)}")
    parts = [f"{listed(own)} on {where}" for where, own in cells.items()]
    return f"Trained beside the default, though not each everywhere, were {'; '.join(parts)}." if parts else ""


def how_seen(inputs: Inputs) -> str:
    """Say what it takes for a difference to be seen, and whether there are seeds enough."""
    if not ablations.tasks(inputs):
        return ""
    n, fewest = len(inputs.seeds), ablations.fewest_pairs()
    enough = "" if n >= fewest else f", more than the {counted(n, 'seed')} of this experiment can give after training"
    return (
        f"A difference is seen where the exact sign test of the pairs has a two-sided p below {ALPHA:g}, which takes "
        f"at least {fewest} pairs that all point the same way{enough}. The p are not corrected for the number of "
        f"comparisons: where there is no difference at all, up to one comparison in {1 / ALPHA:.0f} shows one."
    )


def effects(inputs: Inputs, group: str) -> list[str]:
    """Say of each remedy of a group, cell by cell, what it changes; those that change nothing come last."""
    models = [
        (cell, variant)
        for variant in GROUPS[group].variants
        for cell in inputs.cells
        if ablations.settings(inputs, cell, variant)
    ]
    said = {model: _effect(inputs, *model, GROUPS[group].from_start) for model in models}
    same = [model_name(*model) for model in models if not said[model]]
    nowhere = f"No difference from the default is seen anywhere: {'; '.join(same)}." if same else ""
    return [text for text in (*said.values(), nowhere) if text]


def reach_in_all(inputs: Inputs) -> str:
    """Count the comparisons in which a loss reaches further back with a remedy than without, or less far."""
    every, from_start = ablations.every_setting(inputs), _from_start(inputs)
    if not every:
        return ""
    said = ["A comparison is one remedy of one cell at one length of a task."]
    for phase, found, which in (
        (INIT, from_start, f"the {len(from_start)} in which the remedy changes the start"),
        (TRAINED, every, f"all {len(every)}"),
    ):
        if found:
            verdicts = [ablations.horizons(inputs, setting, phase).verdict for setting in found]
            said.append(
                f"{capital(when(phase))} the memory horizon is longer than the default’s in {_n(verdicts, 1)} of "
                f"{which} and shorter in {_n(verdicts, -1)}."
            )
    return " ".join([*said, "In the others no difference is seen."])


def learned_in_all(inputs: Inputs) -> str:
    """Count the comparisons in which more, or less, is learned, and how that goes with the start's horizon."""
    every = ablations.every_setting(inputs)
    if not every:
        return ""
    learned = {setting: ablations.learning(inputs, setting).verdict for setting in every}
    said = [
        f"In {counted(len(every), 'comparison')} what is learned is better than the default’s in "
        f"{_n(learned.values(), 1)} and worse in {_n(learned.values(), -1)}."
    ]
    for sign, word in ((1, "lengthens"), (-1, "shortens")):
        found = [
            learned[setting]
            for setting in _from_start(inputs)
            if ablations.horizons(inputs, setting, INIT).verdict == sign
        ]
        if found:
            said.append(
                f"Where a remedy {word} the memory horizon before training, what is learned is better in "
                f"{_n(found, 1)} of {len(found)} and worse in {_n(found, -1)}."
            )
    return " ".join(said)


def threshold(inputs: Inputs) -> str:
    """Say at which norm the experiment clips, which is what the default does."""
    found: dict[float, list[str]] = {}
    for task in ablations.tasks(inputs):
        found.setdefault(inputs.provenance["configuration"]["tasks"][task]["clip"], []).append(task)
    if not found:
        return ""
    named = [
        f"{f'at a norm of {clip:g}' if clip else 'nowhere'}{_only(own) if len(found) > 1 else ''}"
        for clip, own in found.items()
    ]
    return f"The default of this experiment clips {listed(named)}."


def clipped(inputs: Inputs) -> str:
    """Say in which share of updates gradients were clipped, in the defaults and with a lower threshold."""
    parts = []
    for cell in inputs.cells:
        usual = ablations.clipped(inputs, map(ablations.default_of, ablations.settings(inputs, cell, "clip-0")))
        lower = ablations.clipped(inputs, ablations.settings(inputs, cell, LOWER))
        if usual is not None:
            more = "" if lower is None else f" ({percent(lower)} with a threshold of {VARIANTS[LOWER].clip:g})"
            parts.append(f"{percent(usual)} of the updates of {the(cell)}{more}")
    return f"Clipping shortens the gradient in {listed(parts)}." if parts else ""


def divergence(inputs: Inputs) -> str:
    """Say how many runs diverge without clipping, and how many with it."""
    found = ablations.settings_of(inputs, "clip-0")
    if not found:
        return ""
    diverged = pd.concat([ablations.divergence(inputs, setting) for setting in found])
    n, without, with_it = len(diverged), int(diverged.remedy.sum()), int(diverged.default.sum())
    if not without + with_it:
        return (
            f"No run diverged, neither without clipping nor with it, in {counted(n, 'pair')} of runs on the same data."
        )
    p = ablations.divergence_p(diverged)
    told = (
        "and no difference is seen" if p >= ALPHA else f"so clipping {'prevents' if without > with_it else 'causes'} it"
    )
    return (
        f"Without clipping {without} of {counted(n, 'run')} diverged, with it {with_it}, {told} (exact McNemar test of "
        f"the pairs on the same data: p = {significant(p, 2)})."
    )


def clipping_reach(inputs: Inputs) -> str:
    """Say whether networks trained with clipping have longer memory horizons than those trained without."""
    found = ablations.settings_of(inputs, "clip-0")
    if not found:
        return ""
    # the remedy here is to leave clipping out: where that is worse, clipping is better
    verdicts = [-ablations.horizons(inputs, setting, TRAINED).verdict for setting in found]
    longer, shorter = _n(verdicts, 1), _n(verdicts, -1)
    also = f", and to shorten it in {shorter}" if shorter else ""
    return (
        "Clipping is seen to lengthen the memory horizon of trained networks in "
        f"{_of_all(longer, len(found))} of {counted(len(found), 'comparison')}{also}."
    )


def window(inputs: Inputs) -> str:
    """Say what truncated runs learn where the nearest evidence stands beyond the window, and where inside it."""
    return " ".join(filter(None, (_truncated(inputs, beyond) for beyond in (True, False))))


def learned_against(inputs: Inputs, setting: Setting) -> str:
    """Return what a remedy comes to against its default, in the number that tells them apart best.

    That is seeds solved; where as many are solved, the updates until half are; where none is, and where the task has no
    criterion, the median skill.
    """
    pair = setting, ablations.default_of(setting)
    remedy, default = (score(inputs, of) for of in pair)
    assert remedy is not None
    assert default is not None
    if remedy.n_solved != default.n_solved:
        return f"{remedy.n_solved} of {counted(remedy.n, 'seed')} solved against {default.n_solved}"
    if remedy.n_solved:
        one, other = (updates_text(inputs, of) for of in pair)
        return f"half of the seeds solved after {one} against {other} updates"
    return f"median skill {significant(remedy.skill.median, 2)} against {significant(default.skill.median, 2)}"


def updates_text(inputs: Inputs, setting: Setting) -> str:
    """Return after how many updates half of a setting's seeds are solved, a bound where they never are."""
    found = times(inputs, setting)
    assert found is not None
    half = found.median.median
    return f"{half:,.0f}" if math.isfinite(half) else f">{found.budget:,}"


def _effect(inputs: Inputs, cell: str, variant: str, from_start: bool) -> str:
    """Say what one remedy changes; empty where nothing is seen to change."""
    settings = ablations.settings(inputs, cell, variant)
    quantities: list[tuple[str, tuple[str, str], Compare, Words]] = [
        (
            f"the memory horizon {PHASE_NAMES[phase]} training",
            ("longer", "shorter"),
            partial(ablations.horizons, inputs, phase=phase),
            partial(_horizons_against, inputs, phase),
        )
        for phase in PHASE_NAMES
        if phase != INIT or from_start
    ]
    learning = partial(ablations.learning, inputs), partial(learned_against, inputs)
    quantities.append(("what is learned", ("better", "worse"), *learning))
    said, unseen = [], []
    for name, words, compare, numbers in quantities:
        parts = []
        for sign, word in zip((1, -1), words, strict=True):
            places = [
                f"{_place(setting)} ({numbers(setting)}; pairs {pairs.won} to {pairs.lost})"
                for setting in settings
                if (pairs := compare(setting)).verdict == sign
            ]
            if places:
                parts.append(f"{word} {listed(places)}")
        if parts:
            said.append(f"{name} is {listed(parts)}")
        else:
            unseen.append(name)
    if not said:
        return ""
    others = f"; no difference is seen in {listed(unseen, 'or')}" if unseen else ""
    return f"{capital(model_name(cell, variant))}: {'; '.join(said)}{others}."


def _horizons_against(inputs: Inputs, phase: str, setting: Setting) -> str:
    both = (setting, ablations.default_of(setting))
    one, other = (horizon(inputs, of, phase) for of in both)
    if one.censored and other.censored:  # two bounds that are the same say nothing
        return f"{one.n_censored} of {one.n} networks reach the beginning against {other.n_censored} of {other.n}"
    return f"{horizon_words(one)} against {horizon_words(other)} steps"


def _truncated(inputs: Inputs, beyond: bool) -> str:
    found = [
        s for s in ablations.settings_of(inputs, TRUNCATED) if beyond_window(s.task, s.variant, s.length) is beyond
    ]
    parts = []
    for task, length in dict.fromkeys((s.task, s.length) for s in found):
        own = [s for s in found if (s.task, s.length) == (task, length)]
        how = "solved" if inputs.solved_below(task) else "above chance" if counts_errors(inputs, task) else None
        if how is not None:
            of_each = listed(
                [
                    f"{_n_learned(inputs, s)} of {counted(len(inputs.runs_of(s)), 'seed')} of {the(s.cell)} "
                    f"({_n_learned(inputs, ablations.default_of(s))} with the whole gradient)"
                    for s in own
                ]
            )
            lag = TASKS[task].required_lag(length)
            parts.append(f"{short(task)} at {at_length(task, length)}, a lag of {lag}, {how} are {of_each}")
    if not parts:
        return ""
    steps = VARIANTS[TRUNCATED].window
    where = (
        f"Where the nearest evidence stands beyond the window of {steps} steps, no gradient leads back to it"
        if beyond
        else f"Where the nearest evidence stands inside the window of {steps} steps, a gradient leads back to it"
    )
    return f"{where}: on {'; on '.join(parts)}."


def _from_start(inputs: Inputs) -> list[Setting]:
    return ablations.every_setting(inputs, [name for name, group in GROUPS.items() if group.from_start])


def _n_learned(inputs: Inputs, setting: Setting) -> int:
    if inputs.solved_below(setting.task):
        return int(inputs.runs_of(setting).solved.eq(True).sum())
    return chance.n_above(inputs, setting)


def _n(verdicts: Iterable[int], sign: int) -> int:
    return list(verdicts).count(sign)


def _only(tasks: Sequence[str]) -> str:
    return f" on {listed([short(task) for task in tasks])}"


def _of_all(n: int, of: int) -> str:
    return "none" if not n else "each" if n == of else str(n)


def _place(setting: Setting) -> str:
    return f"on {short(setting.task)} at {at_length(setting.task, setting.length)}"
