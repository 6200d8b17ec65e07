"""Gates as time constants, and other runs whose result can be written down (REFERENCE A2, A10)."""

import numpy as np
import pytest

from rnn import unroll
from rnn.cells import GRU, LSTM, Vanilla
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


@pytest.mark.parametrize("bias", [-1.0, 0.0, 1.0, 3.0])
def test_gru_state_decays_with_the_update_gate(bias):
    """dh_T/dh_0 = sigma(b)^T, 2^-T at b = 0: an update gate of 1 keeps."""
    cell, u = GRU(1, H), 1 / (1 + np.exp(-bias))
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
