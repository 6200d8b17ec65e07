"""What is left without the non-linearity: the spectral radius in the long run, and what a matrix stretches before."""

from __future__ import annotations

from reports.factors import VANILLA, linear, linear_networks, stretch_by_lag, stretched, transients
from reports.inputs import Inputs, Setting
from reports.names import INIT, at_length, cell_name, variant_name
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


def stretching(inputs: Inputs, task: str) -> str:
    """Say which models stretch some direction in one step, and which of them still do at the greatest lag."""
    lines = {
        (variant_name(cell, variant) if cell == VANILLA else f"the {cell_name(cell)}"): stretch_by_lag(
            inputs, setting, INIT
        )
        for (cell, variant), setting in stretched(inputs, task).items()
    }
    lines = {name: line[line.lag > 0] for name, line in lines.items() if (line.lag > 0).any()}
    if not lines:
        return ""
    first = [name for name, line in lines.items() if line["median"].iloc[0] > 0]
    last = [name for name, line in lines.items() if line["median"].iloc[-1] > 0]
    lag = max(int(line.lag.iloc[-1]) for line in lines.values())
    still = "still, " if set(last) <= set(first) else ""
    only = " only" if 0 < len(last) < len(first) else ""
    return (
        f"Its median is above 1 after one step for {_which(first, len(lines))}; {still if last else ''}after {lag} "
        f"steps, for {_which(last, len(lines))}{only}."
    )


def _which(names: list[str], of: int) -> str:
    if not names:
        return "no model"
    return f"all {of} models" if len(names) == of > 1 else listed(names)


def transient(inputs: Inputs, setting: Setting) -> str:
    """Say how many linear networks with a spectral radius below 1 stretch some direction first, and how much."""
    share, factor = transients(inputs, setting)
    if not share.of:
        return ""
    if not share.n:
        return "None of them stretches any direction on the way: the radius tells all here."
    return (
        f"In the end their gradient must vanish, yet {share.n} of {share.of} stretch some direction first, at the most "
        f"(in the median) by a factor of {significant(factor, 2)}: that is the transient of a matrix that is not "
        "normal, and no radius tells it."
    )
