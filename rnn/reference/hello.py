"""A1: the lecture's worked example, run by the engine."""

import numpy as np

from rnn import lecture
from rnn.cells import Vanilla
from rnn.layers import OneHot, Readout
from rnn.network import Batch, Network
from rnn.reference.case import Case, largest_deviation

PRINTED_DIGITS = 1e-4  # the lecture cuts or rounds to four digits
TEXTS = {
    "h_1": "the hidden state after the first letter",
    "o_1": "the outputs after the first letter",
    "y_hat_1": "the probabilities softmax(o_1) after the first letter",
    "h_1 W_hh": "what the second step gets from the first, h_1 W_hh,",
    "h_2": "the hidden state after the second letter",
}


def hello_cases() -> list[Case]:
    """A1: what the lecture prints for the first two letters of "hell"."""
    network = Network(OneHot(4), Vanilla(4, 3), Readout(3, 4), "cross-entropy", "every")
    w = np.vstack((lecture.W_HH, lecture.W_XH, np.zeros((1, 3))))
    p = {"W": w[None], "W_ho": lecture.W_HO[None], "b_o": np.zeros((1, 4))}
    x, y = (np.array([[[lecture.SYMBOLS.index(s) for s in word]]]) for word in (lecture.INPUTS, lecture.TARGETS))
    tape = network.tape(1, len(lecture.INPUTS), 1, np.float64)
    o = network.forward(p, Batch(x, y, np.array([[len(lecture.INPUTS)]])), tape)[0, :, 0]
    h, z, x_w_2 = tape.h[0, :, 0], tape.z[0, :, 0], lecture.W_XH[x[0, 0, 1]]
    found = {"h_1": h[1], "o_1": o[0], "y_hat_1": lecture.softmax(o[0]), "h_1 W_hh": z[1] - x_w_2, "h_2": h[2]}
    source = "lecture, worked example of chapter 4"
    cases = [
        Case(
            "A1",
            f"Hello: {TEXTS[name]} as printed, largest deviation.",
            0,
            largest_deviation(value, lecture.PRINTED[name]),
            PRINTED_DIGITS,
            source,
        )
        for name, value in found.items()
    ]
    said = 'Hello: the most probable symbol after "he" is number 3, "o", where 2, "l", is right.'
    return [*cases, Case("A1", said, 3, float(o[1].argmax()), 0, source)]
