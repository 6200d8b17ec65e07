"""What flows back through time, measured exactly: float64, per sample, with logarithms carried.

``Trajectory.run`` runs sequences forward once; every measurement takes what it returns, of any cell and any data.
``measure`` makes all of them for the networks of a setup. Mean-field theory, which loads scipy, stands in
``rnn.gradients.mean_field``.
"""

from rnn.gradients.attribution import Attribution, attribute
from rnn.gradients.by_lag import GradientNorms, gradient_norms
from rnn.gradients.check import GradientMismatch, check_gradient
from rnn.gradients.contributions import Contributions, contributions
from rnn.gradients.factors import Factors, two_factors
from rnn.gradients.flow import GradientFlow, measure
from rnn.gradients.gates import gate_path
from rnn.gradients.horizon import Horizon, horizons, memory_horizon
from rnn.gradients.jacobians import log_spaced_lags, sigma_max_by_lag, step_jacobian
from rnn.gradients.lyapunov import Spectrum, lyapunov_spectrum, sorted_qr
from rnn.gradients.rates import factor_rates, growth, late_rate
from rnn.gradients.recurrent import polar_factor, sigma_max, spectral_radius
from rnn.gradients.time_constants import e_folding_time, mean_lifetime
from rnn.gradients.trajectory import Trajectory

__all__ = [
    "Attribution",
    "Contributions",
    "Factors",
    "GradientFlow",
    "GradientMismatch",
    "GradientNorms",
    "Horizon",
    "Spectrum",
    "Trajectory",
    "attribute",
    "check_gradient",
    "contributions",
    "e_folding_time",
    "factor_rates",
    "gate_path",
    "gradient_norms",
    "growth",
    "horizons",
    "late_rate",
    "log_spaced_lags",
    "lyapunov_spectrum",
    "mean_lifetime",
    "measure",
    "memory_horizon",
    "polar_factor",
    "sigma_max",
    "sigma_max_by_lag",
    "sorted_qr",
    "spectral_radius",
    "step_jacobian",
    "two_factors",
]
