"""What the gradients say: how much reaches the first step, how far it reaches, and what gates and slopes do to it."""

from __future__ import annotations

import math

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, INIT, PHASE_NAMES, TRAINED, quoted, variant_name
from reports.numbers import counted, listed, percent, power_of_ten, significant, whole
from reports.sentences.words import VANILLA, capital, on_task, the, when
from reports.statistics import Spread
from reports.summaries import Horizon, gradient_at_start, horizon, recurrent_matrix, score
from rnn.gradients.horizon import THRESHOLD


def size(log10: float) -> str:
    """Return a relative gradient as text."""
    return "exactly 0" if math.isinf(log10) else power_of_ten(log10)


def gates_against_vanilla(inputs: Inputs, phase: str) -> str:
    """Say for each gated cell on how many tasks more, or less, reaches the first step than in the vanilla cell."""
    parts, failed = [], []
    for cell in inputs.cells if VANILLA in inputs.cells else []:
        pairs = [(task, _of_cells(inputs, task, phase)) for task in inputs.tasks]
        both = [(task, s[cell], s[VANILLA]) for task, s in pairs if cell != VANILLA and cell in s and VANILLA in s]
        if not both:
            continue
        more = sum(gated.median > vanilla.median for _, gated, vanilla in both)
        less = sum(gated.median < vanilla.median for _, gated, vanilla in both)
        word, n = ("more", more) if more >= less else ("less", less)
        apart = sum(
            gated.low > vanilla.high if word == "more" else gated.high < vanilla.low for _, gated, vanilla in both
        )
        seeds = f" (intervals over seeds apart on {apart})" if n and len(inputs.seeds) > 1 else ""
        carries = f"keeps {word}" + (" of the gradient up to the first step than the vanilla RNN" if not parts else "")
        share = f"all {n} tasks" if n == len(both) > 1 else f"{n} of {counted(len(both), 'task')}"
        parts.append(f"{the(cell)} {carries} on {share}{seeds}")
        failed += [_failed(inputs, task, one) for task, _, _ in both for one in (VANILLA, cell)]
    if not parts:
        return ""
    said = f"{capital(when(phase))}, at the greatest lengths, {listed(parts)}."
    failures = list(dict.fromkeys(filter(None, failed)))
    return (
        f"{said} Some of these networks did not learn their task: {listed(failures)}."
        if (phase == TRAINED and failures)
        else said
    )


def most_and_least(inputs: Inputs, task: str, phase: str) -> str:
    """Say which cell carries most of the gradient to the first step, and which least."""
    found = {cell: s.median for cell, s in _of_cells(inputs, task, phase).items()}
    if len(found) < 2:
        return ""
    where = f"On {on_task(task, inputs.longest(task))}, {when(phase)},"
    ranked = sorted(found, key=lambda cell: found[cell])
    least, most = ranked[0], ranked[-1]
    if math.isinf(found[most]):
        return f"{where} exactly nothing of the gradient reaches the first step in any cell."
    if found[most] - found[least] < math.log10(2):
        return f"{where} the cells differ by less than a factor of two in what reaches the first step."
    left = "exactly nothing" if math.isinf(found[least]) else size(found[least])
    return (
        f"{where} {_named(inputs, most, task, phase)} keeps most of the gradient: {size(found[most])} of it reaches "
        f"the first step. {capital(_named(inputs, least, task, phase))} keeps least, {left}."
    )


def horizon_text(found: Horizon, length: int) -> str:
    """Return a horizon as a table shows it: a number, or a bound where it is censored."""
    if found.spread is None:
        return "undefined"
    if found.censored:
        return f"≥ {length}"
    low, high = found.spread.low, found.spread.high
    text = whole(found.spread.median)
    if low == high:
        return text
    return f"{text} ({whole(low)} to ≥ {length})" if math.isinf(high) else f"{text} ({whole(low)}–{whole(high)})"


def horizons(inputs: Inputs, task: str) -> str:
    """Say how far back each cell's loss reaches, before and after training."""
    length = inputs.longest(task)
    phases = []
    for phase in PHASE_NAMES:
        parts = []
        for cell in inputs.cells:
            found = horizon(inputs, Setting(task, cell, DEFAULT, length), phase)
            if found.spread:
                parts.append(f"{_bound(found, length)} in {_named(inputs, cell, task, phase)}")
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
            before, after = horizon(inputs, setting, INIT), horizon(inputs, setting, TRAINED)
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
    failed = [_failed(inputs, task, cell) for task in inputs.tasks for cell in inputs.cells]
    failures = f" Among them did not learn their task: {listed(list(filter(None, failed)))}." if any(failed) else ""
    return (
        f"Training made the median horizon longer in {longer} and shorter in {shorter} of "
        f"{counted(n, 'setting')} at the "
        f"greatest lengths{unchanged}{hidden}: the horizon of a network before and after training are "
        f"different quantities.{failures}"
    )


def activations(inputs: Inputs, cell: str, task: str, phase: str) -> str:
    """Say what reaches the first step under each variant of a cell, in falling order."""
    length = inputs.longest(task)
    found: dict[str, Spread] = {}
    for variant in inputs.variants(cell):
        s = gradient_at_start(inputs, Setting(task, cell, variant, length), phase)
        if s is not None:
            found[variant] = s
    if not found:
        return ""
    falling = sorted(found, key=lambda variant: -found[variant].median)
    parts = [f"{variant_name(cell, variant)} {size(found[variant].median)}" for variant in falling]
    return (
        f"On {on_task(task, length)}, {when(phase)}, what reaches the first step is, from most to "
        f"least: {', '.join(parts)}."
    )


def linear_grows(inputs: Inputs, task: str, phase: str) -> str:
    """Say whether the gradient grows or fades once the non-linearity is gone, beside the spectral radius."""
    setting = Setting(task, VANILLA, "linear", inputs.longest(task))
    s = gradient_at_start(inputs, setting, phase)
    radius = recurrent_matrix(inputs, setting, phase, "w_spectral_radius")
    norm = recurrent_matrix(inputs, setting, phase, "w_sigma_max")
    if s is None or radius is None or norm is None or math.isinf(s.median):
        return ""
    what = "grows" if s.median > 0 else "fades"
    expected = "above" if radius.median > 1 else "below"
    return (
        f"Without the non-linearity the gradient {what} on its way back ({when(phase)}, "
        f"{on_task(task, setting.length)}: "
        f"to {size(s.median)}); the median spectral radius of W_hh is {significant(radius.median)}, "
        f"{expected} 1, and its "
        f"largest singular value {significant(norm.median)}."
    )


def _bound(found: Horizon, length: int) -> str:
    return f"at least {length}" if found.censored or found.spread is None else whole(found.spread.median)


def _failed(inputs: Inputs, task: str, cell: str) -> str:
    """Return a cell and task where the task was not learned, else nothing."""
    s = score(inputs, Setting(task, cell, DEFAULT, inputs.longest(task)))
    return "" if s is None or s.learned else f"{the(cell)} on {quoted(task)}"


def _named(inputs: Inputs, cell: str, task: str, phase: str) -> str:
    """Return a cell's name; one trained without learning the task is marked as such."""
    failed = phase == TRAINED and _failed(inputs, task, cell)
    return f"{the(cell)} (which did not learn the task)" if failed else the(cell)


def _of_cells(inputs: Inputs, task: str, phase: str) -> dict[str, Spread]:
    found = {}
    for cell in inputs.cells:
        s = gradient_at_start(inputs, Setting(task, cell, DEFAULT, inputs.longest(task)), phase)
        if s is not None:
            found[cell] = s
    return found
