"""Made-up phase diagrams: exponents of theory, lower by a share that falls with the size."""

from __future__ import annotations

import math
from typing import Any

from rnn.gradients.mean_field import largest_exponent
from rnn.phase import BIASES

SIZES, SEEDS, LAGS = (64, 1000), 3, (0, 1, 10, 200)
GAINS = {
    ("tanh", 0.0): (0.5, 1.0, 1.2, 1.5, 2.0, 3.0),
    ("tanh", 1.0): (1.0, 1.5, 2.0),
    ("sigmoid", 0.0): (2.0, 4.0, 8.0, 10.0, 12.0),
    ("relu", 0.0): (0.7, 1.0, 1.2, 1.5),
    ("linear", 0.0): (0.7, 1.0, 1.1, 1.4),
}


def phase(columns: dict[str, list[Any]]) -> None:
    """Add random networks of two sizes and gated cells of one."""
    for (activation, noise), gains in GAINS.items():
        for gain in gains:
            theory = largest_exponent(activation, gain, noise)
            for size in SIZES:
                for seed in range(SEEDS):
                    named = {"activation": activation, "gain": gain, "noise": noise, "size": size, "seed": seed}
                    _network(columns, named, theory - (3 + 0.1 * seed) / size, theory)
    for cell, more in (("lstm", 0.01), ("gru", 0.0)):
        for bias in BIASES:
            for seed in range(SEEDS):
                named = {"activation": cell, "gain": bias, "noise": 0.0, "size": 64, "seed": seed}
                _network(columns, named, more - (0.5 + 0.01 * seed) * math.log1p(math.exp(-bias)), None)


def _network(columns: dict[str, list[Any]], named: dict[str, Any], exponent: float, theory: float | None) -> None:
    for lag in LAGS:
        row = {**named, "lag": lag, "log10_norm": exponent * lag / math.log(10), "lyapunov_max": exponent}
        for name, column in columns.items():
            column.append({**row, "theory": theory}[name])
