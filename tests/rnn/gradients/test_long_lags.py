"""Gradients by lag where real differences have no digit left, against the complex step (REFERENCE A21).

A sigmoid network's derivative leaves float64 itself at lag 266, so its comparison ends at 200.
"""

import numpy as np
import pytest

from rnn.gradients import Trajectory, gradient_norms
from rnn.network import Batch
from rnn.reference.checks import complex_step
from tests.rnn.examples import make_batch, make_network, make_parameters

STEPS = 310


def samples(kind, hidden, loss, seeds=2, size=2):
    network, rng = make_network(kind, loss=loss, d=2, h=hidden, k=3), np.random.default_rng([300, hidden])
    return network, make_parameters(network, rng, seeds), make_batch(network, rng, seeds, size, STEPS)


@pytest.mark.parametrize(
    ("kind", "hidden", "loss", "furthest"),
    [
        ("rnn-tanh", 8, "mse", 300),
        ("rnn-tanh", 16, "cross-entropy", 300),
        ("lstm", 8, "mse", 300),
        ("lstm", 16, "cross-entropy", 300),
        ("gru", 8, "mse", 300),
        ("gru", 16, "cross-entropy", 300),
        ("gru-before", 8, "mse", 300),
        ("rnn-sigmoid", 8, "mse", 200),
        ("rnn-sigmoid", 16, "cross-entropy", 200),
    ],
)
def test_norms_at_long_lags(kind, hidden, loss, furthest):
    """Full state and its parts, every seed and sample apart, relative error below 1e-10 at every lag."""
    network, p, batch = samples(kind, hidden, loss)
    norms = gradient_norms(Trajectory.run(network, p, batch))
    for s, b in np.ndindex(*batch.n.shape):
        one = {name: array[s : s + 1] for name, array in p.items()}
        sample = Batch(*(array[s : s + 1, b : b + 1] for array in (batch.x, batch.y, batch.n)))
        for lag in sorted({0, 1, 150, 200, 250, furthest} & set(range(furthest + 1))):
            exact = complex_step(network, one, sample, lag)
            # a logarithm's absolute error is the relative error of its number
            right = np.log(np.linalg.norm(exact))
            assert norms.log_norm[s, b, lag] == pytest.approx(right, rel=0, abs=1e-10), lag
            for part, row in zip(network.cell.state, exact, strict=True):
                found = np.exp(norms.log_part[part][s, b, lag])
                assert found == pytest.approx(np.linalg.norm(row), rel=1e-10, abs=0), (part, lag)


def test_the_gradients_are_far_out():
    """At the longest lags they are too small for any difference of losses, which are known to 1e-16."""
    for kind, lag in (("rnn-tanh", 300), ("rnn-sigmoid", 200), ("gru", 300)):
        network, p, batch = samples(kind, 8, "mse")
        assert gradient_norms(Trajectory.run(network, p, batch)).log_norm[..., lag].max() < np.log(1e-16), kind
