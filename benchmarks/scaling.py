"""How does the cost of a training step grow with T, H, S and B, and what does a vanished gradient cost?

    python -m benchmarks.scaling

Exponents are slopes of log time against log size around H = 64, T = 200, S = 5, B = 32. The vanished vanilla RNN is the
same network with its recurrent matrix halved: dL/dh_t is exactly zero in float32 for all but the last steps.
"""

import sys
from dataclasses import asdict, replace

import numpy as np

from benchmarks.files import Row, write
from benchmarks.fits import exponent
from benchmarks.problem import Ours, Problem, Setting
from benchmarks.process import ISA, isolated
from benchmarks.timing import interleaved

CLAIM = "scaling"
SIZES = {
    "steps": (50, 100, 200, 400, 800),
    "hidden": (16, 32, 64, 128, 256),
    "seeds": (1, 2, 4, 8, 16),
    "batch": (8, 16, 32, 64, 128),
}
SYMBOLS = {"steps": "T", "hidden": "H", "seeds": "S", "batch": "B"}
VANISHED = Setting("rnn", steps=1000)
TARGET_VANISHED = 2.0


def scaling(cell: str, factor: str) -> list[Row]:
    """Time a cell at all sizes of one factor."""
    settings = [replace(Setting(cell), **{factor: size}) for size in SIZES[factor]]
    times = interleaved({str(setting): Ours(Problem(setting)).step for setting in settings})
    middle, low, high = exponent(SIZES[factor], [float(np.median(timing.cpu)) for timing in times.values()])
    print(f"{cell}: {SYMBOLS[factor]}^{middle:.2f} ({low:.2f} to {high:.2f})", flush=True)
    quantity = f"CPU time by {SYMBOLS[factor]}"
    return [
        Row(CLAIM, f"exponent of {SYMBOLS[factor]}", "", middle, low, high, cell=cell),
        *(
            Row.of_rounds(CLAIM, quantity, "ms", 1e3 * timing.cpu, **asdict(setting))
            for setting, timing in zip(settings, times.values(), strict=True)
        ),
    ]


def vanished() -> list[Row]:
    """Time the same network with a gradient that vanishes and one that does not."""
    alive, gone = Ours(Problem(VANISHED)), Ours(Problem(VANISHED, gain=0.5))
    if alive.share_vanished() or gone.share_vanished() < 1:
        raise ValueError("The gradient of one network must vanish, that of the other must not.")
    times = interleaved({"alive": alive.step, "gone": gone.step})
    ratio = times["gone"].ratio(times["alive"])
    size = asdict(VANISHED)
    row = Row.of_rounds(CLAIM, "vanished: times as fast", "", ratio, target=TARGET_VANISHED, **size)
    print(f"{VANISHED}, vanished: {row.value:.2f} times as fast, target {TARGET_VANISHED}: {row.verdict}")
    return [row, Row.of_rounds(CLAIM, "vanished: CPU time", "ms", 1e3 * times["gone"].cpu, **size)]


def main() -> int:
    """Measure all cells and sizes."""
    rows = vanished()
    for cell in ("lstm", "gru", "rnn"):
        for factor in SIZES:
            rows += scaling(cell, factor)
    write("scaling", rows, ISA)
    return 0


if __name__ == "__main__":
    sys.exit(isolated(main))
