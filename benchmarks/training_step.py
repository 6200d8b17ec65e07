"""How fast is a training step, against what a user would pick instead?

    python -m benchmarks.training_step                                     all settings, to benchmarks/results
    python -m benchmarks.training_step --cell lstm --hidden 64 --steps 50  one setting, to the terminal

A step is the forward pass, exact back-propagation through time, clipping of each seed's gradient and Adam, in float32,
of all seeds. Before anything is timed, every engine must have found our gradient.
"""

import benchmarks.process  # noqa: F401, I001  (before NumPy)

import argparse
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers_jax import JaxLoop, JaxVmap
from benchmarks.peers_torch import TorchModules, TorchStacked
from benchmarks.problem import Ours, Problem, Setting
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
    if (worst := max(errors, key=errors.__getitem__)) and errors[worst] > TOLERANCE:
        raise ValueError(f"{setting}: the gradient of {worst} differs from ours by {errors[worst]:.1e}.")
    if vanished := ours.share_vanished():
        raise ValueError(f"{setting}: {vanished:.0%} of the gradient has vanished before the first step.")
    return interleaved({name: engine.step for name, engine in engines.items()}, rounds), errors


def show(setting: Setting, times: dict[str, Timing], errors: dict[str, float]) -> None:
    """Print one setting."""
    print(f"\n{setting}")
    reference = next(iter(times))
    for name, timing in times.items():
        ratio = timing.ratio(times[reference])
        print(
            f"  {name:14} {1e3 * np.median(timing.cpu):8.2f} ms CPU {1e3 * np.median(timing.wall):8.2f} ms wall"
            f"   {np.median(ratio):5.2f} times {reference} ({ratio.min():.2f} to {ratio.max():.2f})"
            f"   first step {timing.first:.2f} s, gradient {errors[name]:.0e}",
            flush=True,
        )


def main() -> int:
    """Measure one setting."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cell", choices=("rnn", "lstm", "gru"), default="lstm")
    for name in ("hidden", "steps", "seeds", "inputs", "batch"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Setting, name))
    parser.add_argument("--at", choices=("last", "every"), default="last")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--rounds", type=int, default=5)
    args = vars(parser.parse_args())
    names, rounds = args.pop("engines"), args.pop("rounds")
    setting = Setting(**args)
    show(setting, *measure(setting, names, rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
