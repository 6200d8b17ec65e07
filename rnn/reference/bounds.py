"""A4, A5: when a random recurrent matrix lets the gradient vanish."""

import numpy as np

from rnn.gradients import gradient_norms, sigma_max, spectral_radius
from rnn.gradients.mean_field import LARGEST_SLOPE
from rnn.reference.case import CLOSED_FORM, OWN, Array, Case, largest_deviation
from rnn.reference.networks import trajectory, vanilla

PASCANU = "Pascanu, Mikolov & Bengio 2013, section 2.1"
DRAWS = f"{OWN}, 2000 draws"


def bound_cases() -> list[Case]:
    """A4: sigma_max(W_hh) < 1/gamma is enough to vanish, and far from necessary."""
    rng = np.random.default_rng(4)
    cases = []
    for activation in ("tanh", "sigmoid"):
        gamma = LARGEST_SLOPE[activation]
        w = rng.normal(size=(20, 50, 50))
        w *= 0.95 / gamma / np.array([sigma_max(one) for one in w])[:, None, None]
        log_norm = gradient_norms(trajectory(*vanilla(activation, w, rng, drive=1.0), rng, 100)).log_norm[:, 0]
        cases.append(
            Case(
                "A4",
                f"{activation}: with the largest singular value of W_hh at 0.95 times {1 / gamma:g}, this many of 20 "
                "gradients keep more than 0.95 of their norm in any of 99 steps.",
                0,
                int((np.diff(log_norm) > np.log(0.95) + 1e-12).any(axis=1).sum()),
                0,
                PASCANU,
            )
        )
    draws = 100
    w = rng.normal(0, 0.1, (draws, 50, 50))
    radius = np.array([spectral_radius(one) for one in w])
    singular = np.array([sigma_max(one) for one in w])
    log_ratio = gradient_norms(trajectory(*vanilla("tanh", w, rng, drive=0.1), rng, 501)).log_ratio[:, 0, -1]
    weights = "W_hh of 50 x 50 normal numbers with standard deviation 0.1"
    return [
        *cases,
        *(
            Case(
                "A4",
                f"{weights}: mean {name} of {draws} draws.",
                mean,
                float(found.mean()),
                4 * scatter / np.sqrt(draws),
                DRAWS,
            )
            for name, found, mean, scatter in (
                ("largest singular value", singular, 1.369, 0.042),
                ("spectral radius", radius, 0.750, 0.043),
            )
        ),
        Case(
            "A4",
            f"{weights}: this many of {draws} draws meet the bound, largest singular value below 1.",
            0,
            int((singular < 1).sum()),
            0,
            PASCANU,
        ),
        Case(
            "A4",
            f"{weights}, tanh: this many of the draws with spectral radius below 1 still have a millionth of their "
            "gradient after 500 steps.",
            0,
            int((log_ratio[radius < 1] > np.log(1e-6)).sum()),
            0,
            PASCANU,
        ),
    ]


def uniform_draws(rng: np.random.Generator, draws: int, size: int) -> Array:
    """Draw recurrent matrices as PyTorch does by default, U(-1/sqrt H, 1/sqrt H): (draws, H, H)."""
    return np.asarray(rng.uniform(-1, 1, (draws, size, size)) / np.sqrt(size))


def uniform_cases() -> list[Case]:
    """A5: PyTorch's default initialisation in a linear network."""
    rng = np.random.default_rng(5)
    name = "U(-1/sqrt H, 1/sqrt H)"
    large = gradient_norms(trajectory(*vanilla("linear", uniform_draws(rng, 4, 1000), rng), rng, 51)).log_ratio[:, 0]
    w = uniform_draws(rng, 100, 64)
    log_ratio = gradient_norms(trajectory(*vanilla("linear", w, rng), rng, 1001)).log_ratio[:, 0]
    slopes = (log_ratio[:, 1000] - log_ratio[:, 500]) / 500
    radius = np.array([spectral_radius(one) for one in w])
    rms = 0.5 * (np.logaddexp.reduce(2 * large[:, 50]) - np.log(len(large)))
    return [
        Case(
            "A5",
            f"{name}, H = 1000, linear: logarithm of the gradient's growth a step, root mean square over 4 draws, over "
            "50 steps; in the limit of large H -ln(3)/2, which leaves 1.18e-12.",
            -0.549306,
            float(rms / 50),
            0.02,
            CLOSED_FORM,
        ),
        *(
            Case(
                "A5",
                f"{name}, H = 64, linear: logarithm of the gradient's norm {lag} steps back, mean of 100 draws.",
                mean,
                float(log_ratio[:, lag].mean()),
                4 * deviation / np.sqrt(100),
                DRAWS,
            )
            for lag, mean, deviation in ((50, -26.1, 2.3), (100, -51.1, 4.6))
        ),
        Case(
            "A5",
            f"{name}, H = 64, linear: slope of each of 100 draws from 500 to 1000 steps back against the logarithm of "
            "its own spectral radius, largest deviation.",
            0,
            largest_deviation(slopes, np.log(radius)),
            0.01,
            CLOSED_FORM,
        ),
    ]
