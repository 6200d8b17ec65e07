"""What was measured on the networks of a stack, at initialisation or in training, as rows and columns of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rnn.gradients import GradientFlow, measure
from rnn.setup import Setup, build_network
from rnn.tasks.data import Data
from rnn.train import Trained, initial_weights
from workflow.columns import Columns, joined

BY_LAG = (
    "lag",
    "n_samples",
    "n_zero",
    "log10_norm_q25",
    "log10_norm_q50",
    "log10_norm_q75",
    "log10_sigma_max",
    "log10_contribution",
    "share",
    "log10_gate_path",
)
BY_NETWORK = (
    "rate_total",
    "rate_slopes",
    "rate_weights",
    "rate_gate_path",
    "lyapunov_max",
    "lyapunov_mean",
    "mean_slopes",
    "mean_weights",
    "polar_slopes",
    "unit_slopes_weights",
    "horizon",
    "horizon_censored",
    "cancellation",
    "w_spectral_radius",
    "w_sigma_max",
    "reason",
)
BY_QUESTION = ("threshold", "crossing", "horizon", "censored")
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
    def take(cls, plain: dict[str, Any], parts: dict[str, Columns]) -> Measured:
        """Take what belongs here out of a file that ``plain`` and ``parts`` were written to."""
        return cls(plain.pop("rates"), plain.pop("horizons"), parts.pop("gradients"), parts.pop("spectra"))

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
