"""Gradient norms by lag where they can be written down, and what happens at the edges of float64."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn import unroll
from rnn.cells import LSTM, Vanilla
from rnn.gradients import Trajectory, gradient_norms, sigma_max
from rnn.initialise import orthogonal
from rnn.layers import Dense, Readout
from rnn.network import Batch, Network
from tests.rnn.examples import CELL_KINDS, make_batch, make_network, make_parameters

# ln f'(z) without cancellation, for any z
LOG_SLOPE = {
    "tanh": lambda z: 2 * (np.log(2) - np.abs(z) - np.log1p(np.exp(-2 * np.abs(z)))),
    "sigmoid": lambda z: -np.abs(z) - 2 * np.log1p(np.exp(-np.abs(z))),
    "linear": lambda z: np.zeros_like(z),
}


def vanilla(activation, h=1, d=1):
    return Network(Dense(d), Vanilla(d, h, activation), Readout(h, 1))


def chosen(network, w_hh, w_xh=1.0, b=0.0):
    """Parameters with a given recurrent matrix, and all ones in the readout."""
    h = network.cell.n_hidden
    p = {name: np.zeros((1, *shape)) for name, shape in network.shapes().items()}
    p["W"][0, :h], p["W"][0, h:-1], p["W"][0, -1] = w_hh, w_xh, b
    p["W_ho"][...] = 1.0
    return p


def sequence(x, y=0.5):
    """One sequence of scalar inputs."""
    x = np.asarray(x, np.float64)
    return Batch(x[None, None, :, None], np.full((1, 1, 1), y), np.array([[x.size]]))


@pytest.mark.parametrize("g", [0.8, 1.0, 1.2])
def test_orthogonal_linear_network_gives_powers_of_g(g):
    """REFERENCE A2: W = gQ gives the norm g^k at lag k."""
    network = vanilla("linear", 6)
    p = chosen(network, g * orthogonal(np.random.default_rng(0), 6, 6), w_xh=0.3)
    ratio = gradient_norms(Trajectory.run(network, p, sequence(np.linspace(-1, 1, 80)))).log_ratio[0, 0]
    np.testing.assert_allclose(ratio, np.arange(80) * np.log(g), rtol=0, atol=1e-12)


def test_linear_network_gives_row_times_matrix_power():
    """REFERENCE A2: dL/dh_t = dL/dh_T (W^(T-t))', by matrix_power."""
    rng = np.random.default_rng(1)
    network, w = vanilla("linear", 5), rng.normal(size=(5, 5)) / np.sqrt(5)
    p = chosen(network, w)
    norms = np.exp(gradient_norms(Trajectory.run(network, p, sequence(rng.normal(size=30)))).log_ratio[0, 0])
    row = np.ones(5) / np.sqrt(5)  # dL/dh_T has the direction of W_ho
    for lag in range(30):
        right = np.linalg.norm(row @ np.linalg.matrix_power(w, lag).T)
        assert norms[lag] == pytest.approx(right, rel=1e-11), lag


def test_non_normal_matrix_grows_before_it_vanishes():
    """REFERENCE A3: spectral radius .9, yet the norm first passes 3; J^k = [[.9^k, k .9^(k-1)], [0, .9^k]]."""
    network = vanilla("linear", 2)
    p = chosen(network, [[0.9, 0.0], [1.0, 0.9]])  # rows move back by its transpose, which is J
    p["W_ho"][0] = [[1.0], [0.0]]
    k = np.arange(200)
    norms = np.exp(gradient_norms(Trajectory.run(network, p, sequence(np.ones(200)))).log_ratio[0, 0])
    np.testing.assert_allclose(norms, np.hypot(0.9**k, k * 0.9 ** (k - 1.0)), rtol=1e-11)
    assert norms.max() > 3
    assert norms[-1] < 1e-6


@pytest.mark.parametrize("activation", LOG_SLOPE)
@pytest.mark.parametrize("w", [0.3, -1.5])
def test_one_unit_gives_the_product_of_the_lecture(activation, w):
    """H = 1 makes the lecture's scalar product exact: ln|dh_T/dh_t| = sum ln|f'(z)| + (T - t) ln|w|."""
    rng = np.random.default_rng(2)
    x, network = rng.normal(size=60), vanilla(activation)
    p = chosen(network, w, w_xh=0.7, b=-0.2)
    f = {"tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "linear": lambda z: z}[activation]
    h, z = 0.0, []
    for value in x:
        z.append(w * h + 0.7 * value - 0.2)
        h = f(z[-1])
    slopes = LOG_SLOPE[activation](np.array(z))[::-1] + np.log(abs(w))
    right = np.concatenate(([0.0], np.cumsum(slopes[:-1])))
    ratio = gradient_norms(Trajectory.run(network, p, sequence(x))).log_ratio[0, 0]
    np.testing.assert_allclose(ratio, right, rtol=0, atol=1e-10)


def test_absolute_norm_at_lag_zero():
    """Mean squared error of one output: dL/dh_T = 2 (o - y) W_ho'."""
    network = vanilla("tanh", 3)
    p = chosen(network, 0.0, w_xh=0.4)
    o = 3 * np.tanh(0.4 * 2.0)
    norm = gradient_norms(Trajectory.run(network, p, sequence([9.0, 2.0], y=0.25))).log_norm[0, 0, 0]
    assert norm == pytest.approx(np.log(2 * (o - 0.25) * np.sqrt(3)), abs=1e-14)


def test_sigmoid_is_finite_where_float64_underflows():
    """400 steps at about ln(1/4 * 0.5) each come to e^-830: plain back-propagation gives exactly zero."""
    network, x = vanilla("sigmoid"), np.zeros(400)
    p, batch = chosen(network, 0.5), sequence(x)
    tape = network.tape(1, 400, 1, np.float64)
    network.forward(p, batch, tape)
    (plain,) = unroll.backward(p, tape, (np.ones((1, 1, 1)),))
    assert plain[0, 0, 0] == 0
    ratio = gradient_norms(Trajectory.run(network, p, batch)).log_ratio[0, 0]
    assert np.isfinite(ratio).all()
    h = 0.5
    for _ in range(100):
        h = 1 / (1 + np.exp(-0.5 * h))  # the fixed point
    assert (ratio[300] - ratio[50]) / 250 == pytest.approx(np.log(0.5 * h * (1 - h)), abs=1e-12)
    assert ratio[-1] < np.log(np.finfo(np.float64).smallest_subnormal)


def test_linear_is_finite_where_float64_overflows():
    """3^1000 is far above the largest float64; the state itself stays at zero."""
    network = vanilla("linear")
    ratio = gradient_norms(Trajectory.run(network, chosen(network, 3.0), sequence(np.zeros(1000)))).log_ratio[0, 0]
    np.testing.assert_allclose(ratio, np.arange(1000) * np.log(3), rtol=1e-13)


@pytest.mark.parametrize(("activation", "z"), [("tanh", 12.0), ("tanh", 25.0), ("sigmoid", 20.0), ("sigmoid", 60.0)])
def test_saturated_units_have_small_slopes_not_zero(activation, z):
    """DESIGN 4, item 1: ln f' comes from z (REFERENCE A6), because 1 - h^2 loses its digits, and from 19 on is zero."""
    network = vanilla(activation)
    ratio = gradient_norms(Trajectory.run(network, chosen(network, 1e-3), sequence([0.0, 0.0, z]))).log_ratio[0, 0]
    h = 0.0
    for value in (0.0, 0.0):
        h = np.tanh(1e-3 * h + value) if activation == "tanh" else 1 / (1 + np.exp(-1e-3 * h - value))
    right = LOG_SLOPE[activation](np.array(1e-3 * h + z)) + np.log(1e-3)
    assert ratio[1] == pytest.approx(right, abs=1e-9)


def test_a_full_cell_state_has_a_small_slope_not_zero():
    """LSTM with i = f = g = 1 and o = 1/2: c_T = T = 25, and dL/dc_t = dL/dh_T o tanh'(25) at every lag from 1 on."""
    network = Network(Dense(1), LSTM(1, 1), Readout(1, 1))
    p = {name: np.zeros((1, *shape)) for name, shape in network.shapes().items()}
    p["W"][0, -1] = [40.0, 40.0, 0.0, 40.0]  # biases of i, f, o, g
    p["W_ho"][...] = 1.0
    norms = gradient_norms(Trajectory.run(network, p, sequence(np.zeros(25), y=9.0)))
    right = np.log(0.5) + LOG_SLOPE["tanh"](np.array(25.0))
    np.testing.assert_allclose(norms.log_ratio[0, 0, 1:], right, rtol=0, atol=1e-9)


@pytest.mark.parametrize("activation", LOG_SLOPE)
def test_one_unit_shows_its_inputs_through_the_slope_and_the_input_weight(activation):
    """H = D = 1: ||dL_T/dx_t|| = ||dL_T/dh_t|| |f'(z_t)| |w_xh|, also far below what float64 holds."""
    network, x = vanilla(activation), np.random.default_rng(3).normal(size=900)
    norms = gradient_norms(Trajectory.run(network, chosen(network, 0.2, w_xh=0.7), sequence(x)))
    f = {"tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "linear": lambda z: z}[activation]
    h, z = 0.0, []
    for value in x:
        z.append(0.2 * h + 0.7 * value)
        h = f(z[-1])
    right = norms.log_norm[0, 0] + LOG_SLOPE[activation](np.array(z[::-1])) + np.log(0.7)
    np.testing.assert_allclose(norms.log_input[0, 0], right, rtol=1e-13, atol=1e-10)
    assert norms.log_input[0, 0, -1] < np.log(np.finfo(np.float64).smallest_subnormal)


def test_dead_relu_is_an_exact_zero():
    """A negative pre-activation at step 3 of 5 cuts everything from lag 3 on: -inf, not a small number."""
    network = vanilla("relu")
    ratio = gradient_norms(
        Trajectory.run(network, chosen(network, 0.5), sequence([1.0, 1.0, -9.0, 1.0, 1.0]))
    ).log_ratio[0, 0]
    np.testing.assert_allclose(ratio[:3], np.arange(3) * np.log(0.5), rtol=0, atol=1e-14)
    assert np.isneginf(ratio[3:]).all()


def test_the_input_of_a_dead_relu_is_an_exact_zero_too():
    """The step that is dead passes nothing to its own input, though the state after it still counts."""
    network = vanilla("relu")
    norms = gradient_norms(Trajectory.run(network, chosen(network, 0.5), sequence([1.0, 1.0, -9.0, 1.0, 1.0])))
    np.testing.assert_allclose(norms.log_input[0, 0, :2], norms.log_norm[0, 0, :2], rtol=0, atol=1e-14)
    assert np.isneginf(norms.log_input[0, 0, 2:]).all()


def test_a_zero_gradient_at_lag_zero_has_no_ratio():
    """o = y exactly: every norm is zero and the ratio undefined."""
    network = vanilla("linear")
    norms = gradient_norms(Trajectory.run(network, chosen(network, 0.5), sequence([1.0, 0.0], y=0.5)))
    assert np.isneginf(norms.log_norm).all()
    assert np.isnan(norms.log_ratio).all()


@pytest.mark.parametrize("at", ["last", "every"])
@pytest.mark.parametrize("kind", CELL_KINDS)
def test_lags_count_from_each_sequences_own_end(kind, at):
    """A sequence in a padded batch has the norms it has alone, and NaN at the lags that it does not have."""
    network, rng = make_network(kind, "one-hot", "cross-entropy", at, k=3), np.random.default_rng(4)
    lengths = [9, 1, 5]
    p, batch = make_parameters(network, rng, 2), make_batch(network, rng, 2, 3, 9, [lengths, lengths[::-1]])
    norms = gradient_norms(Trajectory.run(network, p, batch))
    for s, b in np.ndindex(2, 3):
        n = batch.n[s, b]
        y = batch.y[s : s + 1, b : b + 1]
        cut = Batch(batch.x[s : s + 1, b : b + 1, :n], y[:, :, :n] if at == "every" else y, np.array([[n]]))
        alone = gradient_norms(Trajectory.run(network, {name: array[s : s + 1] for name, array in p.items()}, cut))
        np.testing.assert_allclose(norms.log_norm[s, b, :n], alone.log_norm[0, 0], rtol=0, atol=1e-12)
        for part, rows in norms.log_part.items():
            np.testing.assert_allclose(rows[s, b, :n], alone.log_part[part][0, 0], rtol=0, atol=1e-12)
        np.testing.assert_allclose(norms.log_input[s, b, :n], alone.log_input[0, 0], rtol=0, atol=1e-12)
        for rows in (norms.log_norm, norms.log_input, *norms.log_part.values()):
            assert np.isnan(rows[s, b, n:]).all()
            assert not np.isnan(rows[s, b, :n]).any()


@pytest.mark.parametrize("kind", CELL_KINDS)
def test_a_loss_at_every_step_is_measured_at_the_last_one(kind):
    """So that a lag has one meaning (DESIGN 4): the same norms as with the last step's loss alone."""
    every, last = (make_network(kind, loss="cross-entropy", at=at, k=3) for at in ("every", "last"))
    rng = np.random.default_rng(5)
    p, batch = make_parameters(every, rng, 2), make_batch(every, rng, 2, 3, 6, [[6, 2, 4], [1, 6, 5]])
    own_last = np.take_along_axis(batch.y, batch.n[..., None] - 1, axis=2)[..., 0]
    found = gradient_norms(Trajectory.run(every, p, batch))
    right = gradient_norms(Trajectory.run(last, p, Batch(batch.x, own_last, batch.n)))
    np.testing.assert_allclose(found.log_norm, right.log_norm, rtol=0, atol=1e-12)


def test_lstm_has_no_cell_gradient_at_lag_zero():
    """DESIGN 4, item 1: (dL/dh_T, 0) at lag 0, and the full norm joins both parts at every other lag."""
    network, rng = make_network("lstm"), np.random.default_rng(6)
    norms = gradient_norms(Trajectory.run(network, make_parameters(network, rng, 2), make_batch(network, rng, 2, 3, 7)))
    assert np.isneginf(norms.log_part["c"][..., 0]).all()
    joined = np.logaddexp(2 * norms.log_part["h"], 2 * norms.log_part["c"]) / 2
    np.testing.assert_allclose(norms.log_norm, joined, rtol=0, atol=1e-12)
    assert np.isfinite(norms.log_part["c"][..., 1:]).all()


@given(
    activation=st.sampled_from(["tanh", "sigmoid", "relu", "linear"]),
    h=st.integers(1, 6),
    steps=st.integers(2, 12),
    gain=st.floats(0.1, 3),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=60)
def test_no_step_back_exceeds_the_bound(activation, h, steps, gain, seed):
    """REFERENCE A4: ||g_{t-1}|| <= gamma sigma_max(W_hh) ||g_t||, gamma = 1/4 for the sigmoid and 1 else."""
    rng = np.random.default_rng(seed)
    network = vanilla(activation, h)
    w = gain * rng.normal(size=(h, h)) / np.sqrt(h)
    p = chosen(network, w, w_xh=rng.normal(size=(1, h)))
    ratio = gradient_norms(Trajectory.run(network, p, sequence(rng.normal(size=steps), y=100.0))).log_ratio[0, 0]
    bound = np.log(sigma_max(w) * (0.25 if activation == "sigmoid" else 1))
    alive = np.isfinite(ratio)
    assert np.all(np.diff(ratio[alive]) <= bound + 1e-9)


def test_parameters_of_any_type_are_measured_in_float64():
    network, rng = make_network("gru"), np.random.default_rng(7)
    p, batch = make_parameters(network, rng), make_batch(network, rng)
    single = {name: array.astype(np.float32) for name, array in p.items()}
    np.testing.assert_array_equal(
        gradient_norms(Trajectory.run(network, single, batch)).log_norm,
        gradient_norms(Trajectory.run(network, p, batch)).log_norm,
    )
