"""What the backward kernels of all cells do alike to dL/dh; shapes as in ``rnn.cells.kernels``."""

from rnn.cells.elementary import ZERO, Floats, Lengths, kernel

CALLS = "fda654498b75c721"  # as in ``rnn.cells.kernels``


@kernel
def is_zero(s: int, array: Floats) -> bool:
    """Whether a seed's dL/dh or dL/dc (S, B, H) has come to nothing; mostly the first number says no."""
    for b in range(array.shape[1]):
        for j in range(array.shape[2]):
            if array[s, b, j] != ZERO:
                return False
    return True


@kernel
def clear(s: int, first: int, t: int, z: Floats) -> None:
    """Set dL/dz of a seed to 0 from a first step to step t."""
    for i in range(first, t + 1):
        for b in range(z.shape[2]):
            for j in range(z.shape[3]):
                z[s, i, b, j] = ZERO


@kernel
def add_loss(s: int, t: int, every: Floats, back: Floats) -> None:
    """Add to dL/dh_t what the loss at step t does."""
    for b in range(back.shape[1]):
        for j in range(back.shape[2]):
            back[s, b, j] += every[s, t, b, j]


@kernel
def take_up(s: int, t: int, n: Lengths, back: Floats, carry: Floats) -> None:
    """Set dL/dh aside in ``carry`` beyond a sequence's length, and take it up at its last step."""
    for b in range(back.shape[1]):
        if t == n[s, b] - 1:
            for j in range(back.shape[2]):
                back[s, b, j] += carry[s, b, j]
                carry[s, b, j] = ZERO
        elif t >= n[s, b]:
            for j in range(back.shape[2]):
                carry[s, b, j] += back[s, b, j]
                back[s, b, j] = ZERO


@kernel
def cut(s: int, t: int, n: Lengths, window: int, gradient: Floats) -> None:
    """Zero a part of dL/ds_{t-1} (S, B, H) where a window of truncated back-propagation begins with step t."""
    if window == 0:
        return
    for b in range(gradient.shape[1]):
        if t < n[s, b] and (n[s, b] - t) % window == 0:
            for j in range(gradient.shape[2]):
                gradient[s, b, j] = ZERO
