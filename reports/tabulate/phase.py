"""Exponents of random networks beside the theory, and where they change their sign, by size."""

from __future__ import annotations

from reports import diagram
from reports.diagram import ERRORS, PER_SIZE
from reports.inputs import Inputs
from reports.numbers import MINUS, counted
from reports.sentences.phase import kind_name, known, onset_text
from reports.sentences.words import origin
from reports.tabulate.tabulation import NOTHING, Tabulation, frozen


def theory(inputs: Inputs) -> Tabulation | None:
    """Tabulate the mean exponents of the settings whose values are known; None where there is none."""
    found = known(inputs)
    if not found:
        return None
    sizes = sorted({size for _, _, size in found})
    rows = []
    for gain, noise in dict.fromkeys((gain, noise) for gain, noise, _ in found):
        means = [found.get((gain, noise, size)) for size in sizes]
        right = next(mean.theory for mean in means if mean is not None)
        cells = [NOTHING if mean is None else f"{_plain(mean.value)} ± {mean.allowed:.4f}" for mean in means]
        rows.append([f"{gain:g}", f"{noise:g}", _plain(right), *cells])
    n = counted(max(mean.n for mean in found.values()), "draw")
    return Tabulation(
        name="phase-theory",
        caption="Largest Lyapunov exponents of tanh networks in nats a step, at gains and noise variances whose values "
        f"are known: for infinitely many units, and means of {n} of N units, ± the band in which the theory must lie: "
        f"{PER_SIZE:g}/N and {ERRORS} standard errors; bold where it does.",
        header=("gain", "noise", "theory", *(f"N = {size:,}" for size in sizes)),
        rows=frozen(rows),
        provenance=origin(inputs, "phase", 0, sum(mean.n for mean in found.values())),
        n_labels=2,
        emphasised=tuple(
            (i, 3 + j)
            for i, (gain, noise) in enumerate(dict.fromkeys((gain, noise) for gain, noise, _ in found))
            for j, size in enumerate(sizes)
            if (mean := found.get((gain, noise, size))) is not None and mean.agrees
        ),
    )


def onsets(inputs: Inputs) -> Tabulation | None:
    """Tabulate where median exponents change their sign, beside the bound and the theory; None without networks."""
    kinds = diagram.random_kinds(inputs)
    if not kinds:
        return None
    sizes = sorted({size for kind in kinds for size in diagram.sizes(inputs, kind)})
    return Tabulation(
        name="phase-onsets",
        caption="The gain beyond which the gradient of random networks grows. The bound: below it the largest singular "
        "value of the weights (of many units) is below 1 / max f', and the gradient must fade; 1 / max f': the onset "
        "if every slope were the largest; theory: the onset for infinitely many units; then where the median exponent "
        "of networks of N units changes its sign, between two gains that were measured.",
        header=("activation", "bound", "1 / max f'", "theory", *(f"N = {size:,}" for size in sizes)),
        rows=frozen(
            [
                [
                    kind_name(kind),
                    f"{kind.bound:g}",
                    f"{kind.limit:g}",
                    onset_text(kind.onset),
                    *(onset_text(diagram.measured_onset(inputs, kind, size)) for size in sizes),
                ]
                for kind in kinds
            ]
        ),
        provenance=origin(inputs, "phase", 0, diagram.n_networks(inputs, kinds)),
    )


def _plain(value: float) -> str:
    return f"{value:.4f}".replace("-", MINUS)
