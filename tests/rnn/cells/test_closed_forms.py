"""Gates as time constants, and other runs whose result can be written down (REFERENCE A2, A10)."""

import numpy as np
import pytest

from rnn import unroll
from rnn.cells import GRU, LSTM, LSTM1997, GRUBefore, Vanilla
from rnn.tape import Tape

T, H = 12, 3


def zero_weights(cell, **bias):
    """All weights zero, the named gates' biases set."""
    p = {name: np.zeros((1, *shape)) for name, shape in cell.shapes().items()}
    for gate, value in bias.items():
        block = cell.gates.index(gate) * H
        p["W"][:, -1, block : block + H] = value
    return p


def run(cell, p, d_last, initial=None):
    tape = Tape.allocate(cell, 1, T, 1, np.float64)
    state = tuple(part.copy() for part in unroll.forward(p, tape, initial))
    return state, unroll.backward(p, tape, d_last)


@pytest.mark.parametrize("bias", [-1.0, 0.0, 1.0, 3.0])
def test_lstm_cell_state_decays_with_the_forget_gate(bias):
    """dc_T/dc_0 = f^T and c_T = f^T c_0, since i g = 0 when g = tanh(0)."""
    cell, f = LSTM(1, H), 1 / (1 + np.exp(-bias))
    one, none = np.ones((1, 1, H)), np.zeros((1, 1, H))
    c_0 = np.array([[[0.5, -1.0, 2.0]]])
    (_, c), (_, d_c) = run(cell, zero_weights(cell, f=bias), (none, one), (none, c_0))
    np.testing.assert_allclose(c, f**T * c_0, rtol=1e-13)
    np.testing.assert_allclose(d_c, f**T * one, rtol=1e-13)


def test_lstm_1997_cell_state_is_a_sum():
    """The constant error carousel: without weights dc_T/dc_0 = 1, and c_T = c_0 + T i g, here with half-open gates."""
    cell, one, none = LSTM1997(1, H), np.ones((1, 1, H)), np.zeros((1, 1, H))
    c_0 = np.array([[[0.5, -1.0, 2.0]]])
    (h, c), (_, d_c) = run(cell, zero_weights(cell, g=0.1), (none, one), (none, c_0))
    np.testing.assert_allclose(c, c_0 + T * 0.5 * np.tanh(0.1), rtol=1e-13)
    np.testing.assert_allclose(h, 0.5 * np.tanh(c), rtol=1e-13)
    np.testing.assert_array_equal(d_c, one)


def test_lstm_1997_is_the_lstm_whose_forget_gate_is_open():
    """A forget gate of sigma(800) = 1 and the weights of the other three; over 12 steps, values and gradients."""
    rng, found = np.random.default_rng(1), []
    initial, d_last = (tuple(rng.normal(size=(2, 1, 1, H))) for _ in range(2))
    w = {gate: rng.normal(size=(H + 2, H)) for gate in LSTM1997.gates} | {"f": np.zeros((H + 2, H))}
    w["f"][-1] = 800
    for form in (LSTM, LSTM1997):
        cell = form(1, H)
        found.append(run(cell, {"W": np.concatenate([w[gate] for gate in cell.gates], axis=1)[None]}, d_last, initial))
    for with_gate, without in zip(*found, strict=True):
        np.testing.assert_allclose(without, with_gate, rtol=1e-12)


@pytest.mark.parametrize("form", [GRU, GRUBefore])
@pytest.mark.parametrize("bias", [-1.0, 0.0, 1.0, 3.0])
def test_gru_state_decays_with_the_update_gate(bias, form):
    """dh_T/dh_0 = sigma(b)^T, 2^-T at b = 0: an update gate of 1 keeps."""
    cell, u = form(1, H), 1 / (1 + np.exp(-bias))
    h_0 = np.array([[[0.5, -1.0, 2.0]]])
    (h,), (d_h,) = run(cell, zero_weights(cell, u=bias), (np.ones((1, 1, H)),), (h_0,))
    np.testing.assert_allclose(h, u**T * h_0, rtol=1e-13)
    np.testing.assert_allclose(d_h, np.full((1, 1, H), u**T), rtol=1e-13)
    if bias == 0:
        np.testing.assert_allclose(d_h, 2.0**-T, rtol=1e-13)


def test_linear_state_is_a_matrix_power():
    """h_T = h_0 W^T and dL/dh_0 = dL/dh_T (W^T)', by matrix_power."""
    cell = Vanilla(1, H, "linear")
    w = np.random.default_rng(0).normal(size=(H, H)) / np.sqrt(H)
    p = zero_weights(cell)
    p["W"][0, :H] = w
    h_0, d_last = np.array([[[1.0, -2.0, 0.5]]]), np.array([[[0.3, 0.2, -1.0]]])
    (h,), (d_h,) = run(cell, p, (d_last,), (h_0,))
    power = np.linalg.matrix_power(w, T)
    np.testing.assert_allclose(h[0, 0], h_0[0, 0] @ power, rtol=1e-12)
    np.testing.assert_allclose(d_h[0, 0], d_last[0, 0] @ power.T, rtol=1e-12)


@pytest.mark.parametrize(
    ("activation", "f"),
    [
        ("tanh", lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))),
        ("sigmoid", lambda z: 1 / (1 + np.exp(-z))),
        ("relu", lambda z: np.where(z > 0, z, 0)),
        ("linear", lambda z: z),
    ],
)
def test_one_step_of_each_activation(activation, f):
    cell = Vanilla(1, 5, activation)
    z = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
    p = {"W": np.zeros((1, 7, 5))}
    p["W"][0, -1] = z
    tape = Tape.allocate(cell, 1, 1, 1, np.float64)
    np.testing.assert_allclose(unroll.forward(p, tape)[0][0, 0], f(z), rtol=1e-15, atol=1e-15)


def test_gru_reset_gate_stands_after_the_product():
    """A shut reset gate leaves the candidate's own bias and hides the recurrent one; an open one adds it."""
    cell = GRU(1, H)
    for reset, seen in ((-800.0, 0.0), (800.0, 0.7)):
        p = zero_weights(cell, r=reset, u=-800.0, a=0.7)
        p["W_n"][:, -1] = 0.2
        tape = Tape.allocate(cell, 1, 1, 1, np.float64)
        np.testing.assert_allclose(unroll.forward(p, tape)[0][0, 0], np.tanh(0.2 + seen), rtol=1e-14)


def test_gru_before_reset_gate_stands_before_the_product():
    """Shut, it hides the old state from the candidate, whose one bias stays; open, the candidate sees all of it."""
    cell, rng = GRUBefore(1, H), np.random.default_rng(2)
    h_0, u_n = rng.normal(size=(1, 1, H)), rng.normal(size=(H, H))
    for reset, seen in ((-800.0, 0.0), (800.0, h_0[0, 0] @ u_n)):
        p = zero_weights(cell, r=reset, u=-800.0)
        p["W_n"][:, :H], p["W_n"][:, -1] = u_n, 0.2
        tape = Tape.allocate(cell, 1, 1, 1, np.float64)
        np.testing.assert_allclose(unroll.forward(p, tape, (h_0,))[0][0, 0], np.tanh(0.2 + seen), rtol=1e-14)


def test_the_two_forms_of_the_gru_agree_where_reset_gates_are_alike_for_all_units():
    """r U = U r for a scalar r: equal gate biases and no gate weights; half open, over 12 steps."""
    rng = np.random.default_rng(3)
    u_n, inputs, h_0 = rng.normal(size=(H, H)), rng.normal(size=(2, H)), rng.normal(size=(1, 1, H))
    states = []
    for form in (GRU, GRUBefore):
        cell = form(1, H)
        p = zero_weights(cell, r=0.3, u=-0.4)
        p["W_n"][:, -2:] = inputs
        (p["W"][:, :H, 2 * H :] if form is GRU else p["W_n"][:, :H])[...] = u_n
        states.append(run(cell, p, (np.ones((1, 1, H)),), (h_0,)))
    for after, before in zip(*states, strict=True):
        np.testing.assert_allclose(after[0], before[0], rtol=1e-12)


def test_gru_before_against_the_published_equations():
    """Written down as published (Cho et al. 2014), column vectors, z = u, one unit and step after the other."""
    cell, rng = GRUBefore(2, H), np.random.default_rng(4)
    p = {name: rng.normal(size=(1, *shape)) for name, shape in cell.shapes().items()}
    x, h = rng.normal(size=(T, 2)), rng.normal(size=H)
    tape = Tape.allocate(cell, 1, T, 1, np.float64)
    tape.x[0, :, 0] = x
    found = unroll.forward(p, tape, (h[None, None],))[0][0, 0]
    w, w_n = p["W"][0].T, p["W_n"][0].T
    for x_t in x:
        new = np.empty(H)
        gates = [1 / (1 + np.exp(-(w[j, :H] @ h + w[j, H : H + 2] @ x_t + w[j, -1]))) for j in range(2 * H)]
        for j in range(H):
            reset = sum(w_n[j, i] * gates[i] * h[i] for i in range(H))
            candidate = np.tanh(w_n[j, H : H + 2] @ x_t + w_n[j, -1] + reset)
            new[j] = gates[H + j] * h[j] + (1 - gates[H + j]) * candidate
        h = new
    np.testing.assert_allclose(found, h, rtol=1e-12)
