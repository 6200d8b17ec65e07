"""The lecture's worked example: a recurrent network that reads "hell" and should say "ello".

Every matrix is printed in the lecture (chapter 4, "Recurrent Neural Networks"); everything else is computed here, one
line of the lecture a line of code, in plain NumPy without a batch. It is the oracle for the engine and the source of
the report's step-by-step pages.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SYMBOLS = ("h", "e", "l", "o")
INPUTS = "hell"
TARGETS = "ello"

W_XH: Array = np.array(
    [
        [0.2973, 0.2766, 0.7974],
        [0.3869, 0.9170, 0.4125],
        [0.5538, 0.5646, 0.5026],
        [0.2206, 0.6801, 0.3880],
    ]
)
W_HH: Array = np.array([[0.3152, 0.5083, 0.9454], [0.3008, 0.6058, 0.2999], [0.9741, 0.3419, 0.9133]])
W_HO: Array = np.array(
    [[0.3189, 0.6216, 0.5164, 0.7501], [0.0260, 0.6230, 0.0179, 0.6123], [0.1320, 0.9009, 0.3873, 0.8142]]
)

# What the lecture prints, cut or rounded to four digits: computed values agree to 1e-4 (REFERENCE A1).
PRINTED: dict[str, Array] = {
    "h_1": np.array([0.2889, 0.2698, 0.6626]),
    "o_1": np.array([0.1866, 0.9446, 0.4106, 0.9213]),
    "y_hat_1": np.array([0.1546, 0.3298, 0.1934, 0.3222]),
    "h_1 W_hh": np.array([0.8176, 0.5368, 0.9591]),
    "h_2": np.array([0.8350, 0.8964, 0.8791]),
}


@dataclass(frozen=True)
class Step:
    """One time step of the forward pass; H = 3 hidden units, K = 4 symbols."""

    t: int
    symbol: str
    target: str
    x: Array  # (K,) one-hot input
    x_w: Array  # (H,) x_t W_xh
    h_before: Array  # (H,) h_{t-1}
    h_w: Array  # (H,) h_{t-1} W_hh
    z: Array  # (H,) their sum
    h: Array  # (H,) tanh(z)
    o: Array  # (K,) h_t W_ho
    y_hat: Array  # (K,) softmax(o)
    loss: float  # -ln y_hat[target], nats

    @property
    def prediction(self) -> str:
        """The most probable symbol."""
        return SYMBOLS[int(np.argmax(self.y_hat))]


@dataclass(frozen=True)
class BackwardStep:
    """What flows back through time step t of the summed loss L."""

    t: int
    d_o: Array  # (K,) dL/do_t = y_hat - y
    d_h: Array  # (H,) dL/dh_t: from the output at t and from all later steps
    d_z: Array  # (H,) dL/dz_t = dL/dh_t * (1 - h_t^2)


@dataclass(frozen=True)
class Gradients:
    """Gradients of the summed loss, and the steps they were collected from (last step first)."""

    steps: tuple[BackwardStep, ...]
    w_xh: Array  # (K, H)
    w_hh: Array  # (H, H)
    w_ho: Array  # (H, K)


def one_hot(symbol: str) -> Array:
    """Return the (K,) unit vector of a symbol of "helo"."""
    return np.asarray(np.eye(len(SYMBOLS))[SYMBOLS.index(symbol)])


def softmax(o: Array) -> Array:
    """Return exp(o_j) / sum_k exp(o_k)."""
    e = np.exp(o - o.max())
    return np.asarray(e / e.sum())


def forward(w_xh: Array = W_XH, w_hh: Array = W_HH, w_ho: Array = W_HO) -> tuple[Step, ...]:
    """Run "hell" through the network, every intermediate value kept."""
    h = np.zeros(len(w_hh))
    steps = []
    for t, (symbol, target) in enumerate(zip(INPUTS, TARGETS, strict=True), start=1):
        x = one_hot(symbol)
        before, x_w, h_w = h, x @ w_xh, h @ w_hh
        z = h_w + x_w
        h = np.tanh(z)
        o = h @ w_ho
        y_hat = softmax(o)
        loss = -float(np.log(y_hat[SYMBOLS.index(target)]))
        steps.append(Step(t, symbol, target, x, x_w, before, h_w, z, h, o, y_hat, loss))
    return tuple(steps)


def rows_of_last_loss(steps: tuple[Step, ...], w_hh: Array = W_HH, w_ho: Array = W_HO) -> tuple[Array, ...]:
    """Return g_t = dL_T/dh_t (H,) of the last step's loss alone, from t = T back to 1."""
    rows = [(steps[-1].y_hat - one_hot(steps[-1].target)) @ w_ho.T]
    for step in reversed(steps[1:]):
        rows.append((rows[-1] * (1 - step.h**2)) @ w_hh.T)
    return tuple(rows)


def backward(steps: tuple[Step, ...], w_hh: Array = W_HH, w_ho: Array = W_HO) -> Gradients:
    """Back-propagate the loss summed over all steps (section 4.3 of the lecture, with every cross term)."""
    n_inputs, n_hidden, n_outputs = len(SYMBOLS), len(w_hh), w_ho.shape[1]
    d_w_xh, d_w_hh, d_w_ho = (
        np.zeros((n_inputs, n_hidden)),
        np.zeros((n_hidden, n_hidden)),
        np.zeros((n_hidden, n_outputs)),
    )
    from_later = np.zeros(n_hidden)
    out = []
    for step in reversed(steps):
        d_o = step.y_hat - one_hot(step.target)
        d_h = d_o @ w_ho.T + from_later
        d_z = d_h * (1 - step.h**2)
        d_w_ho += np.outer(step.h, d_o)
        d_w_hh += np.outer(step.h_before, d_z)
        d_w_xh += np.outer(step.x, d_z)
        from_later = d_z @ w_hh.T
        out.append(BackwardStep(step.t, d_o, d_h, d_z))
    return Gradients(tuple(out), d_w_xh, d_w_hh, d_w_ho)
