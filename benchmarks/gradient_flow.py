"""What measuring costs: everything at initialisation for one cell, H = 64, T = 1000, 5 seeds, 8 samples a seed.

Exponents and singular values are measured on one sequence a seed. Prints CPU seconds a measurement, and beside each the
ratio to one plain forward and backward pass over the same sequences in float64, which does not depend on the machine.

    python -m benchmarks.gradient_flow
"""

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from rnn.cells import CELLS, Vanilla
from rnn.gradients import (
    Trajectory,
    contributions,
    gate_path,
    gradient_norms,
    log_spaced_lags,
    lyapunov_spectrum,
    sigma_max_by_lag,
    two_factors,
)
from rnn.initialise import initial_parameters
from rnn.layers import Dense, Readout
from rnn.network import Batch, Network
from rnn.parameters import Parameters

HIDDEN, STEPS, SEEDS, SAMPLES = 64, 1000, 5, 8
LIMIT_S = 60.0  # of one core, for one cell


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a call returns and the CPU seconds it took."""
    start = time.process_time()
    return call(), time.process_time() - start


def measurements(network: Network, trajectory: Trajectory, x: np.ndarray) -> dict[str, Callable[[], Any]]:
    """Return everything that is measured, by name."""
    found: dict[str, Callable[[], Any]] = {
        "gradient by lag": lambda: gradient_norms(trajectory),
        "contributions": lambda: contributions(trajectory),
        "sigma_max by lag": lambda: sigma_max_by_lag(trajectory.one_sample(0), log_spaced_lags(STEPS)),
        "Lyapunov spectrum": lambda: lyapunov_spectrum(network, trajectory.p, x),
    }
    if isinstance(network.cell, Vanilla):
        found["slopes and weights"] = lambda: two_factors(trajectory)
    else:
        found["gate path"] = lambda: gate_path(trajectory)
    return found


def main() -> None:
    """Measure all cells."""
    print(f"H = {HIDDEN}, T = {STEPS}, {SEEDS} seeds, {SAMPLES} samples a seed; limit {LIMIT_S:.0f} s of one core a cell")
    rng = np.random.default_rng(0)
    x = rng.uniform(size=(SEEDS, SAMPLES, STEPS, 2))
    batch = Batch(x, rng.uniform(size=(SEEDS, SAMPLES, 1)), np.full((SEEDS, SAMPLES), STEPS))
    for name, cell in CELLS.items():
        network = Network(Dense(2), cell(2, HIDDEN), Readout(HIDDEN, 1))
        p = Parameters.stack([initial_parameters(network, rng) for _ in range(SEEDS)], np.float64).named
        tape = network.tape(SEEDS, STEPS, SAMPLES, np.float64)
        grad = {key: np.zeros_like(array) for key, array in p.items()}
        _, plain = timed(lambda network=network, p=p, tape=tape, grad=grad: network.gradient(p, batch, tape, grad))
        trajectory, total = timed(lambda network=network, p=p: Trajectory.run(network, p, batch))
        print(f"\n{name}: plain forward and backward pass {plain:.2f} s")
        print(f"  {'forward pass':20} {total:6.2f} s {total / plain:6.1f}")
        for what, call in measurements(network, trajectory, x[0, 0]).items():
            _, seconds = timed(call)
            total += seconds
            print(f"  {what:20} {seconds:6.2f} s {seconds / plain:6.1f}")
        print(f"  {'all':20} {total:6.2f} s {total / plain:6.1f}  {'below' if total < LIMIT_S else 'ABOVE'} the limit")


if __name__ == "__main__":
    main()
