"""What flows back through time, measured exactly: float64, per sample, with logarithms carried."""

from rnn.gradients.attribution import Attribution, attribute
from rnn.gradients.by_lag import GradientNorms, gradient_norms
from rnn.gradients.check import GradientMismatch, check_gradient
from rnn.gradients.flow import GradientFlow, measure
from rnn.gradients.horizon import memory_horizon
from rnn.gradients.recurrent import sigma_max, spectral_radius

__all__ = [
    "Attribution",
    "GradientFlow",
    "GradientMismatch",
    "GradientNorms",
    "attribute",
    "check_gradient",
    "gradient_norms",
    "measure",
    "memory_horizon",
    "sigma_max",
    "spectral_radius",
]
