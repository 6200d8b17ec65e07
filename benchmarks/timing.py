"""Interleaved rounds: every engine takes its turn in each, so that a busy spell of the machine meets all of them."""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK_S = 0.1  # a turn takes at least this long, in as many steps as that needs
MOST_STEPS = 200


@dataclass(frozen=True)
class Timing:
    """Seconds of one step in each round, and of the first call (compilation included)."""

    cpu: NDArray[np.float64]  # (R,), of the process
    wall: NDArray[np.float64]
    first: float

    def ratio(self, reference: "Timing") -> NDArray[np.float64]:
        """How many times faster this is than the reference, round by round."""
        return reference.cpu / self.cpu


def interleaved(steps: Mapping[str, Callable[[], object]], rounds: int = 5) -> dict[str, Timing]:
    """Time each callable in ``rounds`` turns, A B C A B C, after two calls outside the clock that compile and warm up.

    Returns
    -------
    By name, CPU and wall seconds of one call in each round: the mean of a turn of at least ``BLOCK_S``.
    """
    first, repeats = {}, {}
    for name, step in steps.items():
        first[name] = _seconds(step, 1)[1]
        repeats[name] = int(np.clip(np.ceil(BLOCK_S / _seconds(step, 1)[1]), 1, MOST_STEPS))
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in steps}
    enabled = gc.isenabled()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, step in steps.items():
                gc.collect()
                taken[name].append(_seconds(step, repeats[name]))
    finally:
        if enabled:
            gc.enable()
    return {
        name: Timing(*np.array(taken[name]).T, first=first[name])  # cpu, wall
        for name in steps
    }


def _seconds(step: Callable[[], object], repeats: int) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(repeats):
        step()
    return (time.process_time() - cpu) / repeats, (time.perf_counter() - wall) / repeats
