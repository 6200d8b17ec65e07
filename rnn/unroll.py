"""Forward and back-propagation through time over any cell, in the memory of a tape.

One stacked product a step, ``[h_{t-1}, x_t, 1] W``, then the cell's gate pass: in float32 all steps in one fused
kernel, else in NumPy, step by step, so that measurements can look on.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.tape import Tape

Array = NDArray[Any]
State = tuple[Array, ...]  # (h,) or (h, c), each (S, B, H)


def forward(p: dict[str, Array], tape: Tape, initial: State | None = None) -> State:
    """Run all steps from the inputs on the tape and return the state after the last one.

    ``initial`` is the state before the first step, zero if None. Steps beyond a sequence's length (``tape.n``) carry
    the state, so the returned state is the one after each sequence's own last step.
    """
    for t, part in enumerate(_states(tape)):
        part[:, 0] = 0 if initial is None else initial[t]
    if cell := tape.fused_cell:
        cell.forward_fused(p, tape)
    else:
        tape.cell.before(p, tape)
        for t in range(tape.steps):
            np.matmul(tape.hx[:, t], p["W"], out=tape.z[:, t])
            tape.cell.forward_step(tape, t)
    return tuple(part[:, -1] for part in _states(tape))


def start_backward(tape: Tape, d_last: State) -> None:
    """Set dL/ds after the last step; ``d_last`` has one (S, B, H) array for each part of the state, or dL/dh alone."""
    tape.back[...] = d_last[0]
    tape.carry[...] = 0
    second = tape.cell.extra_state(tape)
    if second is not None:
        second[1][...] = d_last[1] if len(d_last) > 1 else 0


def divide_backward(tape: Tape, scale: Array) -> None:
    """Divide dL/ds at the step that the backward pass has reached by ``scale`` (S, B): the pass is linear in it."""
    for part in _gradients(tape):
        part[...] = part / scale[..., None]


def truncate_backward(tape: Tape, t: int) -> None:
    """Let no gradient flow from step t (0-based), just visited, to the one before it, where a window begins with t."""
    begins = tape.active(t) & ((tape.n - t) % tape.window == 0)[..., None]
    for part in _gradients(tape):
        part[...] = np.where(begins, 0, part)


def step_backward(w_hh_t: Array, tape: Tape, t: int) -> None:
    """Move dL/ds from after step t (0-based) to before it; ``w_hh_t`` is W_hh transposed, (S, G, H)."""
    tape.cell.backward_step(tape, t)
    np.matmul(tape.z[:, t], w_hh_t, out=tape.back)


def backward(p: dict[str, Array], tape: Tape, d_last: State, d_every: Array | None = None, whole: bool = True) -> State:
    """Back-propagate through all steps, or through windows of ``tape.window``; afterwards ``tape.z`` holds dL/dz.

    Parameters
    ----------
    d_last
        dL/ds after the last step, besides ``d_every``.
    d_every
        (S, T, B, H): what the loss at each step adds to dL/dh_t; None for a loss at the last step alone.
    whole
        False: a fused pass may leave ``tape.z`` as it was at steps where dL/dz is 0, if nobody asks for the inputs'
        gradient.

    Returns
    -------
    dL/ds before the first step, one (S, B, H) array for each part of the state.
    """
    start_backward(tape, d_last)
    if cell := tape.fused_cell:
        if d_every is not None and d_every.shape != (*tape.z.shape[:3], tape.cell.n_hidden):
            raise ValueError(
                f"dL/dh of every step has shape {d_every.shape}, not {(*tape.z.shape[:3], tape.cell.n_hidden)}."
            )
        every = np.zeros((0, 0, 0, 0), np.float32) if d_every is None else np.ascontiguousarray(d_every, np.float32)
        tape.sums.update(cell.backward_fused(p, tape, every, whole))
        return state_gradient(tape)
    w_hh_t = transposed_recurrent(p, tape)
    for t in reversed(range(tape.steps)):
        if d_every is not None:
            np.add(tape.back, d_every[:, t], out=tape.back)
        step_backward(w_hh_t, tape, t)
        if tape.window:
            truncate_backward(tape, t)
    return state_gradient(tape)


def weight_gradient(tape: Tape, grad: dict[str, Array]) -> None:
    """Write the gradients of the cell's parameters, after ``backward``."""
    if tape.fused_cell:
        for name in tape.cell.shapes():
            grad[name][...] = tape.sums[name]
    else:
        tape.cell.weight_gradient(tape, grad)
    tape.cell.clear_structural_zeros(grad["W"])


def state_gradient(tape: Tape) -> State:
    """Return dL/ds at the step the backward pass has reached, one new (S, B, H) array for each part."""
    second = tape.cell.extra_state(tape)
    d_h = tape.back + tape.carry
    return (d_h,) if second is None else (d_h, second[1].copy())


def transposed_recurrent(p: dict[str, Array], tape: Tape) -> Array:
    """W_hh transposed, (S, G, H), copied once because a product with a transposed view is slower at every step."""
    return np.ascontiguousarray(p["W"][:, : tape.cell.n_hidden].swapaxes(1, 2))


def _gradients(tape: Tape) -> list[Array]:
    """The parts of dL/ds at the step the backward pass has reached."""
    second = tape.cell.extra_state(tape)
    return [tape.back, tape.carry] if second is None else [tape.back, tape.carry, second[1]]


def _states(tape: Tape) -> list[Array]:
    second = tape.cell.extra_state(tape)
    return [tape.h] if second is None else [tape.h, second[0]]
