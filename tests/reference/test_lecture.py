"""The lecture's worked example (REFERENCE A1)."""

import dataclasses

import numpy as np
import pytest

from rnn import lecture
from rnn.reference.hello import hello_cases
from tests.reference.rows import assert_row, measured


def test_a1():
    """h_1, o_1, softmax(o_1), h_1 W_hh, h_2 as printed; at step 2 the argmax is 3, "o", where 2 is right (lecture)."""
    assert_row("A1")
    assert [case.expected for case in measured("A1")] == [0] * 5 + [3]


def test_a1_printed():
    """The printed digits, written out once more: the table of the lecture's values is no invention of the library."""
    printed = {
        "h_1": [0.2889, 0.2698, 0.6626],
        "o_1": [0.1866, 0.9446, 0.4106, 0.9213],
        "y_hat_1": [0.1546, 0.3298, 0.1934, 0.3222],
        "h_1 W_hh": [0.8176, 0.5368, 0.9591],
        "h_2": [0.8350, 0.8964, 0.8791],
    }
    assert {name: array.tolist() for name, array in lecture.PRINTED.items()} == printed


@pytest.mark.parametrize("place", [(0, 0), (2, 1)])
def test_a1_notices_another_weight(monkeypatch, place):
    """A recurrent weight that is wrong in its second digit is seen."""
    w_hh = lecture.W_HH.copy()
    w_hh[place] += 0.01
    monkeypatch.setattr(lecture, "W_HH", w_hh)
    assert not all(case.ok for case in hello_cases())
    assert np.count_nonzero([case.ok for case in hello_cases()]) >= 4


def test_a1_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        measured("A1")[0].measured = 0.0
