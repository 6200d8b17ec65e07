"""Why a number of a network's gradient flow is not defined, in words that stand beside it in the table."""

import math
from collections.abc import Mapping

from rnn.cells import Cell, Vanilla

EXPLAINED = (
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
    "cancellation",
    "w_spectral_radius",
    "w_sigma_max",
)
OF_ONE_MATRIX = (
    "rate_slopes",
    "rate_weights",
    "mean_slopes",
    "mean_weights",
    "polar_slopes",
    "unit_slopes_weights",
    "w_spectral_radius",
    "w_sigma_max",
)
OF_THE_SPECTRUM = ("lyapunov_max", "lyapunov_mean", "mean_slopes", "mean_weights")

GATED = "the gates make W_hh no single matrix of the state"
UNGATED = "no gate keeps the state"
NO_GRADIENT = "no sample has a gradient at lag 0"
NO_EARLIER_STATE = "no measured sequence has an earlier step"
ZERO_ON_THE_WAY = "every sample's gradient is exactly zero before its first step"
NO_WEIGHT_GRADIENT = "dL_T/dW_hh is zero"
NOT_MEASURED = "no exponents were measured"
NOT_ALL = "not all exponents were measured"
OVERFLOW = "the state overflows"
OVERFLOW_IN_WINDOW = "the state overflows in the window of the exponents"
LOST_RANK = "a Jacobian without full rank makes it minus infinity"


def why(
    cell: Cell,
    values: Mapping[str, float],
    horizon: int | None,
    longest: int,
    n_exponents: int | None,
    overflowed: bool,
) -> str | None:
    """Return ``<columns>: <reason>``, joined by semicolons, or None where everything is defined.

    Parameters
    ----------
    values
        What was found; a column of ``EXPLAINED`` that is missing or not finite is explained.
    longest
        Steps of the longest measured sequence.
    n_exponents
        How many exponents were measured, None for all. A largest one that is NaN says that the state left float64 in
        their window.
    overflowed
        Whether the state left float64 in one of the measured sequences.
    """

    def reason(column: str) -> str:
        if not isinstance(cell, Vanilla) and column in OF_ONE_MATRIX:
            return GATED
        if column == "rate_gate_path" and cell.keep_gate is None:
            return UNGATED
        if column in OF_THE_SPECTRUM:
            if longest == 1:
                return NO_EARLIER_STATE
            if n_exponents == 0:
                return NOT_MEASURED
            if column == "lyapunov_mean" and n_exponents is not None:
                return NOT_ALL
            return OVERFLOW_IN_WINDOW if math.isnan(values.get("lyapunov_max", 0.0)) else LOST_RANK
        if overflowed:
            return OVERFLOW
        if horizon is None:
            return NO_GRADIENT
        if column == "cancellation":
            return NO_WEIGHT_GRADIENT
        return NO_EARLIER_STATE if longest == 1 else ZERO_ON_THE_WAY

    columns: dict[str, list[str]] = {}
    for column in EXPLAINED:
        if not math.isfinite(values.get(column, math.nan)):
            columns.setdefault(reason(column), []).append(column)
    if horizon is None:
        columns.setdefault(OVERFLOW if overflowed else NO_GRADIENT, []).append("horizon")
    return "; ".join(f"{', '.join(names)}: {because}" for because, names in columns.items()) or None
