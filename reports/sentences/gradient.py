"""What the gradients say: how much reaches the first step, how far it reaches, and what gates and slopes do to it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, INIT, PHASE_NAMES, TRAINED, short, variant_name
from reports.numbers import counted, listed, percent, power_of_ten, significant, whole
from reports.sentences.words import VANILLA, capital, on_task, the, when
from reports.statistics import Spread
from reports.summaries import Horizon, equally_long, gradient_by_lag, gradient_furthest_back, horizon, rate, score
from reports.variants import compared_at, tasks_with
from rnn.gradients.horizon import THRESHOLD


def size(log10: float) -> str:
    """Return a relative gradient as text."""
    return "exactly 0" if math.isinf(log10) else power_of_ten(log10)


def gates_against_vanilla(inputs: Inputs, phase: str) -> str:
    """Say for each gated cell on how many tasks it keeps more, or less, of the gradient than the vanilla cell."""
    parts, tasks = [], set()
    for cell in _gated(inputs):
        both = _beside_vanilla(inputs, cell, phase)
        if not both:
            continue
        more = sum(gated.median > vanilla.median for gated, vanilla in both.values())
        less = sum(gated.median < vanilla.median for gated, vanilla in both.values())
        word, n = ("more", more) if more >= less else ("less", less)
        apart = sum(
            gated.low > vanilla.high if word == "more" else gated.high < vanilla.low for gated, vanilla in both.values()
        )
        seeds = f" (intervals over seeds apart on {apart})" if n and len(inputs.seeds) > 1 else ""
        carries = f"keeps {word}" + (f" of the gradient {_far(inputs)} than the vanilla RNN" if not parts else "")
        share = f"all {n} tasks" if n == len(both) > 1 else f"{n} of {counted(len(both), 'task')}"
        parts.append(f"{the(cell)} {carries} on {share}{seeds}")
        tasks |= set(both)
    if not parts:
        return ""
    said = f"{capital(when(phase))}, at the greatest lengths, {listed(parts)}."
    failures = _failures(inputs, [task for task in inputs.tasks if task in tasks]) if phase == TRAINED else ""
    return f"{said} Some of these networks did not learn their task: {failures}." if failures else said


def gates_in_short(inputs: Inputs) -> str:
    """Say on how many tasks each gated cell keeps more of the gradient than the vanilla cell, before and after."""
    parts = []
    for cell in _gated(inputs):
        before, after = (_beside_vanilla(inputs, cell, phase).values() for phase in (INIT, TRAINED))
        more = [sum(gated.median > vanilla.median for gated, vanilla in both) for both in (before, after)]
        keeps, tasks = ("", "") if parts else (" keeps more of the gradient than the vanilla RNN", " tasks")
        parts.append(
            f"{the(cell)}{keeps} on {more[0]} of {len(before)}{tasks} before and {more[1]} of {len(after)} after"
        )
    failed = " (networks that did not learn their task among them)" if _failures(inputs, inputs.tasks) else ""
    return f"At the greatest lengths {', '.join(parts)} training{failed}." if parts else ""


def not_learned(inputs: Inputs) -> str:
    """Say which cells did not learn which tasks at the greatest length; empty where all did."""
    failures = _failures(inputs, inputs.tasks)
    return f"Did not learn their task there: {failures}." if failures else ""


def decay(inputs: Inputs, task: str) -> str:
    """Say what each cell keeps of the gradient on one task, before and after training."""
    phases = []
    for phase in PHASE_NAMES:
        found = _of_cells(inputs, task, phase)
        parts = [f"{size(s.median)} in {_named(inputs, cell, task, phase)}" for cell, s in found.items()]
        if parts:
            phases.append(f"{when(phase)} {listed(parts)}")
    if not phases:
        return ""
    where = on_task(task, inputs.longest(task))
    return f"Of the last step’s gradient, on {where}, this share reaches {far_end(inputs, task)}: {'; '.join(phases)}."


def most_and_least(inputs: Inputs, task: str, phase: str) -> str:
    """Say which cell carries most of the gradient to the first step, and which least."""
    found = {cell: s.median for cell, s in _of_cells(inputs, task, phase).items()}
    if len(found) < 2:
        return ""
    where = f"On {on_task(task, inputs.longest(task))}, {when(phase)},"
    end = far_end(inputs, task)
    ranked = sorted(found, key=lambda cell: found[cell])
    least, most = ranked[0], ranked[-1]
    if math.isinf(found[most]):
        return f"{where} exactly nothing of the gradient reaches {end} in any cell."
    if found[most] - found[least] < math.log10(2):
        return f"{where} the cells differ by less than a factor of two in what reaches {end}."
    if phase == TRAINED and all(_failed(inputs, task, cell) for cell in found):
        return (
            f"{where} no cell learned the task, and none keeps more of the gradient up to {end} than "
            f"{size(found[most])}."
        )
    left = "exactly nothing" if math.isinf(found[least]) else size(found[least])
    return (
        f"{where} {_named(inputs, most, task, phase)} keeps most of the gradient: {size(found[most])} of it reaches "
        f"{end}. {capital(_named(inputs, least, task, phase))} keeps least, {left}."
    )


def far_end(inputs: Inputs, task: str, length: int | None = None) -> str:
    """Return how the greatest lag of a task at a length (at its greatest where none is given) is called."""
    if equally_long(inputs, task):
        return "the first step"
    at = inputs.longest(task) if length is None else length
    settings = [Setting(task, cell, DEFAULT, at) for cell in inputs.cells]
    lines = [gradient_by_lag(inputs, setting, phase) for setting in settings for phase in PHASE_NAMES]
    return f"lag {max(line.lag.max() for line in lines if len(line)):.0f}, the greatest that half of the sequences have"


def horizon_text(found: Horizon) -> str:
    """Return a horizon as a table shows it: a number, or a bound where it is censored."""
    if found.spread is None:
        return "undefined"
    if found.censored:
        return f"≥ {found.bound}"
    low, high = found.spread.low, found.spread.high
    text = whole(found.spread.median)
    if low == high:
        return text
    return f"{text} ({whole(low)} to ≥ {found.bound})" if math.isinf(high) else f"{text} ({whole(low)}–{whole(high)})"


def horizon_words(found: Horizon) -> str:
    """Return a median horizon as it stands in a sentence."""
    if found.spread is None:
        return "undefined"
    return f"at least {found.bound}" if found.censored else whole(found.spread.median)


def horizons(inputs: Inputs, task: str) -> str:
    """Say how far back each cell's loss reaches, before and after training."""
    length = inputs.longest(task)
    phases = []
    for phase in PHASE_NAMES:
        parts = []
        for cell in inputs.cells:
            found = horizon(inputs, Setting(task, cell, DEFAULT, length), phase)
            if found.spread:
                reach = f"at least {found.bound}" if found.censored else whole(found.spread.median)
                parts.append(f"{reach} in {_named(inputs, cell, task, phase)}")
        if parts:
            phases.append(f"{when(phase)} {listed(parts)}")
    if not phases:
        return ""
    return f"On {on_task(task, length)} its median over seeds, in steps, is {'; '.join(phases)}."


def what_horizon_is() -> str:
    """Say what a memory horizon is."""
    return f"The memory horizon is the first lag at which less than {percent(THRESHOLD)} of the gradient is left."


def without_gradient(inputs: Inputs) -> str:
    """Say how many measurements of a seed are left out of the medians of gradients."""
    missing = int(inputs.rates.horizon.isna().sum())
    which = f"{missing:,} of {counted(len(inputs.rates), 'measurement')}" if missing else "there is none here"
    return f"a seed without any gradient at lag 0 is left out of the medians of gradients ({which})"


def trained_against_initial(inputs: Inputs) -> str:
    """Say in how many settings training lengthened or shortened the horizon; where both are censored it is unknown."""
    longer = shorter = same = unknown = 0
    for task in inputs.tasks:
        for cell in inputs.cells:
            setting = Setting(task, cell, DEFAULT, inputs.longest(task))
            before = horizon(inputs, setting, INIT, trained_seeds=True)
            after = horizon(inputs, setting, TRAINED)
            if before.spread is None or after.spread is None or (before.censored and after.censored):
                unknown += 1
            else:
                longer += after.spread.median > before.spread.median
                shorter += after.spread.median < before.spread.median
                same += after.spread.median == before.spread.median
    n = longer + shorter + same
    if not n:
        return "Whether training lengthens the horizon cannot be said: at no greatest length is it known on both sides."
    unchanged = f", left it as it was in {same}" if same else ""
    hidden = f"; in {unknown} the sequence is too short to tell, or it is undefined" if unknown else ""
    failures = _failures(inputs, inputs.tasks)
    said = f" Among them did not learn their task: {failures}." if failures else ""
    return (
        f"Training made the median horizon of the trained seeds longer in {longer} and shorter in {shorter} of "
        f"{counted(n, 'setting')} at the greatest lengths{unchanged}{hidden}: the horizons of a network before "
        f"and after training are different quantities.{said}"
    )


def ranked(inputs: Inputs, cell: str, variants: Sequence[str], task: str, length: int, phase: str) -> str:
    """Say what reaches the first step under each of some variants of a cell, in falling order."""
    found = _of_variants(inputs, cell, variants, task, length, phase)
    if not found:
        return ""
    falling = sorted(found, key=lambda variant: -found[variant].median)
    parts = [f"{variant_name(cell, variant)} {size(found[variant].median)}" for variant in falling]
    failed = [
        variant_name(cell, v) for v in falling if phase == TRAINED and not _learned(inputs, task, cell, v, length)
    ]
    not_learned = f"; did not learn the task: {listed(failed)}" if failed else ""
    return (
        f"On {on_task(task, length)}, {when(phase)}, what reaches {far_end(inputs, task, length)} is, from most to "
        f"least: {', '.join(parts)}{not_learned}."
    )


def variants_against_default(inputs: Inputs, cell: str) -> str:
    """Say how many variants of a cell keep more, or less, of the gradient than its default, and which most and least.

    All are compared on one task at the length at which most of them were trained; empty where a cell has no variants.
    """
    variants = inputs.variants(cell)
    tasks = tasks_with(inputs, cell, variants)
    if not tasks:
        return ""
    task = inputs.example(tasks)
    length = compared_at(inputs, task, cell, variants)
    said = []
    for phase in PHASE_NAMES:
        found = _of_variants(inputs, cell, variants, task, length, phase)
        default = found.pop(DEFAULT, None)
        if default is None or not found:
            continue
        more = sum(s.median > default.median for s in found.values())
        less = sum(s.median < default.median for s in found.values())
        rising = sorted(found, key=lambda variant: found[variant].median)
        ends = [f"{variant_name(cell, v)} ({size(found[v].median)})" for v in (rising[-1], rising[0])]
        most = f" (most reaches it with {ends[0]}, least with {ends[1]})" if more + less and len(found) > 1 else ""
        keep = (
            f"let more of the gradient reach {far_end(inputs, task, length)} than the default" if not said else "more"
        )
        said.append(f"{when(phase)} {more} {keep}, {size(default.median)}, and {less} less{most}")
    if not said:
        return ""
    others = len([v for v in variants if v != DEFAULT and length in inputs.trained_at(task, cell, v)])
    return f"Of {counted(others, 'variant')} of {the(cell)} on {on_task(task, length)}, {'; '.join(said)}."


def linear_grows(inputs: Inputs, phase: str) -> str:
    """Say whether the gradient grows or fades once the non-linearity is gone, beside the spectral radius."""
    tasks = [task for task in inputs.tasks if (VANILLA, "linear") in inputs.models_on(task)]
    if not tasks:
        return ""
    task = inputs.example(tasks)
    setting = Setting(task, VANILLA, "linear", inputs.trained_at(task, VANILLA, "linear")[-1])
    s = gradient_furthest_back(inputs, setting, phase)
    radius = rate(inputs, setting, phase, "w_spectral_radius")
    norm = rate(inputs, setting, phase, "w_sigma_max")
    if s is None or radius is None or norm is None or math.isinf(s.median):
        return ""
    what = "grows" if s.median > 0 else "fades"
    expected = "above" if radius.median > 1 else "below"
    return (
        f"Without the non-linearity the gradient {what} on its way back ({when(phase)}, "
        f"{on_task(task, setting.length)}: to {size(s.median)}); the median spectral radius of W_hh is "
        f"{significant(radius.median)}, {expected} 1, and its largest singular value {significant(norm.median)}."
    )


def _gated(inputs: Inputs) -> list[str]:
    """Return the cells that the vanilla cell is compared with; none where it was not trained."""
    return [cell for cell in inputs.cells if cell != VANILLA] if VANILLA in inputs.cells else []


def _beside_vanilla(inputs: Inputs, cell: str, phase: str) -> dict[str, tuple[Spread, Spread]]:
    """Return by task what a cell and the vanilla cell keep of the gradient, where both are known."""
    found = {task: _of_cells(inputs, task, phase) for task in inputs.tasks}
    return {task: (s[cell], s[VANILLA]) for task, s in found.items() if cell in s and VANILLA in s}


def _far(inputs: Inputs) -> str:
    """Return how far a gradient is followed on all tasks together."""
    every = all(equally_long(inputs, task) for task in inputs.tasks)
    return "up to the first step" if every else "up to the greatest lag"


def _failed(inputs: Inputs, task: str, cell: str) -> bool:
    """Say whether a cell did not learn a task at its greatest length."""
    return not _learned(inputs, task, cell, DEFAULT, inputs.longest(task))


def _learned(inputs: Inputs, task: str, cell: str, variant: str, length: int) -> bool:
    """Say whether a model learned a task at a length, or was not trained there."""
    s = score(inputs, Setting(task, cell, variant, length))
    return s is None or s.learned


def _failures(inputs: Inputs, tasks: Sequence[str]) -> str:
    """Return which cells did not learn which tasks at the greatest length; empty where all did."""
    failed = {cell: [short(task) for task in tasks if _failed(inputs, task, cell)] for cell in inputs.cells}
    return "; ".join(f"{the(cell)} on {listed(names)}" for cell, names in failed.items() if names)


def _named(inputs: Inputs, cell: str, task: str, phase: str) -> str:
    """Return a cell's name; one trained without learning the task is marked as such."""
    failed = phase == TRAINED and _failed(inputs, task, cell)
    return f"{the(cell)} (which did not learn the task)" if failed else the(cell)


def _of_variants(
    inputs: Inputs, cell: str, variants: Sequence[str], task: str, length: int, phase: str
) -> dict[str, Spread]:
    found = {v: gradient_furthest_back(inputs, Setting(task, cell, v, length), phase) for v in variants}
    return {variant: s for variant, s in found.items() if s is not None}


def _of_cells(inputs: Inputs, task: str, phase: str) -> dict[str, Spread]:
    found = {}
    for cell in inputs.cells:
        s = gradient_furthest_back(inputs, Setting(task, cell, DEFAULT, inputs.longest(task)), phase)
        if s is not None:
            found[cell] = s
    return found
