"""Fused float32 kernels: all time steps of one cell in one direction, a stack's seeds one after the other.

Each step is a product (``rnn.cells.product``) and the cell's gate pass, in short loops over one row, because long loops
over many arrays are not vectorised, by indices alone, because views are counted, and without sums of indices, because
the compiler does not know their sign. Whole slices are never assigned: their error messages take seconds to compile.

Shapes: ``z`` (S, T, B, G), in gate passes (S, T, B, G/H, H), ``z_t`` the same of one step, ``hx`` (S, T+1, B, H+D+1),
``c`` (S, T+1, B, H), ``tanh_c`` and ``new`` (S, T, B, H), ``n`` (S, B) sequence lengths; ``back``
and ``carry`` (S, B, H) are the two parts of dL/dh_t: through the matrix product of the next step, and around it;
``every`` (S, T, B, H) or empty: what the loss at each step adds. A step beyond a sequence's length copies the state
forward and the gradient backward. Weights are packed. A backward pass adds to ``d_w`` (S, H+D+1, G or more) block by
block, and without ``every`` it ends once the gradient of all sequences is exactly zero: whatever is left is zero
too, as far as states are finite, and z gets these zeros if it is wanted ``whole``. ``window``: after how many steps,
from a sequence's last one on, the gradient is cut off; 0: never.
"""

import numpy as np

from rnn.cells.backward import add_loss, clear, cut, is_zero, take_up
from rnn.cells.elementary import ONE, ZERO, Floats, Lengths, kernel, sigmoid, tanh
from rnn.cells.product import add_products, rows_left, step_product, steps_in_block

# Numba takes compiled code from its cache for as long as a file is the same, whatever became of the files it calls:
# their digest, so that this file changes with them. A test says what to write here.
CALLS = "25396e7d4761673f"

TANH, SIGMOID, RELU, LINEAR = range(4)  # activations
_I, _F, _O, _U = range(4)  # blocks of the LSTM's z
_R, _K, _A = range(3)  # of the GRU's: reset, keep (update), what the reset gate is applied to


@kernel
def vanilla_forward(n: Lengths, activation: int, w: Floats, hx: Floats, z: Floats) -> None:
    """z_t = [h_{t-1}, x_t, 1] W, h_t = f(z_t)."""
    z_t = np.empty((1, 1, *z.shape[2:]), np.float32)
    for s in range(z.shape[0]):
        rows = z.shape[2]
        for t in range(z.shape[1]):
            rows = rows_left(rows, n, s, t)
            step_product(s, t, rows, hx, 0, w, z_t, 0, 0)
            _vanilla_states(s, t, n, activation, z_t, hx)


@kernel
def _vanilla_states(s: int, t: int, n: Lengths, activation: int, z_t: Floats, hx: Floats) -> None:
    size = z_t.shape[3]
    for b in range(z_t.shape[2]):
        if t >= n[s, b]:
            for j in range(size):
                hx[s, t + 1, b, j] = hx[s, t, b, j]
        elif activation == TANH:
            for j in range(size):
                hx[s, t + 1, b, j] = tanh(z_t[0, 0, b, j])
        elif activation == SIGMOID:
            for j in range(size):
                hx[s, t + 1, b, j] = sigmoid(z_t[0, 0, b, j])
        elif activation == RELU:
            for j in range(size):
                hx[s, t + 1, b, j] = ZERO if z_t[0, 0, b, j] < ZERO else z_t[0, 0, b, j]
        else:
            for j in range(size):
                hx[s, t + 1, b, j] = z_t[0, 0, b, j]


@kernel
def vanilla_backward(
    n: Lengths,
    window: int,
    activation: int,
    w: Floats,
    hx: Floats,
    every: Floats,
    whole: bool,
    z: Floats,
    back: Floats,
    carry: Floats,
    d_w: Floats,
) -> None:
    """dL/dz_t = dL/dh_t * f'(z_t), into z, and dL/dh_{t-1} = dL/dz_t W_hh^T."""
    to, block = back.reshape(z.shape[0], 1, z.shape[2], -1), steps_in_block(z.shape[2])
    for s in range(z.shape[0] - 1, -1, -1):
        for t in range(z.shape[1] - 1, -1, -1):
            if every.size:
                add_loss(s, t, every, back)
            over = not every.size and is_zero(s, back) and is_zero(s, carry)
            if over:
                clear(s, 0 if whole else t // block * block, t, z)
            else:
                take_up(s, t, n, back, carry)
                _vanilla_gradients(s, t, n, activation, hx, back, z)
                step_product(s, t, rows_left(z.shape[2], n, s, t), z, 0, w, to, s, 0)
                cut(s, t, n, window, back)
            if over or t % block == 0:
                add_products(s, t // block * block, hx, 0, z, d_w)
            if over:
                break


@kernel
def _vanilla_gradients(s: int, t: int, n: Lengths, activation: int, hx: Floats, back: Floats, z: Floats) -> None:
    size = z.shape[3]
    for b in range(z.shape[2]):
        if t >= n[s, b]:
            for j in range(size):
                z[s, t, b, j] = ZERO
        elif activation == TANH:
            for j in range(size):
                z[s, t, b, j] = back[s, b, j] * (ONE - hx[s, t + 1, b, j] * hx[s, t + 1, b, j])
        elif activation == SIGMOID:
            for j in range(size):
                z[s, t, b, j] = back[s, b, j] * hx[s, t + 1, b, j] * (ONE - hx[s, t + 1, b, j])
        elif activation == RELU:
            for j in range(size):
                z[s, t, b, j] = back[s, b, j] if hx[s, t + 1, b, j] > ZERO else ZERO
        else:
            for j in range(size):
                z[s, t, b, j] = back[s, b, j]


@kernel
def lstm_forward(n: Lengths, w: Floats, hx: Floats, z: Floats, c: Floats, tanh_c: Floats) -> None:
    """z_t = [h_{t-1}, x_t, 1] W, then the gates."""
    z_t = np.empty((1, 1, *z.shape[2:]), np.float32)
    gates_t, gates = z_t.reshape(1, 1, z.shape[2], 4, -1), z.reshape(*z.shape[:3], 4, -1)
    for s in range(z.shape[0]):
        rows = z.shape[2]
        for t in range(z.shape[1]):
            rows = rows_left(rows, n, s, t)
            step_product(s, t, rows, hx, 0, w, z_t, 0, 0)
            _lstm_states(s, t, n, gates_t, gates, hx, c, tanh_c)


@kernel
def _lstm_states(s: int, t: int, n: Lengths, z_t: Floats, z: Floats, hx: Floats, c: Floats, tanh_c: Floats) -> None:
    """Gates, into z; c_t; tanh(c_t); h_t."""
    for b in range(z.shape[2]):
        if t >= n[s, b]:
            for j in range(z.shape[4]):
                c[s, t + 1, b, j] = c[s, t, b, j]
                hx[s, t + 1, b, j] = hx[s, t, b, j]
            continue
        for gate in range(3):
            for j in range(z.shape[4]):
                z[s, t, b, gate, j] = sigmoid(z_t[0, 0, b, gate, j])
        for j in range(z.shape[4]):
            z[s, t, b, _U, j] = tanh(z_t[0, 0, b, _U, j])
        for j in range(z.shape[4]):
            c[s, t + 1, b, j] = z[s, t, b, _F, j] * c[s, t, b, j] + z[s, t, b, _I, j] * z[s, t, b, _U, j]
        for j in range(z.shape[4]):
            tanh_c[s, t, b, j] = tanh(c[s, t + 1, b, j])
        for j in range(z.shape[4]):
            hx[s, t + 1, b, j] = z[s, t, b, _O, j] * tanh_c[s, t, b, j]


@kernel
def lstm_backward(
    n: Lengths,
    window: int,
    w: Floats,
    hx: Floats,
    c: Floats,
    tanh_c: Floats,
    every: Floats,
    whole: bool,
    z: Floats,
    back: Floats,
    carry: Floats,
    dc: Floats,
    d_w: Floats,
) -> None:
    """dL/dz_t of the gates, written over them, dL/dc_{t-1}, and dL/dh_{t-1} = dL/dz_t W_hh^T."""
    to, block = back.reshape(z.shape[0], 1, z.shape[2], -1), steps_in_block(z.shape[2])
    gates = z.reshape(*z.shape[:3], 4, -1)
    for s in range(z.shape[0] - 1, -1, -1):
        for t in range(z.shape[1] - 1, -1, -1):
            if every.size:
                add_loss(s, t, every, back)
            over = not every.size and is_zero(s, back) and is_zero(s, carry) and is_zero(s, dc)
            if over:
                clear(s, 0 if whole else t // block * block, t, z)
            else:
                take_up(s, t, n, back, carry)
                _lstm_gradients(s, t, n, c, tanh_c, back, gates, dc)
                step_product(s, t, rows_left(z.shape[2], n, s, t), z, 0, w, to, s, 0)
                cut(s, t, n, window, back)
                cut(s, t, n, window, dc)
            if over or t % block == 0:
                add_products(s, t // block * block, hx, 0, z, d_w)
            if over:
                break


@kernel
def _lstm_gradients(s: int, t: int, n: Lengths, c: Floats, tanh_c: Floats, back: Floats, z: Floats, dc: Floats) -> None:
    for b in range(z.shape[2]):
        if t >= n[s, b]:
            for gate in range(4):
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
            i, u = z[s, t, b, _I, j], z[s, t, b, _U, j]
            z[s, t, b, _I, j] = dc[s, b, j] * u * i * (ONE - i)
            z[s, t, b, _U, j] = dc[s, b, j] * i * (ONE - u * u)
        for j in range(z.shape[4]):
            f, d = z[s, t, b, _F, j], dc[s, b, j]
            z[s, t, b, _F, j] = d * c[s, t, b, j] * f * (ONE - f)
            dc[s, b, j] = d * f


@kernel
def gru_forward(n: Lengths, w: Floats, w_n: Floats, hx: Floats, z: Floats, new: Floats) -> None:
    """z_t = [h_{t-1}, x_t, 1] W and x_t W_n + b_n, then the gates."""
    z_t, new_t = np.empty((1, 1, *z.shape[2:]), np.float32), np.empty((1, 1, *new.shape[2:]), np.float32)
    gates_t, gates = z_t.reshape(1, 1, z.shape[2], 3, -1), z.reshape(*z.shape[:3], 3, -1)
    for s in range(z.shape[0]):
        rows = z.shape[2]
        for t in range(z.shape[1]):
            rows = rows_left(rows, n, s, t)
            step_product(s, t, rows, hx, 0, w, z_t, 0, 0)
            step_product(s, t, rows, hx, new.shape[3], w_n, new_t, 0, 0)
            _gru_states(s, t, n, gates_t, new_t, gates, hx, new)


@kernel
def _gru_states(s: int, t: int, n: Lengths, z_t: Floats, new_t: Floats, z: Floats, hx: Floats, new: Floats) -> None:
    """Gates r and u, and a, into z; the candidate; h_t."""
    for b in range(z.shape[2]):
        if t >= n[s, b]:
            for j in range(z.shape[4]):
                hx[s, t + 1, b, j] = hx[s, t, b, j]
            continue
        for gate in range(2):
            for j in range(z.shape[4]):
                z[s, t, b, gate, j] = sigmoid(z_t[0, 0, b, gate, j])
        for j in range(z.shape[4]):
            z[s, t, b, _A, j] = z_t[0, 0, b, _A, j]
        for j in range(z.shape[4]):
            new[s, t, b, j] = tanh(new_t[0, 0, b, j] + z[s, t, b, _R, j] * z_t[0, 0, b, _A, j])
        for j in range(z.shape[4]):
            hx[s, t + 1, b, j] = new[s, t, b, j] + z[s, t, b, _K, j] * (hx[s, t, b, j] - new[s, t, b, j])


@kernel
def gru_backward(
    n: Lengths,
    window: int,
    w: Floats,
    hx: Floats,
    every: Floats,
    whole: bool,
    z: Floats,
    new: Floats,
    back: Floats,
    carry: Floats,
    d_w: Floats,
    d_w_n: Floats,
) -> None:
    """dL/dz_t of r, u and a, written over them, dL/dn's pre-activation, and dL/dh_{t-1} through and around W_hh."""
    to, block = back.reshape(z.shape[0], 1, z.shape[2], -1), steps_in_block(z.shape[2])
    gates = z.reshape(*z.shape[:3], 3, -1)
    for s in range(z.shape[0] - 1, -1, -1):
        for t in range(z.shape[1] - 1, -1, -1):
            if every.size:
                add_loss(s, t, every, back)
            over = not every.size and is_zero(s, back) and is_zero(s, carry)
            if over:
                clear(s, 0 if whole else t // block * block, t, z)
                clear(s, 0 if whole else t // block * block, t, new)
            else:
                take_up(s, t, n, back, carry)
                _gru_gradients(s, t, n, hx, new, back, gates, carry)
                step_product(s, t, rows_left(z.shape[2], n, s, t), z, 0, w, to, s, 0)
                cut(s, t, n, window, back)
                cut(s, t, n, window, carry)
            if over or t % block == 0:
                add_products(s, t // block * block, hx, 0, z, d_w)
                add_products(s, t // block * block, hx, new.shape[3], new, d_w_n)
            if over:
                break


@kernel
def _gru_gradients(s: int, t: int, n: Lengths, hx: Floats, new: Floats, back: Floats, z: Floats, carry: Floats) -> None:
    for b in range(z.shape[2]):
        if t >= n[s, b]:
            for j in range(z.shape[4]):
                z[s, t, b, _R, j], z[s, t, b, _K, j], z[s, t, b, _A, j], new[s, t, b, j] = ZERO, ZERO, ZERO, ZERO
            continue
        for j in range(z.shape[4]):
            back[s, b, j] += carry[s, b, j]
        for j in range(z.shape[4]):
            carry[s, b, j] = back[s, b, j] * z[s, t, b, _K, j]
        for j in range(z.shape[4]):
            n_j, u = new[s, t, b, j], z[s, t, b, _K, j]
            z[s, t, b, _K, j] = back[s, b, j] * (hx[s, t, b, j] - n_j) * u * (ONE - u)
            new[s, t, b, j] = back[s, b, j] * (ONE - u) * (ONE - n_j * n_j)
        for j in range(z.shape[4]):
            r, a = z[s, t, b, _R, j], z[s, t, b, _A, j]
            z[s, t, b, _A, j] = new[s, t, b, j] * r
            z[s, t, b, _R, j] = new[s, t, b, j] * a * r * (ONE - r)
