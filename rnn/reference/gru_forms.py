"""A22: the two places of the GRU's reset gate, each against its equations step by step."""

import numpy as np

from rnn import unroll
from rnn.cells import GRU, Cell, GRUBefore
from rnn.reference.case import CLOSED_FORM, Array, Case, largest_deviation
from rnn.tape import Tape

CHO_1 = "Cho et al. 2014, version 1 of the preprint"
CHO = "Cho et al. 2014, as published, equations 5 to 8"
FORMS: dict[str, tuple[type[Cell], str]] = {"after": (GRU, CHO_1), "before": (GRUBefore, CHO)}
D, H, STEPS = 3, 8, 30
OPEN = 40.0  # a gate of this bias is 1 in float64

Blocks = dict[str, tuple[Array, Array, Array]]  # W (D, H), U (H, H) and bias (H,) of r, u and n


def form_cases() -> list[Case]:
    """A22: states of both forms; where they agree, and what only one of them has."""
    rng = np.random.default_rng(22)
    blocks: Blocks = {
        gate: (rng.normal(size=(D, H)), rng.normal(size=(H, H)), rng.normal(size=H)) for gate in ("r", "u", "n")
    }
    b_hn, h_0, x = rng.normal(size=H), rng.normal(size=H) / 2, rng.normal(size=(STEPS, D))
    cases = [
        Case(
            "A22",
            f"GRU, reset gate {place} the recurrent product: states of {STEPS} steps against its equations in plain "
            "NumPy, largest deviation.",
            0,
            largest_deviation(cell_states(place, blocks, b_hn, x, h_0), plain_states(place, blocks, b_hn, x, h_0)),
            1e-12,
            source,
        )
        for place, (_, source) in FORMS.items()
    ]
    zero = np.zeros(H)
    keep = blocks | {"u": (np.zeros((D, H)), np.zeros((H, H)), np.full(H, OPEN))}
    cases += [
        Case(
            "A22",
            f"GRU, reset gate {place} the recurrent product: an update gate of 1 keeps the state, largest deviation "
            "from h_0.",
            0,
            largest_deviation(cell_states(place, keep, b_hn, x, h_0), h_0[None].repeat(STEPS, axis=0)),
            1e-12,
            source,
        )
        for place, (_, source) in FORMS.items()
    ]
    even = blocks | {"r": (np.zeros((D, H)), np.zeros((H, H)), np.full(H, 0.3))}
    after, before = (cell_states(place, even, zero, x, h_0) for place in FORMS)
    both = "GRU: both places of the reset gate agree where it is the same for all units and the product has no bias"
    extra = GRU(D, H).n_parameters - GRUBefore(D, H).n_parameters
    return [
        *cases,
        Case("A22", f"{both}, largest deviation.", 0, largest_deviation(after, before), 1e-12, CLOSED_FORM),
        Case("A22", f"GRU, H = {H}: parameters that only reset after the product has, b_hn.", H, extra, 0, CHO_1),
    ]


def cell_states(place: str, blocks: Blocks, b_hn: Array, x: Array, h_0: Array) -> Array:
    """Return h_1 .. h_T, (T, H), of the library's cell; x (T, D). Only reset after the product has a ``b_hn``."""
    kind, _ = FORMS[place]
    cell = kind(x.shape[1], len(h_0))
    rows = {gate: np.vstack((u, w, b)) for gate, (w, u, b) in blocks.items()}
    w_n, u_n, b_n = blocks["n"]
    if place == "after":
        p = {
            "W": np.hstack((rows["r"], rows["u"], np.vstack((u_n, np.zeros_like(w_n), b_hn)))),
            "W_n": np.vstack((w_n, b_n)),
        }
    else:
        p = {"W": np.hstack((rows["r"], rows["u"])), "W_n": rows["n"]}
    tape = Tape.allocate(cell, 1, len(x), 1, np.float64)
    tape.x[0, :, 0] = x
    unroll.forward({name: array[None] for name, array in p.items()}, tape, (h_0[None, None],))
    return tape.h[0, 1:, 0].copy()


def plain_states(place: str, blocks: Blocks, b_hn: Array, x: Array, h_0: Array) -> Array:
    """Return the same from the equations."""
    states = [h_0]
    w_n, u_n, b_n = blocks["n"]
    for x_t in x:
        h = states[-1]
        r, u = (1 / (1 + np.exp(-(x_t @ w + h @ v + b))) for w, v, b in (blocks["r"], blocks["u"]))
        recurrent = r * (h @ u_n + b_hn) if place == "after" else (r * h) @ u_n
        n = np.tanh(x_t @ w_n + b_n + recurrent)
        states.append(u * h + (1 - u) * n)
    return np.array(states[1:])
