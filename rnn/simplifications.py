"""The lecture's simplifications of back-propagation, each beside the exact gradient of its "hello" network.

Each is made alone, all else exact, but for the last one, which is the formula of section 4.3.3 as it is printed. The
derivation before it is of the loss summed over all steps, L; section 4.3.3 is of that of the last step, L_T.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn import lecture
from rnn.lecture import W_HH, W_HO, Array


@dataclass(frozen=True)
class Simplification:
    """A gradient, exactly and as simplified: of ``of``, "L" or "L_T", by ``by``."""

    name: str
    of: str
    by: str
    exact: Array
    simplified: Array

    @property
    def error(self) -> float:
        """||simplified - exact|| / ||exact||."""
        return float(np.linalg.norm(self.simplified - self.exact) / np.linalg.norm(self.exact))


def simplifications() -> tuple[Simplification, ...]:
    """Return all of them, in the order of the lecture."""
    steps = lecture.forward()
    whole = lecture.backward(steps)
    targets = [lecture.one_hot(step.target) for step in steps]
    own = np.zeros_like(W_HO)  # with the softmax differentiated as if output j took logit j alone
    by_j = np.zeros_like(W_HH)  # with h^(j) for h^(i); the last output has none, for there are fewer hidden units
    for step, y in zip(steps, targets, strict=True):
        own += np.outer(step.h, -y * (1 - step.y_hat))
        by_j += (step.y_hat - y)[: len(step.h)] * step.h

    slopes = [1 - step.h**2 for step in steps]
    rows = lecture.rows_of_last_loss(steps)[::-1]  # g_1 .. g_T
    d_z = [row * slope for row, slope in zip(rows, slopes, strict=True)]
    w_xh = _summed([np.outer(step.x, d) for step, d in zip(steps, d_z, strict=True)])
    w_hh = _summed([np.outer(step.h_before, d) for step, d in zip(steps, d_z, strict=True)])
    sorted_apart = (rows[-1] * np.prod(slopes[1:], axis=0)) @ np.linalg.matrix_power(W_HH.T, len(steps) - 1)
    alone = rows[-1] * np.prod([slope * np.diag(W_HH) for slope in slopes[1:]], axis=0)
    first = steps[0]
    return (
        Simplification("no cross terms", "L", "W_ho", whole.w_ho, own),
        Simplification("h of j", "L", "W_ho", whole.w_ho[:, : len(W_HH)], by_j),
        Simplification("single units", "L", "W_hh", whole.w_hh, _along_units(steps)),
        Simplification("single units", "L_T", "h_1", rows[0], alone),
        Simplification("first step", "L_T", "W_hh", w_hh, np.outer(first.h_before, d_z[0])),
        Simplification("first step", "L_T", "W_xh", w_xh, np.outer(first.x, d_z[0])),
        Simplification("sorted apart", "L_T", "h_1", rows[0], sorted_apart),
        Simplification("as printed", "L_T", "W_xh", w_xh, np.outer(first.x, sorted_apart * slopes[0])),
    )


def _along_units(steps: Sequence[lecture.Step]) -> Array:
    """Return dL/dW_hh with dh_g/dh_{g-1} cut down to its diagonal, f'(z_g^(i)) u_ii."""
    found, from_later = np.zeros_like(W_HH), np.zeros(len(W_HH))
    for step in reversed(steps):
        d_z = ((step.y_hat - lecture.one_hot(step.target)) @ W_HO.T + from_later) * (1 - step.h**2)
        found += np.outer(step.h_before, d_z)
        from_later = d_z * np.diag(W_HH)
    return found


def _summed(terms: Sequence[Array]) -> Array:
    return np.asarray(np.sum(terms, axis=0))
