"""A20: how many parameters a cell has."""

import numpy as np

from rnn.cells import CELLS
from rnn.reference.case import CLOSED_FORM, Case

D, H = 3, 64


def count_cases() -> list[Case]:
    """A20: entries of the arrays that training changes, against the formulas; one bias a gate."""
    block = D * H + H * H + H
    formulas = {
        "rnn": (block, "DH + H^2 + H"),
        "lstm": (4 * block, "4 (DH + H^2 + H)"),
        "gru": (3 * block + H, "3 (DH + H^2 + H) + H, the last for the candidate's recurrent bias"),
    }
    cases = []
    for name, (right, formula) in formulas.items():
        cell = CELLS[name](D, H)
        entries = {array: np.ones(shape) for array, shape in cell.shapes().items()}
        cell.clear_structural_zeros(entries["W"])
        count = int(sum(array.sum() for array in entries.values()))
        statement = f"Parameters of the {name} cell with D = {D} inputs and H = {H} units: {formula}."
        cases.append(Case("A20", statement, right, count, 0, CLOSED_FORM))
    return cases
