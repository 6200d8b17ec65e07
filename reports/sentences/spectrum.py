"""What Lyapunov exponents say: how fast nearby states come together or part."""

from __future__ import annotations

from reports.factors import largest_remainder_of_spectra
from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, PHASE_NAMES
from reports.numbers import counted, listed, significant, with_interval
from reports.sentences.words import capital, the, when
from reports.statistics import Spread
from reports.summaries import rate


def largest_exponents(inputs: Inputs, task: str) -> str:
    """Say the largest exponent of each cell, in both phases, and on which side of zero it is."""
    said = []
    for phase in PHASE_NAMES:
        found = _of_cells(inputs, task, phase, "lyapunov_max")
        if not found:
            continue
        parts = [f"{_interval(s)} in {the(cell)}" for cell, s in found.items()]
        said.append(f"{capital(when(phase))} the largest exponent is {listed(parts)}: {_sides(found)}.")
    return " ".join(said)


def means(inputs: Inputs, task: str) -> str:
    """Say the mean over all exponents of each cell: how fast a volume of states shrinks, a direction."""
    parts = []
    for phase in PHASE_NAMES:
        found = _of_cells(inputs, task, phase, "lyapunov_mean")
        if found:
            values = listed([f"{significant(s.median)} in {the(cell)}" for cell, s in found.items()])
            parts.append(f"{when(phase)} {values}")
    return f"The mean of all exponents is {'; '.join(parts)}." if parts else ""


def exact(inputs: Inputs) -> str:
    """Say over how many measurements the mean exponent is the sum of its parts, and how exactly."""
    n, worst = largest_remainder_of_spectra(inputs)
    if not n:
        return ""
    within = f"to within {significant(worst, 2)} nats" if worst else "without any remainder"
    return f"In the vanilla cells it splits into slopes and weights as well, in {counted(n, 'measurement')} {within}."


def _of_cells(inputs: Inputs, task: str, phase: str, column: str) -> dict[str, Spread]:
    settings = {cell: Setting(task, cell, DEFAULT, inputs.longest(task)) for cell in inputs.cells}
    found = {cell: rate(inputs, setting, phase, column) for cell, setting in settings.items()}
    return {cell: s for cell, s in found.items() if s is not None}


def _interval(s: Spread) -> str:
    return with_interval(s.median, s.low, s.high)


def _sides(found: dict[str, Spread]) -> str:
    """Say where nearby states come together and where they part, and where the interval does not tell."""
    below = [the(cell) for cell, s in found.items() if s.high < 0]
    above = [the(cell) for cell, s in found.items() if s.low > 0]
    unclear = [the(cell) for cell in found if the(cell) not in below + above]
    parts = [
        *([f"nearby states come together in {listed(below)}"] if below else []),
        *([f"they part in {listed(above)}" if below else f"nearby states part in {listed(above)}"] if above else []),
        *([f"the interval has both signs in {listed(unclear)}"] if unclear else []),
    ]
    return listed(parts)
