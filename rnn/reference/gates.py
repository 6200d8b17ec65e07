"""A10, A11: gates as time constants, and the initialisation that spreads them."""

import numpy as np

from rnn import unroll
from rnn.cells import GRU, LSTM, Cell
from rnn.initialise import chrono_mean_gate, set_chrono_biases
from rnn.reference.case import CLOSED_FORM, Array, Case, largest_deviation
from rnn.tape import Tape

TALLEC = "Tallec & Ollivier 2018, section 3"


def time_constant_cases() -> list[Case]:
    """A10: two time constants of one gate, and what is left after T steps."""
    cases = []
    for bias in (0, 1, 3):
        left = kept_by_lag(LSTM(1, 1), bias, 800)
        cases += [
            Case(
                "A10",
                f"Forget bias {bias}: mean lifetime of what an LSTM holds, 1 + e^b: the sum over lags of what is left.",
                1 + np.exp(bias),
                float(left.sum()),
                1e-10,
                CLOSED_FORM,
            ),
            Case(
                "A10",
                f"Forget bias {bias}: steps until 1/e of it is left, 1/ln(1 + e^-b), from the slope over 20 steps.",
                1 / np.log1p(np.exp(-bias)),
                float(-20 / np.log(left[20])),
                1e-10,
                CLOSED_FORM,
            ),
        ]
    forget = 1 / (1 + np.exp(-1))
    lags = np.arange(101)
    for name, found, right in (
        ("LSTM with zero weights, forget bias 1: dc_T/dc_0 = f^T", kept_by_lag(LSTM(1, 1), 1, 100), forget**lags),
        ("GRU with zero weights and biases: dh_T/dh_0 = 2^-T", kept_by_lag(GRU(1, 1), 0, 100), 0.5**lags),
    ):
        statement = f"{name}, largest relative deviation for T up to 100."
        cases.append(Case("A10", statement, 0, largest_deviation(found / right, 1), 1e-12, CLOSED_FORM))
    return cases


def kept_by_lag(cell: Cell, bias: float, steps: int) -> Array:
    """Return dc_T/dc_{T-k} of an LSTM or dh_T/dh_{T-k} of a GRU of one unit, k = 0 .. steps.

    All weights and biases are zero, but for the bias of the gate that keeps.
    """
    p = {name: np.zeros((1, *shape)) for name, shape in cell.shapes().items()}
    p["W"][:, -1, [gate == cell.keep_gate for gate in cell.gates]] = bias
    tape = Tape.allocate(cell, 1, steps, 1, np.float64)
    unroll.forward(p, tape)
    one, zero = np.ones((1, 1, 1)), np.zeros((1, 1, 1))
    unroll.start_backward(tape, (one,) if cell.state == ("h",) else (zero, one))
    w_hh_t = unroll.transposed_recurrent(p, tape)
    kept = [1.0]
    for t in reversed(range(steps)):
        unroll.step_backward(w_hh_t, tape, t)
        kept.append(unroll.state_gradient(tape)[-1].item())
    return np.array(kept)


def chrono_cases() -> list[Case]:
    """A11: time constants up to T_max, drawn."""
    t_max, draws, size = 100, 200, 100
    cell, rng = LSTM(1, size), np.random.default_rng(11)
    biases = np.empty((draws, len(cell.gates), size))
    p = {name: np.zeros(shape) for name, shape in cell.shapes().items()}
    for draw in biases:
        set_chrono_biases(p, cell, rng, t_max)
        draw[...] = p["W"][-1].reshape(draw.shape)
    i, f = (biases[:, cell.gates.index(gate)] for gate in ("i", "f"))
    forget = 1 / (1 + np.exp(-f))
    mean = 1 - np.log(t_max / 2) / (t_max - 2)
    scatter = np.sqrt((1 / 2 - 1 / t_max) / (t_max - 2) - (1 - mean) ** 2)  # of 1 / (1 + U)
    named = f"Chrono initialisation, T_max = {t_max}"
    return [
        Case("A11", f"{named}: mean forget gate, formula.", 0.96008, chrono_mean_gate(t_max), 5e-6, TALLEC),
        Case(
            "A11",
            f"{named}: mean forget gate of {f.size} drawn units.",
            0.96008,
            float(forget.mean()),
            4 * scatter / np.sqrt(f.size),
            TALLEC,
        ),
        Case("A11", f"{named}: longest mean lifetime 1 + e^b.", t_max, float(np.exp(f.max()) + 1), 0.1, TALLEC),
        Case("A11", f"{named}: shortest mean lifetime 1 + e^b.", 2, float(np.exp(f.min()) + 1), 0.1, TALLEC),
        Case("A11", f"{named}: b_i = -b_f, largest deviation.", 0, largest_deviation(i, -f), 0, TALLEC),
    ]
