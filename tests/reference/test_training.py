"""Cliffs, clipping, counts and gradient checks (REFERENCE A18 to A21)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.cells import GRU, LSTM, GRUBefore, Vanilla
from rnn.cliff import SigmoidUnit, saddle_nodes
from rnn.gradients import Trajectory, gradient_norms
from rnn.layers import Dense, Readout
from rnn.network import Batch, Network
from rnn.optimise import Clip
from rnn.reference.cells import all_cells
from rnn.reference.checks import complex_step, draw_batch, draw_parameters, gradient_cases
from rnn.reference.cliff import final_error
from rnn.variants import VARIANTS
from tests.reference.rows import assert_row, measured


def test_a18():
    """One sigmoid unit, w = 5: the cliff at b = -2.6123 is the border of a basin (Pascanu et al. 2013, section 2.2)."""
    assert_row("A18")


@pytest.mark.parametrize("bias", [-4.0, -3.0, -2.62, -2.6, -2.5, -2.0, 0.0])
def test_a18_unit_and_network_agree(bias):
    """The formula of the unit against a vanilla cell of one unit."""
    assert SigmoidUnit().error(5, bias) == pytest.approx(final_error(bias), rel=1e-12)


def test_a18_the_cliff_is_between_the_saddle_nodes_and_far_from_both():
    """The error jumps where the start crosses the border, not where an attractor appears or disappears."""
    border = SigmoidUnit().border(5)
    lower, upper = saddle_nodes(5)
    assert lower < border < upper
    assert final_error(border - 1e-3) > 0.3
    assert final_error(border + 1e-3) < 0.1
    for node in (lower, upper):
        assert abs(final_error(node - 1e-4) - final_error(node + 1e-4)) < 1e-3


def test_a19():
    """Scale min(1, c/norm) of the norm over all parameters together (Pascanu et al. 2013, algorithm 1)."""
    assert_row("A19")


@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(1, 30),
    scale=st.floats(1e-100, 1e100),
    threshold=st.floats(1e-3, 1e3),
)
def test_a19_any_gradient(seed, size, scale, threshold):
    gradient = scale * np.random.default_rng(seed).normal(size=(3, size))
    clipped = gradient.copy()
    norm, scaled = Clip(threshold)(clipped)
    right = np.linalg.norm(gradient, axis=1)
    np.testing.assert_allclose(norm, right, rtol=1e-12)
    factor = np.minimum(1, threshold / right)
    np.testing.assert_allclose(clipped, gradient * factor[:, None], rtol=1e-12)
    assert (scaled == (norm > threshold)).all()
    assert (clipped[~scaled] == gradient[~scaled]).all()


def test_a20():
    """One bias a gate: RNN DH + H^2 + H, LSTM 4 times, GRU 3 times and H for b_hn (closed form)."""
    assert_row("A20")


@given(d=st.integers(1, 9), h=st.integers(1, 9))
def test_a20_any_size(d, h):
    block = d * h + h * h + h
    right = {Vanilla: block, LSTM: 4 * block, GRU: 3 * block + h, GRUBefore: 3 * block}
    for kind, count in right.items():
        cell = kind(d, h)
        entries = {name: np.ones(shape) for name, shape in cell.shapes().items()}
        cell.clear_structural_zeros(entries["W"])
        assert sum(array.sum() for array in entries.values()) == cell.n_parameters == count


def test_a21():
    """Central differences below 1e-7 for every cell and mask; long lags by complex step (Squire & Trapp 1998).

    REFERENCE says below 1e-14 up to lag 350. Norms are logarithms here, and the last digit of -177 is 3e-14: measured
    are 3e-14 (rnn, gru) and 1.4e-13 (lstm), and 1e-12 is allowed.
    """
    assert_row("A21")


def test_a21_errors_are_those_of_differences_not_zero():
    """What differences of 1e-5 leave in float64: the table shows the error itself, not what is beyond an allowance."""
    for case in measured("A21"):
        if "central differences" in case.statement:
            assert 1e-11 < case.measured < 1e-8, case


def test_a21_is_about_every_cell():
    """Each form of each cell of the registry of variants has a case."""
    names = {case.statement.partition(":")[0] for case in measured("A21")}
    assert names == set(all_cells(2, 2))
    forms = {type(v.cell(name, 2, 2)) for v in VARIANTS.values() for name in v.cells}
    assert {type(cell) for cell in all_cells(2, 2).values()} == forms


def test_a21_notices_a_wrong_gradient(monkeypatch):
    """One part in a hundred thousand at one step."""
    step = Vanilla.backward_step

    def wrong(self, tape, t):
        step(self, tape, t)
        tape.z[:, t] *= 1.00001

    monkeypatch.setattr(Vanilla, "backward_step", wrong)
    failed = {case.statement.partition(":")[0] for case in gradient_cases() if not case.ok}
    assert failed == {name for name in all_cells(2, 2) if name.startswith("rnn")}


def test_a21_differences_are_useless_at_long_lags():
    """Beyond lag 50 or so real differences have no digit left; the complex step has all."""
    rng = np.random.default_rng(21)
    network = Network(Dense(1), Vanilla(1, 8), Readout(8, 1))
    p = draw_parameters(network, rng)
    p["W"][:, :8] *= 0.6
    batch = draw_batch(network, rng, np.array([[121]]))
    norms = gradient_norms(Trajectory.run(network, p, batch)).log_norm[0, 0]
    for lag, close in ((5, True), (100, False)):
        exact = complex_step(network, p, batch, lag)[0]
        assert np.exp(norms[lag]) == pytest.approx(np.linalg.norm(exact), rel=1e-10, abs=0)
        differences = [central_difference(network, p, batch, lag, unit) for unit in range(8)]
        error = np.linalg.norm(differences - exact) / np.linalg.norm(exact)
        assert (error < 1e-4) if close else (error > 0.5)


def central_difference(network, p, batch, lag, unit, epsilon=1e-5):
    """(L(h + eps) - L(h - eps)) / (2 eps) for one unit of the state ``lag`` steps before the last."""
    steps = batch.x.shape[2]
    head = network.tape(1, steps - lag, 1, np.float64)
    network.forward(p, Batch(batch.x[:, :, : steps - lag], batch.y, batch.n - lag), head)
    rest = Batch(batch.x[:, :, steps - lag :], batch.y, batch.n * 0 + lag)
    losses = []
    for sign in (1, -1):
        state = head.h[:, -1].copy()
        state[..., unit] += sign * epsilon
        tape = network.tape(1, lag, 1, np.float64)
        losses.append(network.mean_loss(rest, network.forward(p, rest, tape, (state,))).item())
    return (losses[0] - losses[1]) / (2 * epsilon)
