"""Lyapunov exponents of a cell along a driving sequence, by repeated orthonormalisation (Benettin et al. 1980)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.cells import ACTIVATIONS, Vanilla
from rnn.gradients.jacobians import step_jacobian
from rnn.gradients.trajectory import Trajectory
from rnn.layers import Dense
from rnn.network import Batch, Network

Array = NDArray[Any]
BURN_IN = 300  # steps before the window: half for the state to settle, half for the frame
STEPS = 1000  # of the window
LARGEST_SPAN = 300.0  # nats between the slopes of a step that one QR resolves; float64 ends at 745


@dataclass(frozen=True)
class Spectrum:
    """Exponents in nats a step, means over a window of steps.

    Attributes
    ----------
    exponents
        (S, K), K of the N exponents of the full state, the largest first (but for fluctuations of a finite window).
        -inf where a slope is exactly zero (ReLU), NaN for a seed whose state overflowed. What a gated cell's step
        shrinks below the rounding of float64 shows as that rounding, some -36.
    slopes, weights
        (S, K), vanilla cell: the sum of the first k exponents is that of the first k entries of both, the growth of
        k-dimensional volumes by f' and by W_hh. None for gated cells, NaN where the exponent is not finite.
    mean_slopes, mean_weights
        (S,), vanilla cell: mean of ln f'(z) over units and steps, and ln abs det W_hh / H. Taken from z and W_hh alone,
        their sum is the mean of all N exponents. -inf with ReLU and with a singular matrix.
    """

    exponents: NDArray[np.float64]
    slopes: NDArray[np.float64] | None
    weights: NDArray[np.float64] | None
    mean_slopes: NDArray[np.float64] | None
    mean_weights: NDArray[np.float64] | None


def sorted_qr(m: Array) -> tuple[Array, NDArray[np.float64]]:
    """Return the orthonormal factor of matrices (S, N, K), K <= N, and ln abs of R's diagonal (S, K).

    Rows are sorted by size before Householder's QR and put back afterwards. Slopes make rows differ by many orders of
    magnitude, and without the sorting large rows drown the small ones (Cox & Higham 1998).

    Raises
    ------
    ValueError
        It is not a stack of matrices.
    """
    if m.ndim != 3:
        raise ValueError(f"A stack of matrices (S, N, K) is needed, not an array of shape {m.shape}.")
    order = np.argsort(-np.abs(m).max(axis=-1), axis=-1, kind="stable")
    stack = np.arange(len(m))[:, None]
    q, r = np.linalg.qr(m[stack, order])
    back = np.empty_like(q)
    back[stack, order] = q
    return back, _log_diagonal(r)


def lyapunov_spectrum(
    network: Network,
    p: dict[str, Array],
    x: Array,
    burn_in: int = BURN_IN,
    steps: int = STEPS,
    n_exponents: int | None = None,
) -> Spectrum:
    """Measure the exponents of the full state of S seeds, driven by one long sequence from a state of zeros.

    For a trained or driven network they are finite-time conditional exponents: they belong to this input.

    Parameters
    ----------
    p
        Parameters of S seeds; computed in float64.
    x
        Inputs (L, D) of one sequence, or its symbols (L,), the same for all seeds; repeated where L is below burn_in +
        steps.
    burn_in
        Steps before the window: half of them for the state alone, then half with the frame.
    n_exponents
        How many, the largest first; None for all N.

    Raises
    ------
    ValueError
        The inputs are not one sequence, there is none, no step in the window, or no such number of exponents.
    """
    axes = 2 if isinstance(network.inputs, Dense) else 1
    if x.ndim != axes:
        raise ValueError(f"x must be one sequence, {'(L, D)' if axes == 2 else '(L,)'}, not of shape {x.shape}.")
    size = network.cell.n_hidden * len(network.cell.state)
    wanted = size if n_exponents is None else n_exponents
    if len(x) < 1 or steps < 1 or burn_in < 0 or not 1 <= wanted <= size:
        raise ValueError(
            f"A spectrum of 1 to {size} exponents needs inputs and steps, not {wanted} exponents, {len(x)} inputs, "
            f"{burn_in} + {steps} steps."
        )
    total = burn_in + steps
    x = np.tile(x, (-(-total // len(x)), *[1] * (x.ndim - 1)))[:total]
    seeds = len(p["W"])
    batch = Batch(
        np.broadcast_to(x, (seeds, 1, *x.shape)), np.zeros((seeds, 1, 1)), np.full((seeds, 1), total, np.int64)
    )
    with np.errstate(over="ignore", invalid="ignore"):  # a state that overflows is looked for
        trajectory = Trajectory.run(network, p, batch)
        if isinstance(network.cell, Vanilla):
            return _vanilla(trajectory, network.cell, wanted, burn_in, steps)
        return _gated(trajectory, _frames(trajectory, size, wanted), burn_in, steps)


def _gated(trajectory: Trajectory, frame: Array, burn_in: int, steps: int) -> Spectrum:
    sums = np.zeros((len(frame), frame.shape[-1]))
    for t in range(burn_in // 2, burn_in + steps):
        frame, grown = sorted_qr(step_jacobian(trajectory, t)[:, 0] @ frame)
        if t >= burn_in:
            sums += grown
    return Spectrum(_where_finite(trajectory, sums / steps), None, None, None, None)


def _vanilla(trajectory: Trajectory, cell: Vanilla, wanted: int, burn_in: int, steps: int) -> Spectrum:
    """Each step in two stages, W_hh^T and then the slopes, so that every partial sum splits."""
    w_t = trajectory.p["W"][:, : cell.n_hidden].swapaxes(1, 2)
    log_slope = ACTIVATIONS[cell.activation].log_slope(trajectory.tape.z[:, :, 0])
    frame = _frames(trajectory, cell.n_hidden, wanted)
    sums, of_weights = np.zeros((2, len(frame), wanted))
    for t in range(burn_in // 2, burn_in + steps):
        moved = w_t @ frame
        frame, grown = _through_slopes(log_slope[:, t], moved)
        if t >= burn_in:
            sums += grown
            of_weights += _log_diagonal(_triangle(moved))
    # a unit with slope 0 takes one dimension, which rounding would show as a very negative exponent
    rank = np.count_nonzero(np.isfinite(log_slope[:, burn_in // 2 :]), axis=-1).min(axis=1)
    lost = np.arange(wanted) >= rank[:, None]
    exponents = np.where(lost, -np.inf, sums / steps)
    weights = of_weights / steps
    if cell.activation != "linear":  # whose Jacobian is W_hh^T whatever the state
        exponents = _where_finite(trajectory, exponents)
    defined = np.isfinite(exponents)
    weights = np.where(defined, weights, np.nan)
    slopes = np.where(defined, exponents, np.nan) - weights
    window = log_slope[:, burn_in:]
    mean_slopes = np.add.reduce(window.reshape(len(window), -1), axis=1) / window[0].size
    return Spectrum(exponents, slopes, weights, mean_slopes, np.linalg.slogdet(w_t)[1] / cell.n_hidden)


def _through_slopes(log_slope: Array, moved: Array) -> tuple[Array, NDArray[np.float64]]:
    """Return the frame after diag(f') and ln of what each of its directions has grown.

    Relative to the steepest unit, and in several equal powers of diag(f') where units differ by more than one QR
    resolves.
    """
    steepest = log_slope.max(axis=-1, keepdims=True)
    steepest = np.where(np.isneginf(steepest), 0, steepest)
    relative = log_slope - steepest
    span = -np.where(np.isfinite(relative), relative, 0).min(axis=-1)
    parts = np.maximum(1, np.ceil(span / LARGEST_SPAN))[:, None]
    once = np.exp(relative / parts)[..., None]
    frame, total = sorted_qr(once * moved)
    for done in range(1, int(parts.max())):
        again, grown = sorted_qr(once * frame)
        frame = np.where(done < parts[..., None], again, frame)
        total = np.where(done < parts, total + grown, total)
    return frame, total + steepest


def _frames(trajectory: Trajectory, size: int, wanted: int) -> Array:
    """The same orthonormal vectors for every seed, drawn so that they lie along no coordinate."""
    drawn = np.random.default_rng(0).normal(size=(size, size))
    return np.broadcast_to(np.linalg.qr(drawn)[0][:, :wanted], (len(trajectory.batch.n), size, wanted))


def _triangle(m: Array) -> Array:
    """R of QR, without Q."""
    return np.asarray(np.linalg.qr(m, mode="r"))


def _log_diagonal(r: Array) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.abs(np.diagonal(r, axis1=-2, axis2=-1))))


def _where_finite(trajectory: Trajectory, values: Array) -> Array:
    finite = np.asarray(np.isfinite(trajectory.tape.z).all(axis=(1, 2, 3), keepdims=True))
    return np.where(finite[:, :, 0, 0], values, np.nan)
