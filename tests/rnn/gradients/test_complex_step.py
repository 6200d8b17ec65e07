"""Gradient norms by lag against the complex step, which has no subtractive error at any lag (REFERENCE A21).

A perturbation of i * 1e-30 is injected into one component of the state after step t, or of the input of step t; the
imaginary part of the last step's loss, divided by 1e-30, is that component's derivative. Nothing of the backward pass
is used.
"""

import numpy as np
import pytest

from rnn import unroll
from rnn.gradients import Trajectory, gradient_norms
from rnn.losses import LOSSES
from rnn.network import Batch
from rnn.reference.checks import TINY, complex_step
from tests.rnn.examples import Case, make_batch, make_network, make_parameters, pre_activation_margin

STEPS = 101


def input_derivatives(network, p, x, y, t):
    """Return dL_T/dx_t by component, (D,): one copy of the sequence for each component; t is 1-based."""
    copies = x.shape[-1]
    moved = np.repeat(x, copies, axis=1).astype(np.complex128)
    moved[0, :, t - 1] += 1j * TINY * np.eye(copies)
    tape = network.tape(1, x.shape[2], copies, np.complex128)
    network.inputs.write(p, moved, tape)
    o = network.readout.outputs(p, unroll.forward(p, tape)[0])
    each, _ = LOSSES[network.loss](o, np.repeat(y, copies, axis=1), np.ones(o.shape[:2]))
    return each[0].imag / TINY


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    ("kind", "furthest"),
    [
        ("rnn-tanh", 100),
        ("rnn-sigmoid", 60),
        ("rnn-relu", 40),
        ("rnn-linear", 100),
        ("lstm", 100),
        ("gru", 100),
        ("gru-before", 100),
    ],
)
def test_norms_by_lag(kind, furthest, loss):
    """Full state, its parts and the input, relative error below 1e-10; where ReLU gives exact zeros, both are."""
    network, rng = make_network(kind, loss=loss, d=2, h=6, k=3), np.random.default_rng(11)
    p, batch = make_parameters(network, rng, 3), make_batch(network, rng, 3, 1, STEPS)
    assert kind != "rnn-relu" or pre_activation_margin(Case(network, p, batch, None)) > 1e-10
    norms = gradient_norms(Trajectory.run(network, p, batch))
    for s in range(3):
        one = {name: array[s : s + 1] for name, array in p.items()}
        for lag in sorted({0, 1, 2, 5, 10, 20, 40, 60, 80, 100} & set(range(furthest + 1))):
            at_input = input_derivatives(network, one, batch.x[s : s + 1], batch.y[s : s + 1], STEPS - lag)
            found = np.exp(norms.log_input[s, 0, lag])
            assert found == pytest.approx(np.linalg.norm(at_input), rel=1e-10, abs=0), lag
            sample = Batch(*(array[s : s + 1] for array in (batch.x, batch.y, batch.n)))
            exact = complex_step(network, one, sample, lag)
            found = np.exp(norms.log_norm[s, 0, lag])
            assert found == pytest.approx(np.linalg.norm(exact), rel=1e-10, abs=0), lag
            for part, row in zip(network.cell.state, exact, strict=True):
                found = np.exp(norms.log_part[part][s, 0, lag])
                assert found == pytest.approx(np.linalg.norm(row), rel=1e-10, abs=0), (part, lag)
