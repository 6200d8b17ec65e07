"""Which training steps are compared, what the ratios should be, and the rows that a comparison comes to."""

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np

from benchmarks.files import Row
from benchmarks.problem import OURS, Setting
from benchmarks.timing import Timing

CLAIM = "training step"
REFERENCE = "torch.nn"

# How many times faster than torch.nn a step should be, by cell, H and T.
TARGETS = {
    ("lstm", 64, 50): 2.1,
    ("lstm", 64, 200): 1.7,
    ("lstm", 64, 1000): 1.6,
    ("lstm", 128, 100): 1.4,
    ("gru", 64, 50): 4.5,
    ("gru", 64, 200): 4.5,
    ("gru", 64, 1000): 4.5,
    ("rnn", 64, 50): 6.0,
    ("rnn", 64, 200): 6.0,
    ("rnn", 64, 1000): 5.5,
}


def settings() -> Iterator[Setting]:
    """All lengths, a larger network with a loss at every step, and one factor at a time varied around T = 200."""
    for cell in ("lstm", "gru", "rnn"):
        yield from (Setting(cell, steps=steps) for steps in (50, 200, 1000))
        yield Setting(cell, hidden=128, steps=100, inputs=32, batch=64, at="every")
        yield from (Setting(cell, hidden=hidden) for hidden in (32, 128))
        yield from (Setting(cell, seeds=seeds) for seeds in (1, 10))
        yield Setting(cell, inputs=32)


def target(setting: Setting) -> float | None:
    """Return the target of a setting with five seeds, where it has one."""
    plain = setting.seeds == 5 and (setting.inputs == 2 or setting.at == "every")
    return TARGETS.get((setting.cell, setting.hidden, setting.steps)) if plain else None


def rows_of(setting: Setting, times: dict[str, Timing], errors: dict[str, float]) -> list[Row]:
    """Return times, errors, and ratios of CPU time within each round."""
    size, rows = asdict(setting), []
    for name, timing in times.items():
        rows += [
            Row.of_rounds(CLAIM, "CPU time", "ms", 1e3 * timing.cpu, engine=name, **size),
            Row.of_rounds(CLAIM, "wall time", "ms", 1e3 * timing.wall, engine=name, **size),
            Row(CLAIM, "first step", "s", round(timing.first, 3), engine=name, **size),
            Row(CLAIM, "error of the gradient", "", float(f"{errors[name]:.1e}"), engine=name, **size),
        ]
        if name != REFERENCE and REFERENCE in times:
            wanted = target(setting) if name == OURS else None
            ratio = timing.ratio(times[REFERENCE])
            rows.append(Row.of_rounds(CLAIM, f"times {REFERENCE}", "", ratio, engine=name, target=wanted, **size))
    peers = [timing.cpu for name, timing in times.items() if name != OURS]
    if OURS in times and peers:
        best = min(peers, key=lambda cpu: float(np.median(cpu)))
        ratio = best / times[OURS].cpu
        rows.append(Row.of_rounds(CLAIM, "times the best peer", "", ratio, engine=OURS, target=1.0, **size))
    return rows


def show(setting: Setting, rows: list[Row]) -> None:
    """Print one setting."""
    print(f"\n{setting}", flush=True)
    for engine in dict.fromkeys(row.engine for row in rows):
        of = {row.quantity: row for row in rows if row.engine == engine}
        ratios = [row for quantity, row in of.items() if quantity.startswith("times ")]
        told = "; ".join(
            f"{row.value:.2f} {row.quantity} ({row.low:.2f} to {row.high:.2f})"
            + (f", target {row.target}: {row.verdict}" if row.target else "")
            for row in ratios
        )
        print(
            f"  {engine:14}{of['CPU time'].value:9.2f} ms CPU{of['wall time'].value:9.2f} ms wall"
            f"  first {of['first step'].value:5.2f} s  error {of['error of the gradient'].value:.0e}  {told}",
            flush=True,
        )
