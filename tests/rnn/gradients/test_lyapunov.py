"""Lyapunov spectra where they are known, the split of every partial sum, and what sorting is good for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.cells import ACTIVATIONS
from rnn.gradients import Trajectory, lyapunov_spectrum, sorted_qr, spectral_radius, step_jacobian
from rnn.gradients.samples import laid_end_to_end
from rnn.initialise import orthogonal
from rnn.network import Batch
from rnn.tasks.data import Split
from tests.rnn.examples import CELL_KINDS, make_network, make_parameters

VANILLA = [name for name in CELL_KINDS if name.startswith("rnn")]


def network_with(cell, w, scale=1.0):
    """A network of one input with a given W_hh, the rest drawn."""
    network = make_network(cell, d=1, h=len(w))
    p = make_parameters(network, np.random.default_rng(0))
    p["W"][0, : len(w)] = w
    p["W"][0, len(w) :] *= scale
    return network, p


@pytest.mark.parametrize("g", [0.5, 1.0, 1.3])
def test_scaled_orthogonal_linear_network(g):
    """REFERENCE A2: every exponent is ln g."""
    network, p = network_with("rnn-linear", g * orthogonal(np.random.default_rng(0), 5, 5))
    found = lyapunov_spectrum(network, p, np.zeros((10, 1)), 20, 100)
    np.testing.assert_allclose(found.exponents, np.log(g), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.weights, np.log(g), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.slopes, 0, rtol=0, atol=1e-12)


def test_linear_network_has_the_logarithms_of_the_eigenvalues():
    rng = np.random.default_rng(1)
    values = np.array([1.2, 0.9, -0.5, 0.1])
    basis = rng.normal(size=(4, 4))
    w = basis @ np.diag(values) @ np.linalg.inv(basis)
    network, p = network_with("rnn-linear", w)
    found = lyapunov_spectrum(network, p, np.zeros((1, 1)), 400, 1000)
    np.testing.assert_allclose(found.exponents[0], np.log(np.abs(values)), rtol=0, atol=1e-10)
    assert found.exponents[0, 0] == pytest.approx(np.log(spectral_radius(w)), abs=1e-10)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["tanh", "sigmoid", "linear"]), st.floats(0.1, 30), st.integers(1, 8), st.integers(0, 10**6))
def test_partial_sums_split_and_the_whole_is_known(activation, drive, size, seed):
    """REFERENCE A6: the sum of all is mean ln f' + ln|det W|/H, each taken without QR, up to sd(z) = 30."""
    rng = np.random.default_rng(seed)
    network, p = network_with(f"rnn-{activation}", rng.normal(size=(size, size)) / np.sqrt(size))
    x = drive * rng.normal(size=(60, 1))
    found = lyapunov_spectrum(network, p, x, 20, 60)
    total = np.cumsum(found.exponents[0])
    np.testing.assert_allclose(np.cumsum(found.slopes[0] + found.weights[0]), total, rtol=0, atol=1e-9)
    assert total[-1] / size == pytest.approx(found.mean_slopes[0] + found.mean_weights[0], abs=1e-9)
    trajectory = Trajectory.run(network, p, long_batch(x, 80))
    z = trajectory.tape.z[0, 20:, 0]
    assert found.mean_slopes[0] == pytest.approx(ACTIVATIONS[activation].log_slope(z).mean(), abs=1e-9)
    assert found.mean_weights[0] == pytest.approx(np.linalg.slogdet(p["W"][0, :size])[1] / size, abs=1e-9)


def long_batch(x, steps):
    x = np.resize(x, (steps, *x.shape[1:]))[None, None]
    return Batch(x, np.zeros((1, 1, 2)), np.array([[steps]]))


@pytest.mark.parametrize("cell", [name for name in CELL_KINDS if name != "rnn-relu"])
def test_all_exponents_together_are_the_growth_of_volumes(cell):
    """For every cell: their sum is the mean of ln|det J_t|, of the LSTM's full state too."""
    rng = np.random.default_rng(2)
    network = make_network(cell)
    p, x = make_parameters(network, rng, 2), rng.normal(size=(50, 3))
    found = lyapunov_spectrum(network, p, x, 10, 50)
    assert found.exponents.shape == (2, 4 * len(network.cell.state))
    for s in range(2):
        one = {name: array[s : s + 1] for name, array in p.items()}
        trajectory = Trajectory.run(network, one, long_batch(x, 60))
        right = np.mean([np.linalg.slogdet(step_jacobian(trajectory, t)[0, 0])[1] for t in range(10, 60)])
        assert found.exponents[s].sum() == pytest.approx(right, abs=1e-10)
        alone = lyapunov_spectrum(network, one, x, 10, 50)
        np.testing.assert_array_equal(alone.exponents[0], found.exponents[s])
    if cell in VANILLA:
        return
    assert (found.slopes, found.weights, found.mean_slopes, found.mean_weights) == (None,) * 4


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("bias", [-1.0, 2.0])
def test_gates_alone(cell, bias):
    """REFERENCE A10, zero weights: H exponents are ln sigma(b); the LSTM's h keeps nothing but rounding."""
    network = make_network(cell, d=1, h=3)
    p = {name: np.zeros((1, *shape)) for name, shape in network.shapes().items()}
    gate = network.cell.gates.index(network.cell.keep_gate)
    p["W"][0, -1, gate * 3 : (gate + 1) * 3] = bias
    found = lyapunov_spectrum(network, p, np.ones((5, 1)), 10, 40).exponents[0]
    np.testing.assert_allclose(found[:3], -np.log1p(np.exp(-bias)), rtol=0, atol=1e-12)
    assert (found[3:] < np.log(np.finfo(np.float64).eps)).all()


def test_relu_loses_as_many_exponents_as_units_are_off():
    """Two of four units never fire: two exponents are those of the other block, two minus infinity."""
    w = np.diag([0.9, 0.8, 0.7, 0.6])
    network, p = network_with("rnn-relu", w, 0.0)
    p["W"][0, -1] = [1, -1, 1, -1]
    found = lyapunov_spectrum(network, p, np.zeros((3, 1)), 400, 50)
    np.testing.assert_allclose(found.exponents[0, :2], np.log([0.9, 0.7]), rtol=0, atol=1e-9)
    assert np.isneginf(found.exponents[0, 2:]).all()
    np.testing.assert_allclose(found.slopes[0, :2] + found.weights[0, :2], found.exponents[0, :2], atol=1e-12)
    assert np.isnan(found.slopes[0, 2:]).all()
    assert np.isneginf(found.mean_slopes[0])


def test_relu_units_that_are_off_are_not_shown_as_rounding():
    """With a dense matrix QR finds some 1e-17 where the rank is lost, an exponent of about -38."""
    rng = np.random.default_rng(0)
    network, p = network_with("rnn-relu", 0.3 * np.abs(rng.normal(size=(5, 5))), 0.0)
    p["W"][0, :5, [1, 3]] *= -1
    p["W"][0, -1] = [1, -9, 1, -9, 1]
    found = lyapunov_spectrum(network, p, np.zeros((3, 1)), 20, 30)
    assert np.isfinite(found.exponents[0]).tolist() == [True, True, True, False, False]


def test_relu_with_every_unit_off():
    network, p = network_with("rnn-relu", np.eye(3), 0.0)
    p["W"][0, -1] = -1
    found = lyapunov_spectrum(network, p, np.zeros((3, 1)), 10, 20)
    assert np.isneginf(found.exponents).all()


def test_an_overflowing_state_is_told_apart():
    """ReLU with W = 10: the state leaves float64 after 308 steps. The linear Jacobian does not depend on it."""
    for cell, expected in (("rnn-relu", np.nan), ("rnn-linear", np.log(10))):
        network, p = network_with(cell, 10.0 * np.eye(1))
        p["W"][0, -1] = 1
        found = lyapunov_spectrum(network, p, np.ones((3, 1)), 100, 400)
        np.testing.assert_allclose(found.exponents[0], expected, rtol=1e-12)


@pytest.mark.parametrize("scale", [40.0, 150.0])
def test_slopes_of_a_step_may_differ_by_more_than_float64_holds(scale):
    """tanh with sd(z) of some hundreds: no exponent is lost, and their sum is what z and W_hh say (A6)."""
    rng = np.random.default_rng(0)
    network, p = network_with("rnn-tanh", scale * rng.normal(size=(16, 16)))
    found = lyapunov_spectrum(network, p, rng.normal(size=(50, 1)), 10, 40)
    assert found.mean_slopes[0] < -100
    assert np.isfinite(found.exponents).all()
    assert found.exponents.mean() == pytest.approx(found.mean_slopes[0] + found.mean_weights[0], rel=1e-12)
    two = {name: np.concatenate((array, 0.1 * array)) for name, array in p.items()}
    together = lyapunov_spectrum(network, two, rng.normal(size=(50, 1)) * 0 + 0.5, 10, 40)
    alone = lyapunov_spectrum(network, {name: array[1:] for name, array in two.items()}, np.full((50, 1), 0.5), 10, 40)
    np.testing.assert_array_equal(together.exponents[1], alone.exponents[0])


def test_a_singular_matrix_loses_one_exponent():
    network, p = network_with("rnn-linear", np.diag([0.9, 0.0]))
    found = lyapunov_spectrum(network, p, np.zeros((1, 1)), 100, 50)
    np.testing.assert_allclose(found.exponents[0], [np.log(0.9), -np.inf], atol=1e-9)
    assert np.isfinite(found.weights[0]).tolist() == np.isfinite(found.slopes[0]).tolist() == [True, False]


def test_sorting_saves_the_small_exponents():
    """Rows between 1 and 1e-300 in the wrong order: exact by theory, off by tens of nats without the sorting."""
    rng = np.random.default_rng(0)
    rows = np.exp(-np.array([600.0, 0.0, 300.0, 20.0]))
    m = rows[:, None] * rng.normal(size=(4, 4))
    q, log_r = (found[0] for found in sorted_qr(m[None]))
    exact = np.log(rows).sum() + np.linalg.slogdet(m / rows[:, None])[1]
    assert log_r.sum() == pytest.approx(exact, rel=1e-13)
    np.testing.assert_allclose(q.T @ q, np.eye(4), atol=1e-14)
    with np.errstate(divide="ignore"):
        naive = np.log(np.abs(np.diagonal(np.linalg.qr(m)[1]))).sum()
    assert abs(naive - exact) > 10


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 10**6))
def test_sorted_qr_is_a_qr_of_the_same_columns(rows, columns, seed):
    columns = min(rows, columns)
    m = np.random.default_rng(seed).normal(size=(2, rows, columns))
    q, log_r = sorted_qr(m)
    np.testing.assert_allclose(
        q.swapaxes(1, 2) @ q, np.broadcast_to(np.eye(columns), (2, columns, columns)), atol=1e-13
    )
    for k in range(1, columns + 1):
        volume = np.linalg.slogdet(m[..., :k].swapaxes(1, 2) @ m[..., :k])[1] / 2
        np.testing.assert_allclose(log_r[:, :k].sum(axis=1), volume, rtol=0, atol=1e-7)


def test_sorted_qr_needs_a_stack():
    with pytest.raises(ValueError, match="A stack of matrices"):
        sorted_qr(np.eye(3))


def test_logistic_map():
    """REFERENCE A9: x' = 4 x (1 - x) has the exponent ln 2; the derivative 4 (1 - 2x) goes through the same QR."""
    x, total, frame = 0.3, 0.0, np.ones((1, 1, 1))
    for _ in range(20000):
        frame, grown = sorted_qr(4 * (1 - 2 * x) * frame)
        total += grown[0, 0]
        x = 4 * x * (1 - x)
    assert total / 20000 == pytest.approx(np.log(2), rel=0.01)


def test_input_is_repeated_where_it_is_short():
    network, p = network_with("rnn-tanh", np.eye(2) * 0.9)
    x = np.array([[0.5], [-1.0], [2.0]])
    short = lyapunov_spectrum(network, p, x, 7, 30)
    long = lyapunov_spectrum(network, p, np.tile(x, (20, 1)), 7, 30)
    np.testing.assert_array_equal(short.exponents, long.exponents)


@pytest.mark.parametrize("cell", CELL_KINDS)
def test_some_exponents_are_the_first_of_all(cell):
    rng = np.random.default_rng(4)
    network = make_network(cell)
    p, x = make_parameters(network, rng, 2), rng.normal(size=(50, 3))
    all_of_them = lyapunov_spectrum(network, p, x, 10, 50)
    for wanted in (1, 3):
        some = lyapunov_spectrum(network, p, x, 10, 50, wanted)
        np.testing.assert_allclose(some.exponents, all_of_them.exponents[:, :wanted], rtol=0, atol=1e-9)
        if some.slopes is not None:
            np.testing.assert_allclose(some.slopes, all_of_them.slopes[:, :wanted], rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("inputs", "burn_in", "steps", "wanted"), [(0, 1, 1, 1), (3, 1, 0, 1), (3, -1, 4, 1), (3, 1, 1, 0), (3, 1, 1, 3)]
)
def test_windows_and_numbers_that_cannot_be_are_refused(inputs, burn_in, steps, wanted):
    network, p = network_with("rnn-tanh", np.eye(2))
    with pytest.raises(ValueError, match="A spectrum of 1 to 2 exponents needs"):
        lyapunov_spectrum(network, p, np.zeros((inputs, 1)), burn_in, steps, wanted)


@pytest.mark.parametrize("shape", [(5,), (1, 5, 1)])
def test_inputs_that_are_not_one_sequence_are_refused(shape):
    network, p = network_with("rnn-tanh", np.eye(2))
    with pytest.raises(ValueError, match="x must be one sequence"):
        lyapunov_spectrum(network, p, np.zeros(shape))


def test_sequences_laid_end_to_end():
    """Without padding, whole sequences until there are enough, all where there are not."""
    x = np.array([[1, 2, 9], [3, 9, 9], [4, 5, 6], [7, 9, 9]])
    split = Split(x, np.zeros(4), np.array([2, 1, 3, 1]))
    assert laid_end_to_end(split, 1).tolist() == [1, 2]
    assert laid_end_to_end(split, 2).tolist() == [1, 2]
    assert laid_end_to_end(split, 4).tolist() == [1, 2, 3, 4, 5, 6]
    assert laid_end_to_end(split, 99).tolist() == [1, 2, 3, 4, 5, 6, 7]
