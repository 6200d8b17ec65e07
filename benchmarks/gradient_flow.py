"""What measuring costs: everything at initialisation for one cell, H = 64, T = 1000, 5 seeds, 8 samples a seed.

Exponents and singular values are measured on one sequence a seed. Prints CPU seconds of ``rnn.gradients.measure``, all
that the pipeline measures on such networks, then of each measurement alone, and beside each the ratio to one plain
forward and backward pass over the same sequences in float64, which hardly depends on the machine.

    python -m benchmarks.gradient_flow
"""

import dataclasses
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.files import Row, write
from benchmarks.process import ISA, isolated
from rnn.cells import CELLS, Vanilla
from rnn.evaluate import shared
from rnn.gradients import (
    Trajectory,
    contributions,
    gate_path,
    gradient_norms,
    log_spaced_lags,
    lyapunov_spectrum,
    measure,
    sigma_max_by_lag,
    two_factors,
)
from rnn.gradients.lyapunov import BURN_IN, STEPS
from rnn.gradients.samples import laid_end_to_end
from rnn.network import Network
from rnn.parameters import Parameters
from rnn.setup import Setup, build_network
from rnn.tasks import TASKS
from rnn.tasks.data import Data
from rnn.train import initial_weights

CLAIM = "measuring"
HIDDEN, LENGTH, SEEDS, SAMPLES = 64, 1000, 5, 8
LIMIT_S = 60.0  # of one core, for one cell


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a call returns and the CPU seconds it took."""
    start = time.process_time()
    return call(), time.process_time() - start


def adding_data() -> Data:
    """Return the adding problem with as many validation sequences as are to be measured."""
    data = TASKS["adding"].prepare(LENGTH, experiment_seed=0)
    return dataclasses.replace(data, valid=data.valid.take(slice(SAMPLES)))


def setup_of(cell: str) -> Setup:
    """Return the setup of an untrained network."""
    return Setup(
        experiment_seed=0,
        task="adding",
        cell=cell,
        variant="default",
        length=LENGTH,
        hidden=HIDDEN,
        batch=1,
        steps=0,
        log_every=1,
        patience=0,
        clip=0.0,
        optimiser="adam",
    )


def single_measurements(network: Network, trajectory: Trajectory, x: np.ndarray) -> dict[str, Callable[[], Any]]:
    """Return what ``measure`` is made of, by name; ``x`` is the sequence that exponents are measured along."""
    found: dict[str, Callable[[], Any]] = {
        "gradient by lag": lambda: gradient_norms(trajectory),
        "contributions": lambda: contributions(trajectory),
        "sigma_max by lag": lambda: sigma_max_by_lag(trajectory.one_sample(0), log_spaced_lags(LENGTH)),
        "Lyapunov spectrum": lambda: lyapunov_spectrum(network, trajectory.p, x),
    }
    if isinstance(network.cell, Vanilla):
        found["slopes and weights"] = lambda: two_factors(trajectory)
    else:
        found["gate path"] = lambda: gate_path(trajectory)
    return found


def measured(cell: str, data: Data) -> list[Row]:
    """Measure one cell, print its table and return it."""
    setup = setup_of(cell)
    network = build_network(setup, data)
    weights = [initial_weights(setup, network, seed) for seed in range(SEEDS)]
    p = Parameters.stack(weights, np.float64).named
    batch = shared(data.valid, SEEDS)
    tape = network.tape(SEEDS, LENGTH, SAMPLES, np.float64)
    grad = {key: np.zeros_like(array) for key, array in p.items()}
    _, plain = timed(lambda: network.gradient(p, batch, tape, grad))
    _, whole = timed(lambda: measure(setup, data, weights))
    trajectory, forward = timed(lambda: Trajectory.run(network, p, batch))
    parts = {"plain forward and backward pass": plain, "all that the pipeline measures": whole, "forward pass": forward}
    for what, call in single_measurements(network, trajectory, laid_end_to_end(data.valid, BURN_IN + STEPS)).items():
        _, parts[what] = timed(call)
    print(f"\n{cell}")
    rows = []
    for what, seconds in parts.items():
        limit = LIMIT_S if seconds is whole else None
        row = Row(CLAIM, what, "s", round(seconds, 3), target=limit, at_most=True, **size(cell))
        rows.append(row)
        limited = f"  limit {limit:.0f} s: {row.verdict}" if limit else ""
        print(f"  {what:32} {seconds:6.2f} s {seconds / plain:6.1f}{limited}", flush=True)
    return rows


def size(cell: str) -> dict[str, Any]:
    """Return the columns that say what was measured."""
    return {"cell": cell, "hidden": HIDDEN, "steps": LENGTH, "seeds": SEEDS, "inputs": 2, "batch": SAMPLES}


def main() -> int:
    """Measure all cells."""
    samples = f"{SEEDS} seeds, {SAMPLES} samples a seed"
    print(f"H = {HIDDEN}, T = {LENGTH}, {samples}; seconds of one core, and how many plain passes that is")
    data = adding_data()
    write("gradient_flow", [row for cell in CELLS for row in measured(cell, data)], ISA)
    return 0


if __name__ == "__main__":
    sys.exit(isolated(main))
