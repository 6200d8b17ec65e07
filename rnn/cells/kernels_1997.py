"""Fused float32 kernels of the LSTM without forget gate; conventions as in ``rnn.cells.kernels``."""

import numpy as np

from rnn.cells.backward import add_loss, clear, cut, is_zero, take_up
from rnn.cells.elementary import ONE, ZERO, Floats, Lengths, kernel, sigmoid, tanh
from rnn.cells.product import add_products, rows_left, step_product, steps_in_block

CALLS = "25396e7d4761673f"  # as in ``rnn.cells.kernels``

_I, _O, _G = range(3)  # blocks of z


@kernel
def lstm_1997_forward(n: Lengths, w: Floats, hx: Floats, z: Floats, c: Floats, tanh_c: Floats) -> None:
    """z_t = [h_{t-1}, x_t, 1] W, then the gates."""
    z_t = np.empty((1, 1, *z.shape[2:]), np.float32)
    gates_t, gates = z_t.reshape(1, 1, z.shape[2], 3, -1), z.reshape(*z.shape[:3], 3, -1)
    for s in range(z.shape[0]):
        rows = z.shape[2]
        for t in range(z.shape[1]):
            rows = rows_left(rows, n, s, t)
            step_product(s, t, rows, hx, 0, w, z_t, 0, 0)
            _states(s, t, n, gates_t, gates, hx, c, tanh_c)


@kernel
def _states(s: int, t: int, n: Lengths, z_t: Floats, z: Floats, hx: Floats, c: Floats, tanh_c: Floats) -> None:
    """Gates, into z; c_t; tanh(c_t); h_t."""
    for b in range(z.shape[2]):
        if t >= n[s, b]:
            for j in range(z.shape[4]):
                c[s, t + 1, b, j] = c[s, t, b, j]
                hx[s, t + 1, b, j] = hx[s, t, b, j]
            continue
        for gate in range(2):
            for j in range(z.shape[4]):
                z[s, t, b, gate, j] = sigmoid(z_t[0, 0, b, gate, j])
        for j in range(z.shape[4]):
            z[s, t, b, _G, j] = tanh(z_t[0, 0, b, _G, j])
        for j in range(z.shape[4]):
            c[s, t + 1, b, j] = c[s, t, b, j] + z[s, t, b, _I, j] * z[s, t, b, _G, j]
        for j in range(z.shape[4]):
            tanh_c[s, t, b, j] = tanh(c[s, t + 1, b, j])
        for j in range(z.shape[4]):
            hx[s, t + 1, b, j] = z[s, t, b, _O, j] * tanh_c[s, t, b, j]


@kernel
def lstm_1997_backward(
    n: Lengths,
    window: int,
    w: Floats,
    hx: Floats,
    tanh_c: Floats,
    every: Floats,
    whole: bool,
    z: Floats,
    back: Floats,
    carry: Floats,
    dc: Floats,
    d_w: Floats,
) -> None:
    """dL/dz_t of the gates, written over them, dL/dc_{t-1} = dL/dc_t, and dL/dh_{t-1} = dL/dz_t W_hh^T."""
    to, block = back.reshape(z.shape[0], 1, z.shape[2], -1), steps_in_block(z.shape[2])
    gates = z.reshape(*z.shape[:3], 3, -1)
    for s in range(z.shape[0] - 1, -1, -1):
        for t in range(z.shape[1] - 1, -1, -1):
            if every.size:
                add_loss(s, t, every, back)
            over = not every.size and is_zero(s, back) and is_zero(s, carry) and is_zero(s, dc)
            if over:
                clear(s, 0 if whole else t // block * block, t, z)
            else:
                take_up(s, t, n, back, carry)
                _gradients(s, t, n, tanh_c, back, gates, dc)
                step_product(s, t, rows_left(z.shape[2], n, s, t), z, 0, w, to, s, 0)
                cut(s, t, n, window, back)
                cut(s, t, n, window, dc)
            if over or t % block == 0:
                add_products(s, t // block * block, hx, 0, z, d_w)
            if over:
                break


@kernel
def _gradients(s: int, t: int, n: Lengths, tanh_c: Floats, back: Floats, z: Floats, dc: Floats) -> None:
    for b in range(z.shape[2]):
        if t >= n[s, b]:
            for gate in range(3):
                for j in range(z.shape[4]):
                    z[s, t, b, gate, j] = ZERO
            continue
        for j in range(z.shape[4]):
            slope = ONE - tanh_c[s, t, b, j] * tanh_c[s, t, b, j]
            dc[s, b, j] += back[s, b, j] * z[s, t, b, _O, j] * slope
        for j in range(z.shape[4]):
            o = z[s, t, b, _O, j]
            z[s, t, b, _O, j] = back[s, b, j] * tanh_c[s, t, b, j] * o * (ONE - o)
        for j in range(z.shape[4]):
            i, g = z[s, t, b, _I, j], z[s, t, b, _G, j]
            z[s, t, b, _I, j] = dc[s, b, j] * g * i * (ONE - i)
            z[s, t, b, _G, j] = dc[s, b, j] * i * (ONE - g * g)
