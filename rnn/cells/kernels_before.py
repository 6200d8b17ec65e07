"""Fused float32 kernels of the GRU with the reset gate before the product; conventions as in ``rnn.cells.kernels``."""

import numpy as np

from rnn.cells.backward import add_loss, clear, cut, is_zero, take_up
from rnn.cells.elementary import ONE, ZERO, Floats, Lengths, kernel, sigmoid, tanh
from rnn.cells.product import add_products, rows_left, step_product, steps_in_block

CALLS = "25396e7d4761673f"  # as in ``rnn.cells.kernels``

_R, _K = range(2)  # blocks of z: reset, keep (update)


@kernel
def gru_before_forward(n: Lengths, w: Floats, w_n: Floats, hx: Floats, z: Floats, kept: Floats, new: Floats) -> None:
    """z_t = [h_{t-1}, x_t, 1] W, then the gates, then [r * h_{t-1}, x_t, 1] W_n; ``kept`` holds these rows."""
    gates = z.reshape(*z.shape[:3], 2, -1)
    for s in range(z.shape[0]):
        rows = z.shape[2]
        for t in range(z.shape[1]):
            rows = rows_left(rows, n, s, t)
            step_product(s, t, rows, hx, 0, w, z, s, t)
            _reset(s, t, n, gates, hx, kept)
            step_product(s, t, rows, kept, 0, w_n, new, s, t)
            _states(s, t, n, gates, hx, new)


@kernel
def _reset(s: int, t: int, n: Lengths, z: Floats, hx: Floats, kept: Floats) -> None:
    """Gates r and u, written over z; r * h_{t-1}."""
    for b in range(z.shape[2]):
        if t >= n[s, b]:
            for j in range(z.shape[4]):
                kept[s, t, b, j] = ZERO
            continue
        for gate in range(2):
            for j in range(z.shape[4]):
                z[s, t, b, gate, j] = sigmoid(z[s, t, b, gate, j])
        for j in range(z.shape[4]):
            kept[s, t, b, j] = z[s, t, b, _R, j] * hx[s, t, b, j]


@kernel
def _states(s: int, t: int, n: Lengths, z: Floats, hx: Floats, new: Floats) -> None:
    """The candidate, written over its pre-activation; h_t."""
    for b in range(z.shape[2]):
        if t >= n[s, b]:
            for j in range(z.shape[4]):
                hx[s, t + 1, b, j] = hx[s, t, b, j]
            continue
        for j in range(z.shape[4]):
            new[s, t, b, j] = tanh(new[s, t, b, j])
        for j in range(z.shape[4]):
            hx[s, t + 1, b, j] = new[s, t, b, j] + z[s, t, b, _K, j] * (hx[s, t, b, j] - new[s, t, b, j])


@kernel
def gru_before_backward(
    n: Lengths,
    window: int,
    w: Floats,
    w_n: Floats,
    hx: Floats,
    kept: Floats,
    every: Floats,
    whole: bool,
    z: Floats,
    new: Floats,
    back: Floats,
    carry: Floats,
    d_w: Floats,
    d_w_n: Floats,
) -> None:
    """dL/dz_t of u and of the candidate, dL/d(r * h_{t-1}), dL/dz_t of r, and dL/dh_{t-1} through and around W_hh."""
    d_kept, batch = np.empty((1, 1, *back.shape[1:]), np.float32), z.shape[2]
    to, block, gates = back.reshape(z.shape[0], 1, batch, -1), steps_in_block(batch), z.reshape(*z.shape[:3], 2, -1)
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
                _gradients(s, t, n, hx, new, back, gates, carry)
                rows = rows_left(batch, n, s, t)
                step_product(s, t, rows, new, 0, w_n, d_kept, 0, 0)
                _reset_gradients(s, t, n, hx, d_kept, gates, carry)
                step_product(s, t, rows, z, 0, w, to, s, 0)
                cut(s, t, n, window, back)
                cut(s, t, n, window, carry)
            if over or t % block == 0:
                add_products(s, t // block * block, hx, 0, z, d_w)
                add_products(s, t // block * block, kept, 0, new, d_w_n)
            if over:
                break


@kernel
def _gradients(s: int, t: int, n: Lengths, hx: Floats, new: Floats, back: Floats, z: Floats, carry: Floats) -> None:
    """dL/dz_t of u, and dL/dn's pre-activation, written over them; dL/dh_t * u."""
    for b in range(z.shape[2]):
        if t >= n[s, b]:
            for j in range(z.shape[4]):
                z[s, t, b, _R, j], z[s, t, b, _K, j], new[s, t, b, j] = ZERO, ZERO, ZERO
            continue
        for j in range(z.shape[4]):
            back[s, b, j] += carry[s, b, j]
        for j in range(z.shape[4]):
            carry[s, b, j] = back[s, b, j] * z[s, t, b, _K, j]
        for j in range(z.shape[4]):
            n_j, u = new[s, t, b, j], z[s, t, b, _K, j]
            z[s, t, b, _K, j] = back[s, b, j] * (hx[s, t, b, j] - n_j) * u * (ONE - u)
            new[s, t, b, j] = back[s, b, j] * (ONE - u) * (ONE - n_j * n_j)


@kernel
def _reset_gradients(s: int, t: int, n: Lengths, hx: Floats, d_kept: Floats, z: Floats, carry: Floats) -> None:
    """dL/dz_t of r, written over it, and the part of dL/dh_{t-1} through r * h_{t-1}, from dL/d(r * h_{t-1})."""
    for b in range(z.shape[2]):
        if t >= n[s, b]:
            continue
        for j in range(z.shape[4]):
            r, d = z[s, t, b, _R, j], d_kept[0, 0, b, j]
            carry[s, b, j] += d * r
            z[s, t, b, _R, j] = d * hx[s, t, b, j] * r * (ONE - r)
