"""What the two factors of the formula cost, and that a number of W_hh alone is not the gradient."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from reports.factors import VANILLA, above_exponent, largest_remainder, predicted, slopes_cost_more
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, INIT, PHASE_NAMES, TRAINED, at_length, quoted
from reports.numbers import MINUS, counted, listed, significant
from reports.sentences.gradient import size
from reports.sentences.words import capital, on_task, the, when
from reports.summaries import gradient_by_lag, rate

NOTHING = 5e-4  # nats a step: less than the last digit that is printed
CLOSE = math.log10(2)
MATRIX = {"ρ": "w_spectral_radius", "σ_max": "w_sigma_max"}  # of W_hh, by symbol


def nats(value: float) -> str:
    """Return a rate with three decimals at most, so that the rates of one table can be added."""
    if math.isinf(value):
        return f"{MINUS}∞"
    return "0" if abs(value) < NOTHING else significant(value, 3 if abs(value) >= 0.1 else 2)


def log_of(value: float) -> float:
    """Return the natural logarithm of a size; minus infinity of zero."""
    return math.log(value) if value > 0 else -math.inf


def a_step(rate_: float) -> str:
    """Return what a rate does in one step, in per cent."""
    change = 100 * math.expm1(rate_)
    return f"{significant(abs(change), 2)} % {'more' if change > 0 else 'less'} with every step"


def costs(inputs: Inputs, task: str, phase: str) -> str:
    """Say how the vanilla cell's gradient changes a step, what slopes and weights have in it, and which costs more."""
    setting = Setting(task, VANILLA, DEFAULT, inputs.longest(task))
    total, slopes, weights = (rate(inputs, setting, phase, f"rate_{part}") for part in ("total", "slopes", "weights"))
    if total is None or slopes is None or weights is None:
        return ""
    n = slopes_cost_more(inputs, setting, phase)
    networks = counted(n.of, "draw" if phase == INIT else "seed")
    more = _more(n.n, n.of)
    if max(slopes.median, weights.median) == 0 == min(slopes.median, weights.median):
        verdict = "neither costs anything"
    elif more:
        verdict = f"the {more} cost more, in {n.n if more == 'slopes' else n.of - n.n} of {networks}"
    else:
        verdict = f"neither costs more in most of {networks}"
    return (
        f"{capital(when(phase))}, on {on_task(task, setting.length)}, the gradient of {the(VANILLA)} changes by "
        f"{nats(total.median)} nats a step ({a_step(total.median)}): the slopes {_effect(slopes.median)}, the weights "
        f"{_effect(weights.median)}; {verdict}."
    )


def costs_in_short(inputs: Inputs, task: str) -> str:
    """Say what each factor costs the vanilla cell before and after training; empty where it was not trained."""
    setting = Setting(task, VANILLA, DEFAULT, inputs.longest(task))
    parts = []
    for phase in PHASE_NAMES:
        found = {part: rate(inputs, setting, phase, f"rate_{part}") for part in ("slopes", "weights")}
        known = [f"{part} {_effect(s.median)}" for part, s in found.items() if s is not None]
        if len(known) == len(found):
            parts.append(f"{when(phase)} {listed(known)}")
    return f"In the vanilla RNN, in nats a step, {'; '.join(parts)}." if parts else ""


def alone(inputs: Inputs, task: str, phase: str) -> str:
    """Say what each factor would cost without the other, as counterfactuals."""
    setting = Setting(task, VANILLA, DEFAULT, inputs.longest(task))
    polar, unit = (rate(inputs, setting, phase, column) for column in ("polar_slopes", "unit_slopes_weights"))
    if polar is None or unit is None:
        return ""
    return (
        f"Each alone, {when(phase)}, along the same states: with W_hh replaced by the nearest orthogonal matrix, which "
        f"keeps every length, the slopes would change the gradient by {nats(polar.median)} nats a step; with every "
        f"slope set to 1 the weights would change it by {nats(unit.median)}."
    )


def exact(inputs: Inputs) -> str:
    """Say over how many measurements slopes and weights add up, and how exactly; empty where none has both."""
    n, worst = largest_remainder(inputs)
    if not n:
        return ""
    within = f"to within {significant(worst, 2)} nats" if worst else "without any remainder"
    return f"In all {n:,} measurements of vanilla cells they add up to the whole {within}."


def beside_exponent(inputs: Inputs, task: str, phase: str) -> str:
    """Say how the total differs from the largest Lyapunov exponent at every length; empty where none was measured."""
    found = {
        length: difference
        for length in inputs.measured_lengths(task)
        if (difference := above_exponent(inputs, Setting(task, VANILLA, DEFAULT, length), phase)) is not None
    }
    if not found:
        return ""
    networks = "draw" if phase == INIT else "seed"
    parts = [
        f"{nats(median)} at {at_length(task, length)} (above 0 in {share.n} of {counted(share.of, networks)})"
        for length, (share, median) in found.items()
    ]
    sizes = [abs(median) for _, median in found.values()]
    shrinks = len(sizes) > 1 and all(later < earlier for earlier, later in pairwise(sizes))
    where = f"{capital(when(phase))}, on {quoted(task)} in {the(VANILLA)}"
    said = f"{where}, total minus λ_max is in the median {listed(parts)} nats a step"
    return f"{said}{'; the longer the sequence, the smaller the difference' if shrinks else ''}."


def not_the_gradient(inputs: Inputs, task: str) -> list[str]:
    """Say what spectral radius and norm of W_hh alone would predict, what was measured, and whether they agree."""
    setting = Setting(task, VANILLA, DEFAULT, inputs.longest(task))
    said, near = [], []
    for phase in PHASE_NAMES:
        line = gradient_by_lag(inputs, setting, phase)
        if line.empty:
            continue
        lag, measured = int(line.lag.iloc[-1]), float(line["median"].iloc[-1])
        powers = {name: predicted(inputs, setting, phase, column, lag) for name, column in MATRIX.items()}
        given = {name: log10 for name, log10 in powers.items() if log10 is not None}
        if len(given) < len(powers) or math.isinf(measured):
            continue
        radius, norm = (f"powers of {name} alone would give {size(log10)} times" for name, log10 in given.items())
        off = {name: log10 - measured for name, log10 in given.items()}
        said.append(
            f"{capital(when(phase))}, at lag {lag}, {_left(measured)}; {radius} that of lag 0, {norm}: "
            f"{_too_much(list(off.values()))}."
        )
        near += [f"{name} {when(phase)}" for name, log10 in off.items() if abs(log10) < CLOSE]
    if not said:
        return []
    verdict = f"Within a factor of two of it there is only {listed(near)}." if near else "Neither is the gradient."
    return [*said, verdict]


def phases(inputs: Inputs, task: str) -> list[str]:
    """Return, for each phase, all that is said of the two factors."""
    said = []
    for phase in (INIT, TRAINED):
        parts = [costs(inputs, task, phase), alone(inputs, task, phase)]
        said.append(" ".join(filter(None, parts)))
    return said


def _left(log10: float) -> str:
    """Return what is left of the gradient, or how much it has grown."""
    if log10 > 0:
        return f"the gradient is {size(log10)} times that of lag 0"
    return f"{size(log10)} of the gradient of lag 0 is left"


def _too_much(off: Sequence[float]) -> str:
    """Return by which factors predictions are off, given in powers of ten."""
    signs = {log10 > 0 for log10 in off}
    factors = [size(abs(log10)) for log10 in off]
    if len(signs) == 1:
        return f"too {_much(off[0])} by factors of {listed(factors)}"
    return listed([f"too {_much(log10)} by a factor of {by}" for log10, by in zip(off, factors, strict=True)])


def _much(off: float) -> str:
    return "much" if off > 0 else "little"


def _more(n_slopes: int, of: int) -> str:
    if 2 * n_slopes > of:
        return "slopes"
    return "weights" if 2 * n_slopes < of else ""


def _effect(value: float) -> str:
    if abs(value) < NOTHING:
        return "change nothing"
    return f"take {nats(-value)}" if value < 0 else f"give {nats(value)} back"
