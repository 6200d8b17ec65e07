"""The direct path through forget and update gates."""

import numpy as np
import pytest

from rnn.gradients import Trajectory, gate_path, gradient_norms
from rnn.network import Batch
from tests.rnn.examples import CELL_FORMS, make_batch, make_network, make_parameters

GATED = [name for name, cell in CELL_FORMS.items() if cell.keep_gate]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def zero_weights(cell, bias):
    """A network whose recurrent and input weights are zero, and the bias of its keep gate."""
    network = make_network(cell, d=1, h=3, k=1)
    p = {name: np.zeros((1, *shape)) for name, shape in network.shapes().items()}
    gate = network.cell.gates.index(network.cell.keep_gate)
    p["W"][0, -1, gate * 3 : (gate + 1) * 3] = bias
    p["W_ho"][...] = 1
    return network, p


@pytest.mark.parametrize("cell", GATED)
@pytest.mark.parametrize("bias", [-2.0, 0.0, 3.0, -30.0])
def test_with_zero_weights_it_is_the_gate_to_the_power_of_the_lag(cell, bias):
    """REFERENCE A10: dc_T/dc_0 = f^T, dh_T/dh_0 = u^T, and there is no other path."""
    network, p = zero_weights(cell, bias)
    trajectory = Trajectory.run(network, p, Batch(np.ones((1, 1, 50, 1)), np.full((1, 1, 1), 9.0), np.array([[50]])))
    right = np.arange(50) * np.log(sigmoid(bias))
    np.testing.assert_allclose(gate_path(trajectory)[0, 0], right, rtol=0, atol=1e-10)
    norms = gradient_norms(trajectory)
    part = norms.log_part[network.cell.state[-1]][0, 0]
    first = 1 if network.cell.name == "lstm" else 0  # dL/dc_T is zero, the gradient enters c at the step before
    np.testing.assert_allclose(part[first:] - part[first], right[first:] - right[first], rtol=0, atol=1e-10)


@pytest.mark.parametrize("cell", GATED)
def test_by_plain_products(cell):
    """From the gates' definition, with masks."""
    rng = np.random.default_rng(0)
    network = make_network(cell, h=4)
    p = make_parameters(network, rng)
    trajectory = Trajectory.run(network, p, make_batch(network, rng, 1, 2, 6, [6, 3]))
    found = gate_path(trajectory)
    gate = network.cell.gates.index(network.cell.keep_gate)
    for b, n in enumerate([6, 3]):
        row = trajectory.last_gradient[0, b]
        if network.cell.name == "lstm":
            z_o = trajectory.tape.z[0, n - 1, b, 8:12]
            row = row * sigmoid(z_o) * (1 - np.tanh(trajectory.tape.extra["c"][0, n, b]) ** 2)
        start = np.linalg.norm(row)
        for lag in range(n):
            assert found[0, b, lag] == pytest.approx(np.log(np.linalg.norm(row) / start), abs=1e-10)
            row = row * sigmoid(trajectory.tape.z[0, n - 1 - lag, b, gate * 4 : (gate + 1) * 4])
        assert np.isnan(found[0, b, n:]).all()


def test_a_thousand_closed_gates_stay_finite():
    network, p = zero_weights("gru", -20.0)
    trajectory = Trajectory.run(
        network, p, Batch(np.ones((1, 1, 1000, 1)), np.full((1, 1, 1), 9.0), np.array([[1000]]))
    )
    assert gate_path(trajectory)[0, 0, -1] == pytest.approx(999 * np.log(sigmoid(-20.0)), rel=1e-12)


@pytest.mark.parametrize("cell", GATED)
def test_a_gate_that_is_zero_in_float64_is_not_an_open_one(cell):
    """sigmoid(-800) is e^-800, below the smallest number."""
    network, p = zero_weights(cell, -800.0)
    trajectory = Trajectory.run(network, p, Batch(np.ones((1, 1, 5, 1)), np.full((1, 1, 1), 9.0), np.array([[5]])))
    np.testing.assert_allclose(gate_path(trajectory)[0, 0], -800.0 * np.arange(5), rtol=1e-12)


def test_the_vanilla_cell_has_none():
    rng = np.random.default_rng(0)
    network = make_network("rnn-tanh")
    assert gate_path(Trajectory.run(network, make_parameters(network, rng), make_batch(network, rng))) is None


def test_no_gradient_at_lag_zero_leaves_no_path():
    network, p = zero_weights("lstm", 1.0)
    p["W_ho"][...] = 0
    trajectory = Trajectory.run(network, p, Batch(np.ones((1, 1, 4, 1)), np.ones((1, 1, 1)), np.array([[4]])))
    assert np.isnan(gate_path(trajectory)).all()
