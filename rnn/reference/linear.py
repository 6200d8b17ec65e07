"""A2, A3: the linear network, whose gradient is a power of W_hh, and why its spectral radius is not the gradient."""

import numpy as np

from rnn import unroll
from rnn.gradients import gradient_norms, sigma_max_by_lag, spectral_radius
from rnn.initialise import orthogonal
from rnn.reference.case import CLOSED_FORM, Array, Case, largest_deviation, relative_deviation
from rnn.reference.networks import trajectory, vanilla

NON_NORMAL: Array = np.array([[0.9, 1.0], [0.0, 0.9]])  # J; W_hh is its transpose


def linear_cases() -> list[Case]:
    """A2: dh_t/dh_k = W^(t-k)."""
    rng = np.random.default_rng(2)
    w = rng.normal(size=(8, 8)) / np.sqrt(8)
    powers = np.array([np.linalg.matrix_power(w.T, lag) for lag in range(31)])
    deviation = max(map(relative_deviation, jacobians_by_lag(w, 30), powers))
    cases = [
        Case(
            "A2",
            "A linear network's gradient over 0 to 30 steps is that power of its recurrent matrix, "
            "largest deviation relative to the power's largest entry.",
            0,
            deviation,
            1e-12,
            CLOSED_FORM,
        )
    ]
    for gain in (0.9, 1.1):
        network, p = vanilla("linear", gain * orthogonal(rng, 16, 16)[None], rng)
        log_ratio = gradient_norms(trajectory(network, p, rng, 1001)).log_ratio[0, 0]
        cases.append(
            Case(
                "A2",
                f"With W_hh {gain} times an orthogonal matrix the gradient's norm k steps back is {gain}^k, largest "
                "deviation of its logarithm for k up to 1000.",
                0,
                largest_deviation(log_ratio, np.log(gain) * np.arange(1001)),
                1e-10,
                CLOSED_FORM,
            )
        )
    return cases


def jacobians_by_lag(w_hh: Array, steps: int) -> Array:
    """Return dh_T/dh_{T-k} of a linear network for k = 0 .. steps, (steps+1, H, H): one unit row for each row of it."""
    size = len(w_hh)
    network, p = vanilla("linear", w_hh[None], np.random.default_rng(0))
    tape = network.tape(1, steps, size, np.float64)
    unroll.forward(p, tape)
    unroll.start_backward(tape, (np.eye(size)[None],))
    w_hh_t = unroll.transposed_recurrent(p, tape)
    found = [np.eye(size)]
    for t in reversed(range(steps)):
        unroll.step_backward(w_hh_t, tape, t)
        found.append(unroll.state_gradient(tape)[0][0].copy())
    return np.array(found)


def transient_cases() -> list[Case]:
    """A3: a matrix of spectral radius 0.9 whose powers grow first."""
    lags = np.arange(401)
    rng = np.random.default_rng(3)
    network, p = vanilla("linear", NON_NORMAL.T[None], rng)
    found = sigma_max_by_lag(trajectory(network, p, rng, len(lags)), lags)[0, 0]
    right = log_norm_of_power(lags)
    shear = "J = [[0.9, 1], [0, 0.9]]"
    return [
        Case("A3", f"The spectral radius of {shear} is 0.9.", 0.9, spectral_radius(NON_NORMAL.T), 1e-12, CLOSED_FORM),
        Case(
            "A3",
            f"Yet the largest singular value of the powers of {shear} first grows, to this peak.",
            float(np.exp(right.max())),
            float(np.exp(found.max())),
            1e-12,
            CLOSED_FORM,
        ),
        Case(
            "A3",
            f"The logarithm of the largest singular value of the powers of {shear}, growth and decay, largest "
            f"deviation for lags up to {lags[-1]}.",
            0,
            largest_deviation(found, right),
            1e-10,
            CLOSED_FORM,
        ),
    ]


def log_norm_of_power(lag: Array) -> Array:
    """ln sigma_max of [[a, b], [0, a]] with a = .9^k, b = k .9^(k-1): its singular values' product is a^2, their
    difference b.
    """
    ratio = lag / 0.9  # b / a
    return np.asarray(lag * np.log(0.9) + np.log((ratio + np.sqrt(ratio**2 + 4)) / 2))
