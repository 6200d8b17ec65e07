"""What the gradients say: how much reaches the first step, how far it reaches, and what gates and slopes do to it."""

from __future__ import annotations

import math

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, INIT, PHASE_NAMES, TRAINED, quoted, variant_name
from reports.numbers import counted, listed, power_of_ten, significant, whole
from reports.sentences.words import VANILLA, capital, on_task, the
from reports.statistics import Spread
from reports.summaries import Horizon, gradient_at_start, horizon, recurrent_matrix


def size(log10: float) -> str:
    """Return a relative gradient as text."""
    return "exactly 0" if math.isinf(log10) else power_of_ten(log10)


def reach(inputs: Inputs, task: str, phase: str) -> str:
    """Say what share of the gradient reaches the first step, cell by cell."""
    length = inputs.longest(task)
    found = _of_cells(inputs, task, phase)
    if not found:
        return f"On {on_task(task, length)} no gradient could be measured {PHASE_NAMES[phase]}."
    parts = [f"{size(s.median)} in {the(cell)}" for cell, s in found.items()]
    return (
        f"On {on_task(task, length)}, {PHASE_NAMES[phase]}, the gradient at the first step is, relative to "
        f"the last step, "
        f"{listed(parts)}."
    )


def gates_against_vanilla(inputs: Inputs, phase: str) -> str:
    """Say for each gated cell on how many tasks more reaches the first step than in the vanilla cell."""
    gated = [cell for cell in inputs.cells if cell != VANILLA]
    if VANILLA not in inputs.cells or not gated:
        return ""
    parts = []
    for cell in gated:
        more, apart, n = 0, 0, 0
        for task in inputs.tasks:
            found = _of_cells(inputs, task, phase)
            if VANILLA in found and cell in found:
                n += 1
                more += found[cell].median > found[VANILLA].median
                apart += found[cell].low > found[VANILLA].high
        if n:
            seeds = f", with intervals over seeds apart on {apart}" if more and len(inputs.seeds) > 1 else ""
            parts.append(f"{the(cell)} does on {more} of {counted(n, 'task')}{seeds}")
    if not parts:
        return ""
    return (
        f"Which keeps more of the gradient up to the first step than the vanilla RNN ({PHASE_NAMES[phase]}, "
        f"at the greatest "
        f"lengths)? {capital('; '.join(parts))}."
    )


def most_and_least(inputs: Inputs, task: str, phase: str) -> str:
    """Say which cell carries the gradient furthest, and by how much."""
    found = {cell: s.median for cell, s in _of_cells(inputs, task, phase).items()}
    if len(found) < 2:
        return ""
    ranked = sorted(found, key=lambda cell: found[cell])
    least, most = ranked[0], ranked[-1]
    if math.isinf(found[least]):
        return f"{capital(the(most))} carries the most of it back; in {the(least)} nothing is left."
    difference = found[most] - found[least]
    if difference < math.log10(2):
        return f"The cells differ by less than a factor of two on {quoted(task)}."
    return (
        f"{capital(the(most))} carries the most of it back, {power_of_ten(difference)} times as much as {the(least)}, "
        f"which carries the least."
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
    parts = []
    for cell in inputs.cells:
        setting = Setting(task, cell, DEFAULT, length)
        before, after = horizon(inputs, setting, INIT), horizon(inputs, setting, TRAINED)
        if before.spread and after.spread:
            parts.append(f"{the(cell)} {_bound(before, length)} and {_bound(after, length)}")
    if not parts:
        return ""
    return (
        f"On {on_task(task, length)} the median memory horizon, the first lag with less than 1 % of the "
        f"gradient, is at "
        f"initialisation and trained: {'; '.join(parts)} (steps)."
    )


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
    return (
        f"Training made the median horizon longer in {longer} and shorter in {shorter} of "
        f"{counted(n, 'setting')} at the "
        f"greatest lengths{unchanged}{hidden}: the horizon of a network before and after training are "
        f"different quantities."
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
        f"On {on_task(task, length)}, {PHASE_NAMES[phase]}, what reaches the first step is, from most to "
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
        f"Without the non-linearity the gradient {what} on its way back ({PHASE_NAMES[phase]}, "
        f"{on_task(task, setting.length)}: "
        f"to {size(s.median)}); the median spectral radius of W_hh is {significant(radius.median)}, "
        f"{expected} 1, and its "
        f"largest singular value {significant(norm.median)}."
    )


def _bound(found: Horizon, length: int) -> str:
    return f"≥ {length}" if found.censored or found.spread is None else whole(found.spread.median)


def _of_cells(inputs: Inputs, task: str, phase: str) -> dict[str, Spread]:
    found = {}
    for cell in inputs.cells:
        s = gradient_at_start(inputs, Setting(task, cell, DEFAULT, inputs.longest(task)), phase)
        if s is not None:
            found[cell] = s
    return found
