"""How fast is a training step, against what a user would pick instead?

    python -m benchmarks.training_step                                     all settings, to benchmarks/results
    python -m benchmarks.training_step --cell lstm --hidden 64 --steps 50  one setting, to the terminal

A step is the forward pass, exact back-propagation through time, clipping of each seed's gradient and Adam, in float32,
of all seeds. Before anything is timed, every engine must have found our gradient.
"""

import argparse
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.comparison import rows_of, settings, show
from benchmarks.files import Row, write
from benchmarks.peers import JaxLoop, JaxVmap, TorchModules, TorchStacked
from benchmarks.problem import Ours, Problem, Setting
from benchmarks.process import ISA, isolated
from benchmarks.timing import Timing, interleaved

ENGINES = {engine.name: engine for engine in (TorchModules, Ours, TorchStacked, JaxVmap, JaxLoop)}
TOLERANCE = 1e-4  # of a gradient in float32 after up to 1000 steps


def error(found: dict[str, NDArray[Any]], expected: dict[str, NDArray[Any]]) -> float:
    """Return the largest relative error among the arrays."""
    norm = np.linalg.norm
    return max(float(norm(found[name] - array) / norm(array)) for name, array in expected.items())


def measure(setting: Setting, names: list[str], rounds: int) -> tuple[dict[str, Timing], dict[str, float]]:
    """Time one training step of the named engines.

    Returns
    -------
    By engine, times, and the relative error of its gradient against ours.

    Raises
    ------
    ValueError
        An engine computes something else, or the gradient vanishes, which would make the step cheaper.
    """
    problem = Problem(setting)
    engines = {name: ENGINES[name](problem) for name in names}
    ours = Ours(problem)
    expected = ours.gradient()
    errors = {name: error(engine.gradient(), expected) for name, engine in engines.items()}
    worst = max(errors, key=errors.__getitem__)
    if not errors[worst] <= TOLERANCE:
        raise ValueError(f"{setting}: the gradient of {worst} differs from ours by {errors[worst]:.1e}.")
    if vanished := ours.share_vanished():
        raise ValueError(f"{setting}: {vanished:.0%} of the gradient has vanished before the first step.")
    return interleaved({name: engine.step for name, engine in engines.items()}, rounds), errors


def main() -> int:
    """Measure all settings, or the one that is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cell", choices=("rnn", "lstm", "gru"), help="one setting; without it, all of them")
    for name in ("hidden", "steps", "seeds", "inputs", "batch"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Setting, name))
    parser.add_argument("--at", choices=("last", "every"), default="last")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--rounds", type=int, default=5)
    args = vars(parser.parse_args())
    names, rounds, one = args.pop("engines"), args.pop("rounds"), args["cell"] is not None
    found: list[Row] = []
    for setting in [Setting(**args)] if one else settings():
        found += (rows := rows_of(setting, *measure(setting, names, rounds)))
        show(setting, rows)
    if not one:
        write("training_step", found, ISA)
    return 0


if __name__ == "__main__":
    sys.exit(isolated(main))
