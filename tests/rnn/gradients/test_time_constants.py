"""Time constants of gates (REFERENCE A10)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnn.gradients.time_constants import e_folding_time, mean_lifetime


def test_a_bias_of_zero():
    assert mean_lifetime(0) == 2
    assert e_folding_time(0) == pytest.approx(1.4427, abs=5e-5)
    assert e_folding_time(0) == pytest.approx(1 / math.log(2), rel=1e-15)


@pytest.mark.parametrize("bias", [-2.0, 0.0, 1.0, 3.0])
def test_they_are_what_they_are_called(bias):
    """The sum of what is left over all steps; the time after which 1/e is left."""
    gate = 1 / (1 + math.exp(-bias))
    assert mean_lifetime(bias) == pytest.approx(math.fsum(gate**k for k in range(2000)), rel=1e-13)
    assert gate ** float(e_folding_time(bias)) == pytest.approx(math.exp(-1), rel=1e-13)


@given(arrays(np.float64, st.sampled_from([(), (4,), (2, 3)]), elements=st.floats(-30, 30)))
def test_shape_and_order(bias):
    """A mean lifetime exceeds the e-folding time, by half a step to one step."""
    longer, shorter = mean_lifetime(bias), e_folding_time(bias)
    assert longer.shape == shorter.shape == bias.shape
    assert np.all(longer > shorter)
    assert np.all(longer - shorter < 1 + 1e-3)
