"""What was measured on the networks of a stack, at initialisation or in training, as rows and columns of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, get_origin, get_type_hints

import numpy as np

from rnn.gradients import GradientFlow, Horizon, measure
from rnn.setup import Setup, build_network
from rnn.tasks.data import Data
from rnn.train import Trained, initial_weights
from workflow.columns import Columns, joined

# The library names what it measures; the tables' schemas must have the same names.
_KINDS = get_type_hints(GradientFlow)
BY_LAG = tuple(name for name, kind in _KINDS.items() if get_origin(kind) is np.ndarray)
BY_NETWORK = tuple(name for name, kind in _KINDS.items() if get_origin(kind) not in (np.ndarray, dict))
BY_QUESTION = tuple(field.name for field in fields(Horizon))
BY_EXPONENT = ("index", "exponent", "slopes", "weights")


@dataclass(frozen=True)
class Measured:
    """Rows of the tables ``rates`` and ``horizons``, columns of ``gradients`` and ``spectra``.

    Each names its ``seed``, ``phase`` and ``step``; the stack is that of the file they are kept in.
    """

    rates: list[dict[str, Any]]
    horizons: list[dict[str, Any]]
    gradients: Columns
    spectra: Columns

    @classmethod
    def of(cls, flows: Sequence[tuple[dict[str, Any], GradientFlow]]) -> Measured:
        """Gather measurements, each with its seed, phase and step."""
        return cls(
            rates=[{**name, **{column: getattr(flow, column) for column in BY_NETWORK}} for name, flow in flows],
            horizons=[
                {**name, **dict(zip(BY_QUESTION, row, strict=True))}
                for name, flow in flows
                for row in zip(*(flow.horizons[column] for column in BY_QUESTION), strict=True)
            ],
            gradients=joined([(name, vars(flow)) for name, flow in flows], BY_LAG),
            spectra=joined([(name, flow.spectrum) for name, flow in flows], BY_EXPONENT),
        )

    @classmethod
    def take(cls, plain: Mapping[str, Any], parts: Mapping[str, Columns]) -> Measured:
        """Take what belongs here from the content of a file that ``plain`` and ``parts`` were written to."""
        return cls(plain["rates"], plain["horizons"], parts["gradients"], parts["spectra"])

    @property
    def plain(self) -> dict[str, Any]:
        """The rows, for a file."""
        return {"rates": self.rates, "horizons": self.horizons}

    @property
    def parts(self) -> dict[str, Columns]:
        """The columns, for a file."""
        return {"gradients": self.gradients, "spectra": self.spectra}


def measure_initial(setup: Setup, data: Data, seeds: int, draws: int) -> Measured:
    """Measure untrained networks, with the weights that seeds 0, 1, 2, ... start from.

    Draws beyond the seeds that are trained have their largest exponent alone: all of them take most of the time.
    """
    network = build_network(setup, data)
    weights = [initial_weights(setup, network, seed) for seed in range(draws)]
    flows = measure(setup, data, weights[:seeds]) + measure(setup, data, weights[seeds:], n_exponents=1)
    return Measured.of([({"seed": seed, "phase": "init", "step": 0}, flow) for seed, flow in enumerate(flows)])


def measure_trained(setup: Setup, data: Data, trained: Sequence[Trained]) -> Measured:
    """Measure networks early in training, without exponents, and at their best step."""
    flows = []
    for step in sorted({step for run in trained for step in run.early}):
        runs = [run for run in trained if step in run.early]
        early = measure(setup, data, [run.early[step] for run in runs], n_exponents=0)
        flows += [
            ({"seed": run.seed, "phase": "early", "step": step}, flow) for run, flow in zip(runs, early, strict=True)
        ]
    best = measure(setup, data, [run.best for run in trained])
    flows += [
        ({"seed": run.seed, "phase": "trained", "step": run.best_step}, flow)
        for run, flow in zip(trained, best, strict=True)
    ]
    return Measured.of(flows)
