"""Fused float32 gate passes: what one time step does besides its matrix products, one kernel a cell and direction.

Every kernel works on whole arrays and one time index, because views lose their memory layout in Numba, and in short
loops over one row, because long loops over many arrays are not vectorised. Literals are float32 constants; a plain
``0.5`` would widen the loop to float64. Only contraction (fused multiply-add) is allowed to the compiler: NaN and the
order of sums stay as written, so a diverging run is seen and bits depend on the CPU type alone.

Shapes: ``z`` (S, T, B, G), ``hx`` (S, T+1, B, H+D+1), ``c`` (S, T+1, B, H), ``n`` (S, B) sequence lengths; ``back``
and ``carry`` (S, B, H) are the two parts of dL/dh_t: through the matrix product of the next step, and around it. A
step beyond a sequence's length copies the state forward and the gradient backward.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Lengths = NDArray[np.int64]

_kernel = njit(cache=True, fastmath={"contract"}, error_model="numpy")
_inline = njit(cache=True, fastmath={"contract"}, error_model="numpy", inline="always")

_0, _HALF, _1 = np.float32(0), np.float32(0.5), np.float32(1)

# tanh as a rational function of degree 13 over 6 on [-7.905, 7.905] (coefficients of the Eigen library's float
# version): largest error against float64 3.1e-7, absolute and relative, measured in tests/rnn/cells/test_kernels.py, on
# a CPU with fused multiply-add. The sigmoid's bound, 1.7e-7, is absolute: a shut gate is relatively less exact.
_LIMIT = np.float32(7.90531110763549805)
_A1, _A3, _A5, _A7 = (
    np.float32(a) for a in (4.89352455891786e-3, 6.37261928875436e-4, 1.48572235717979e-5, 5.12229709037114e-8)
)
_A9, _A11, _A13 = (np.float32(a) for a in (-8.60467152213735e-11, 2.00018790482477e-13, -2.76076847742355e-16))
_B0, _B2, _B4, _B6 = (
    np.float32(b) for b in (4.89352518554385e-3, 2.26843463243900e-3, 1.18534705686654e-4, 1.19825839466702e-6)
)

TANH, SIGMOID, RELU, LINEAR = range(4)


@_inline
def _tanh(x: np.float32) -> np.float32:
    x = _LIMIT if x > _LIMIT else x  # written so that NaN passes through
    x = -_LIMIT if x < -_LIMIT else x
    q = x * x
    return (
        x
        * (_A1 + q * (_A3 + q * (_A5 + q * (_A7 + q * (_A9 + q * (_A11 + q * _A13))))))
        / (_B0 + q * (_B2 + q * (_B4 + q * _B6)))
    )


@_inline
def _sigmoid(x: np.float32) -> np.float32:
    return _HALF + _HALF * _tanh(_HALF * x)


@_kernel
def vanilla_forward(t: int, n: Lengths, activation: int, z: Floats, hx: Floats) -> None:
    """h_t = f(z_t)."""
    for s in range(z.shape[0]):
        for b in range(z.shape[2]):
            row, h = z[s, t, b], hx[s, t + 1, b]
            if t >= n[s, b]:
                h[: row.size] = hx[s, t, b, : row.size]
            elif activation == TANH:
                for j in range(row.size):
                    h[j] = _tanh(row[j])
            elif activation == SIGMOID:
                for j in range(row.size):
                    h[j] = _sigmoid(row[j])
            elif activation == RELU:
                for j in range(row.size):
                    h[j] = _0 if row[j] < _0 else row[j]
            else:
                h[: row.size] = row


@_kernel
def vanilla_backward(t: int, n: Lengths, activation: int, z: Floats, hx: Floats, back: Floats, carry: Floats) -> None:
    """dL/dz_t = dL/dh_t * f'(z_t), written over z."""
    for s in range(z.shape[0]):
        for b in range(z.shape[2]):
            row, h, g, k = z[s, t, b], hx[s, t + 1, b], back[s, b], carry[s, b]
            if t >= n[s, b]:
                k += g
                row[:] = _0
                continue
            for j in range(row.size):
                g[j] += k[j]
            k[:] = _0
            if activation == TANH:
                for j in range(row.size):
                    row[j] = g[j] * (_1 - h[j] * h[j])
            elif activation == SIGMOID:
                for j in range(row.size):
                    row[j] = g[j] * h[j] * (_1 - h[j])
            elif activation == RELU:
                for j in range(row.size):
                    row[j] = g[j] if h[j] > _0 else _0
            else:
                row[:] = g


@_kernel
def lstm_forward(t: int, n: Lengths, z: Floats, hx: Floats, c: Floats, tanh_c: Floats) -> None:
    """Gates, written over z; c_t; tanh(c_t); h_t."""
    size = c.shape[3]
    for s in range(z.shape[0]):
        for b in range(z.shape[2]):
            row, before, after, squashed, h = z[s, t, b], c[s, t, b], c[s, t + 1, b], tanh_c[s, t, b], hx[s, t + 1, b]
            if t >= n[s, b]:
                after[:] = before
                h[:size] = hx[s, t, b, :size]
                continue
            for j in range(3 * size):
                row[j] = _sigmoid(row[j])
            for j in range(3 * size, 4 * size):
                row[j] = _tanh(row[j])
            for j in range(size):
                after[j] = row[size + j] * before[j] + row[j] * row[3 * size + j]
            for j in range(size):
                squashed[j] = _tanh(after[j])
            for j in range(size):
                h[j] = row[2 * size + j] * squashed[j]


@_kernel
def lstm_backward(
    t: int, n: Lengths, z: Floats, c: Floats, tanh_c: Floats, back: Floats, carry: Floats, dc: Floats
) -> None:
    """dL/dz_t of the gates i, f, o, g, written over them; dL/dc_{t-1}."""
    size = c.shape[3]
    for s in range(z.shape[0]):
        for b in range(z.shape[2]):
            row, before, squashed, g, k, d = z[s, t, b], c[s, t, b], tanh_c[s, t, b], back[s, b], carry[s, b], dc[s, b]
            if t >= n[s, b]:
                k += g
                row[:] = _0
                continue
            for j in range(size):
                g[j] += k[j]
            k[:] = _0
            i, f, o, u = row[:size], row[size : 2 * size], row[2 * size : 3 * size], row[3 * size :]
            for j in range(size):
                d[j] += g[j] * o[j] * (_1 - squashed[j] * squashed[j])
            for j in range(size):
                o[j] = g[j] * squashed[j] * o[j] * (_1 - o[j])
            for j in range(size):
                i_j, u_j = i[j], u[j]
                i[j] = d[j] * u_j * i_j * (_1 - i_j)
                u[j] = d[j] * i_j * (_1 - u_j * u_j)
            for j in range(size):
                f_j, d_j = f[j], d[j]
                f[j] = d_j * before[j] * f_j * (_1 - f_j)
                d[j] = d_j * f_j


@_kernel
def gru_forward(t: int, n: Lengths, z: Floats, hx: Floats, candidate: Floats) -> None:
    """Gates r and u, written over z; the candidate; h_t."""
    size = candidate.shape[3]
    for s in range(z.shape[0]):
        for b in range(z.shape[2]):
            row, before, h, new = z[s, t, b], hx[s, t, b], hx[s, t + 1, b], candidate[s, t, b]
            if t >= n[s, b]:
                h[:size] = before[:size]
                continue
            for j in range(2 * size):
                row[j] = _sigmoid(row[j])
            for j in range(size):
                new[j] = _tanh(new[j] + row[j] * row[2 * size + j])
            for j in range(size):
                h[j] = new[j] + row[size + j] * (before[j] - new[j])


@_kernel
def gru_backward(t: int, n: Lengths, z: Floats, hx: Floats, candidate: Floats, back: Floats, carry: Floats) -> None:
    """dL/dz_t of r, u and a, written over them; dL/dn's pre-activation; the part of dL/dh_{t-1} around W_hh."""
    size = candidate.shape[3]
    for s in range(z.shape[0]):
        for b in range(z.shape[2]):
            row, before, new, g, k = z[s, t, b], hx[s, t, b], candidate[s, t, b], back[s, b], carry[s, b]
            if t >= n[s, b]:
                k += g
                row[:] = _0
                new[:] = _0
                continue
            r, u, a = row[:size], row[size : 2 * size], row[2 * size :]
            for j in range(size):
                g[j] += k[j]
            for j in range(size):
                k[j] = g[j] * u[j]
            for j in range(size):
                g_new = g[j] * (_1 - u[j]) * (_1 - new[j] * new[j])
                u[j] = g[j] * (before[j] - new[j]) * u[j] * (_1 - u[j])
                new[j] = g_new
            for j in range(size):
                r_j, a_j = r[j], a[j]
                a[j] = new[j] * r_j
                r[j] = new[j] * a_j * r_j * (_1 - r_j)


@_kernel
def gru_before_reset(t: int, n: Lengths, z: Floats, hx: Floats, rows: Floats) -> None:
    """Gates r and u, written over z; r * h_{t-1}."""
    size = z.shape[3] // 2
    for s in range(z.shape[0]):
        for b in range(z.shape[2]):
            row, before, kept = z[s, t, b], hx[s, t, b], rows[s, t, b]
            if t >= n[s, b]:
                kept[:size] = _0
                continue
            for j in range(2 * size):
                row[j] = _sigmoid(row[j])
            for j in range(size):
                kept[j] = row[j] * before[j]


@_kernel
def gru_before_forward(t: int, n: Lengths, z: Floats, hx: Floats, candidate: Floats) -> None:
    """The candidate, written over its pre-activation; h_t."""
    size = candidate.shape[3]
    for s in range(z.shape[0]):
        for b in range(z.shape[2]):
            row, before, h, new = z[s, t, b], hx[s, t, b], hx[s, t + 1, b], candidate[s, t, b]
            if t >= n[s, b]:
                h[:size] = before[:size]
                continue
            for j in range(size):
                new[j] = _tanh(new[j])
            for j in range(size):
                h[j] = new[j] + row[size + j] * (before[j] - new[j])


@_kernel
def gru_before_backward(
    t: int, n: Lengths, z: Floats, hx: Floats, candidate: Floats, back: Floats, carry: Floats
) -> None:
    """dL/dz_t of u, and dL/dn's pre-activation, written over them; dL/dh_t * u; zeros over z beyond the length."""
    size = candidate.shape[3]
    for s in range(z.shape[0]):
        for b in range(z.shape[2]):
            row, before, new, g, k = z[s, t, b], hx[s, t, b], candidate[s, t, b], back[s, b], carry[s, b]
            if t >= n[s, b]:
                k += g
                row[:] = _0
                new[:] = _0
                continue
            u = row[size:]
            for j in range(size):
                g[j] += k[j]
            for j in range(size):
                k[j] = g[j] * u[j]
            for j in range(size):
                g_new = g[j] * (_1 - u[j]) * (_1 - new[j] * new[j])
                u[j] = g[j] * (before[j] - new[j]) * u[j] * (_1 - u[j])
                new[j] = g_new


@_kernel
def gru_before_reset_backward(t: int, z: Floats, hx: Floats, d_kept: Floats, carry: Floats) -> None:
    """dL/dz_t of r, written over it, and the part of dL/dh_{t-1} through r * h_{t-1}, from dL/d(r * h_{t-1})."""
    size = d_kept.shape[2]
    for s in range(z.shape[0]):
        for b in range(z.shape[2]):
            r, before, d, k = z[s, t, b], hx[s, t, b], d_kept[s, b], carry[s, b]
            for j in range(size):
                k[j] += d[j] * r[j]
                r[j] = d[j] * before[j] * r[j] * (_1 - r[j])
