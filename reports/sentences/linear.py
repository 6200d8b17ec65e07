"""What is left without the non-linearity: the spectral radius in the long run, and what a matrix stretches before."""

from __future__ import annotations

from reports.factors import LINEAR, VANILLA, linear, linear_networks, longest_measured, stretch_by_lag, transients
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, INIT, at_length, cell_name, variant_name
from reports.numbers import counted, listed, significant


def radius_decides(inputs: Inputs, task: str) -> str:
    """Say how near exponents are to ln rho, and whether the side of 1 decides; empty without linear networks."""
    every = linear_networks(inputs, task)
    if every.empty:
        return ""
    length = int(every.length.max())
    found = linear(inputs, task, length)
    near = (
        f"In {counted(found.n, 'network')} the largest Lyapunov exponent and ln ρ(W_hh) differ by at most "
        f"{significant(found.apart, 2)} nats a step. "
        if found.apart is not None
        else ""
    )
    ends = sorted({min(found.off), max(found.off)})
    off = listed([f"{significant(found.off[n], 2)} nats at {at_length(task, n)}" for n in ends])
    nearer = f"From ln ρ the gradient’s growth is off by {off}, in the median. " if len(ends) > 1 else ""
    sides = [
        f"ρ is {side} 1 in {of.of}, and the gradient {does} in {of.n} of them"
        for side, does, of in (("above", "grows", found.grows), ("below", "fades", found.fades))
        if of.of
    ]
    draws = counted(found.grows.of + found.fades.of, "draw")
    at = f"At {at_length(task, length)}, of {draws}, {listed(sides)}." if sides else ""
    return f"{near}{nearer}{at}".strip()


def transient(inputs: Inputs, task: str) -> str:
    """Say which models stretch some direction in one step, which at the greatest lag, and whether rho tells it."""
    length = longest_measured(inputs, task)
    lines = {
        (variant_name(cell, variant) if cell == VANILLA else f"the {cell_name(cell)}"): stretch_by_lag(
            inputs, Setting(task, cell, variant, length), INIT
        )
        for cell, variant in inputs.models_on(task)
        if cell == VANILLA or variant == DEFAULT
    }
    lines = {name: line[line.lag > 0] for name, line in lines.items() if (line.lag > 0).any()}
    if not lines:
        return ""
    first = [name for name, line in lines.items() if line["median"].iloc[0] > 0]
    last = [name for name, line in lines.items() if line["median"].iloc[-1] > 0]
    lag = max(int(line.lag.iloc[-1]) for line in lines.values())
    said = (
        f"Its median is above 1 after one step for {_which(first, len(lines))}, after {lag} steps for "
        f"{_which(last, len(lines))}."
    )
    return f"{said} {_of_linear(inputs, task, length)}".strip()


def _which(names: list[str], of: int) -> str:
    if not names:
        return "no model"
    return f"all {of} models" if len(names) == of > 1 else listed(names)


def _of_linear(inputs: Inputs, task: str, length: int) -> str:
    if (VANILLA, LINEAR) not in inputs.models_on(task):
        return ""
    share, factor = transients(inputs, Setting(task, VANILLA, LINEAR, length))
    if not share.of:
        return ""
    draws = f"{counted(share.of, 'linear network')} with a spectral radius below 1"
    if not share.n:
        return f"Of {draws} none stretches any direction on the way: the radius tells all here."
    return (
        f"Of {draws}, whose gradient must vanish in the end, {share.n} stretch some direction first, at the most (in "
        f"the median) by a factor of {significant(factor, 2)}: that is the transient of a matrix that is not normal, "
        "and no radius tells it."
    )
