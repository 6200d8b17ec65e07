"""What the phase diagrams say: where gradients of random networks turn from fading to growing, and what gates do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from reports import diagram
from reports.diagram import ERRORS, PER_SIZE, Kind, Mean
from reports.inputs import Inputs
from reports.names import GATES, variant_name
from reports.numbers import MINUS, counted, listed, power_of_ten, significant
from reports.sentences.factors import nats
from reports.sentences.words import VANILLA, capital, the
from rnn.reference.chaos import LARGE_NETWORKS


def kind_name(kind: Kind) -> str:
    """Return what the networks of a kind are called beside others."""
    name = variant_name(VANILLA, kind.activation)
    return f"{name}, noise {kind.noise:g}" if kind.noise else name


def onset_text(gain: float | None) -> str:
    """Return a gain at which something turns."""
    return "–" if gain is None else significant(gain)


def bias_text(bias: float) -> str:
    """Return a bias with the minus sign of print."""
    return f"{bias:g}".replace("-", MINUS)


def boundary(inputs: Inputs, size: int) -> str:
    """Say at which gain exponents of one size change their sign, beside the theory."""
    parts = [
        f"{onset_text(measured)} with {kind_name(kind)} (theory {onset_text(kind.onset)})"
        for kind in diagram.silent_kinds(inputs)
        if (measured := diagram.measured_onset(inputs, kind, size)) is not None
    ]
    return (
        f"In networks of {size:,} units the gradient turns from fading to growing at a gain of {listed(parts)}."
        if parts
        else ""
    )


def bound(inputs: Inputs, size: int) -> str:
    """Say what networks below the bound do, and what those above it and below the onset."""
    kinds = diagram.silent_kinds(inputs)
    said = []
    for where, found in (
        ("below the bound the gradient fades", [diagram.fading(inputs, k, size, 0, k.bound) for k in kinds]),
        ("between bound and onset it fades", [diagram.fading(inputs, k, size, k.bound, k.onset) for k in kinds]),
    ):
        of = sum(n for _, n in found)
        if of:
            said.append(f"{where} in {sum(n for n, _ in found)} of {counted(of, 'network')}")
    return f"{capital(listed(said))}." if said else ""


def far(inputs: Inputs) -> str:
    """Say where the onset is furthest from the bound."""
    kinds = diagram.silent_kinds(inputs)
    if not kinds:
        return ""
    furthest = max(kinds, key=lambda kind: kind.onset / kind.bound)
    return (
        f"The two are furthest apart with {kind_name(furthest)}: the bound is reached at a gain of {furthest.bound:g}, "
        f"the gradient would begin to grow at {furthest.limit:g} if every slope were the largest, and theory puts the "
        f"onset at {onset_text(furthest.onset)}."
    )


def noise_moves(inputs: Inputs) -> str:
    """Say where the onset is for each variance of the noise; empty where no noise was added."""
    kinds = [kind for kind in diagram.random_kinds(inputs) if kind.activation == "tanh"]
    if len(kinds) < 2:
        return ""
    size = diagram.sizes(inputs, kinds[0])[-1]
    onsets = [diagram.measured_onset(inputs, kind, size) for kind in kinds]
    parts = [
        f"{onset_text(onset)} at a variance of {kind.noise:g} (theory {onset_text(kind.onset)})"
        for kind, onset in zip(kinds, onsets, strict=True)
    ]
    rises = all(a is not None and b is not None and a < b for a, b in pairwise(onsets))
    verdict = "Noise steadies" if rises else "Noise moves the onset"
    return f"{verdict}: in tanh networks of {size:,} units the gradient begins to grow at {listed(parts)}."


def agreement(inputs: Inputs) -> str:
    """Say how far mean exponents of the published settings are from the theory, by size, and how many agree."""
    found = known(inputs)
    if not found:
        return ""
    sizes = sorted({size for _, _, size in found})
    worst = [max(abs(mean.off) for (_, _, of), mean in found.items() if of == size) for size in sizes]
    off = [f"{significant(most, 2)} at N = {size:,}" for most, size in zip(worst, sizes, strict=True)]
    misses = [
        f"gain {gain:g} with noise {noise:g} at N = {size:,}"
        for (gain, noise, size), mean in found.items()
        if not mean.agrees
    ]
    n = counted(max(mean.n for mean in found.values()), "draw")
    allowed = f"Within {PER_SIZE:g}/N and {ERRORS} standard errors of the theory"
    verdict = (
        f"{allowed} {'is' if len(found) == 1 else 'are'} {len(found) - len(misses)} of {counted(len(found), 'mean')}"
    )
    settings = counted(len({key[:2] for key in found}), "setting")
    return (
        f"In the {settings} whose exponents are known, means of {n} are off by at most {listed(off)} nats a step. "
        f"{verdict}{f'; not {listed(misses)}' if misses else ''}."
    )


def known(inputs: Inputs) -> dict[tuple[float, float, int], Mean]:
    """Return the mean exponents of tanh networks whose values are known, by gain, noise variance and size."""
    found = {}
    for gain, noise in LARGE_NETWORKS:
        kind = Kind("tanh", noise)
        for size in diagram.sizes(inputs, kind):
            mean = diagram.mean(inputs, kind, gain, size)
            if mean is not None:
                found[gain, noise, size] = mean
    return found


def furthest(inputs: Inputs, size: int) -> str:
    """Say how small and how large the gradient has become at the greatest lag."""
    ends = []
    for kind in diagram.silent_kinds(inputs):
        norms = diagram.norms(inputs, kind, size)
        last = norms[norms.lag == norms.lag.max()]
        ends += [(float(row.median), kind, float(row.gain), int(row.lag)) for row in last.itertuples()]
    ends = [end for end in ends if np.isfinite(end[0])]
    if not ends:
        return ""
    least, most = min(ends, key=lambda end: end[0]), max(ends, key=lambda end: end[0])
    return (
        f"After {least[3]} steps back {power_of_ten(least[0])} of it is left with {kind_name(least[1])} at a gain of "
        f"{least[2]:g}, and {power_of_ten(most[0])} times as much has come of it with {kind_name(most[1])} at "
        f"{most[2]:g}."
    )


def gates(inputs: Inputs) -> list[str]:
    """Say what the exponents of the gated cells do between the lowest and the highest bias, cell by cell."""
    return [said for kind in diagram.gated_kinds(inputs) if (said := _of_gate(inputs, kind))]


def _of_gate(inputs: Inputs, kind: Kind) -> str:
    (size,) = diagram.sizes(inputs, kind)
    found = diagram.exponents(inputs, kind, size)
    low, high = found.iloc[0], found.iloc[-1]
    alone = [float(-np.log1p(np.exp(-row.gain))) for row in (low, high)]
    rises = (found["median"].diff().dropna() > 0).all()
    growing = found.gain[found.low > 0]
    return (
        f"In {the(kind.activation)} the largest exponent is {nats(low['median'])} at a {GATES[kind.activation]} bias "
        f"of {bias_text(low.gain)} and {nats(high['median'])} at {bias_text(high.gain)}, where the gate alone would "
        f"give {nats(alone[0])} and {nats(alone[1])}; it {'rises' if rises else 'does not rise'} with every step of "
        f"the bias, and {_grows(growing.tolist(), len(found))}."
    )


def _grows(biases: Sequence[float], of: int) -> str:
    """Say at which biases all of the interval is above zero."""
    if not biases:
        return "its interval is above zero at no bias"
    where = "every bias" if len(biases) == of else listed([bias_text(bias) for bias in biases])
    return f"its interval is above zero at {where}: there the untrained cell lets the gradient grow"
