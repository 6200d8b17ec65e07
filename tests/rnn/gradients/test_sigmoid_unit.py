"""One sigmoid unit: printed values, gradients by the complex step, and its cliff found by bisection (REFERENCE A18)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.gradients.sigmoid_unit import SigmoidUnit

UNIT = SigmoidUnit()


def fixed_points(w, bias):
    """Number of solutions of x = w sigma(x) + b, by changes of sign on a fine grid."""
    x = np.linspace(-30, 30, 200_001)
    return np.count_nonzero(np.diff(np.sign(w / (1 + np.exp(-x)) + bias - x)))


def test_known_values():
    np.testing.assert_allclose(UNIT.error(np.array([-2.5, -3.0])), [0.0240889, 0.4041981], rtol=0, atol=5e-8)
    assert UNIT.cliff == pytest.approx(-2.6123, abs=5e-5)
    assert UNIT.saddle_nodes == pytest.approx((-2.6556, -2.3444), abs=5e-5)


@given(st.floats(-4, -1), st.integers(1, 60))
def test_gradient_by_complex_step(bias, steps):
    """Forward only: the imaginary part of the error at b + 1e-30 i."""
    x = 0.5
    for _ in range(steps):
        x = 5 / (1 + np.exp(-x)) + bias + 1e-30j
    right = ((1 / (1 + np.exp(-x)) - 0.7) ** 2).imag / 1e-30
    found = SigmoidUnit(steps=steps).gradient(np.array(bias))
    assert found == pytest.approx(right, rel=1e-9, abs=1e-12)


@given(st.sampled_from([(), (3,), (2, 4)]))
def test_biases_of_any_shape(shape):
    bias = np.linspace(-3, -2, math.prod(shape)).reshape(shape)
    for function in (UNIT.error, UNIT.gradient):
        together = function(bias)
        assert together.shape == shape
        for place in np.ndindex(shape):
            assert together[place] == function(bias[place])
    assert UNIT.path(bias).shape == (51, *shape)


@pytest.mark.parametrize("w", [4.5, 5.0, 9.0])
def test_saddle_nodes_are_where_the_number_of_fixed_points_changes(w):
    low, high = SigmoidUnit(w=w).saddle_nodes
    assert [fixed_points(w, b) for b in (low - 1e-3, low + 1e-3, high - 1e-3, high + 1e-3)] == [1, 3, 3, 1]


@pytest.mark.parametrize(("w", "start"), [(5.0, 0.5), (5.0, -0.3), (8.0, 1.0)])
def test_cliff_by_bisection(w, start):
    """The bias at which a run of 3000 steps changes attractor."""
    unit = SigmoidUnit(w=w, start=start, steps=3000)
    low, high = unit.saddle_nodes
    assert low < unit.cliff < high
    for _ in range(45):
        middle = (low + high) / 2
        if unit.path(np.array(middle))[-1] > start:
            high = middle
        else:
            low = middle
    assert unit.cliff == pytest.approx(middle, abs=1e-10)


def test_the_gradient_explodes_at_the_cliff_and_not_at_the_saddle_nodes():
    """REFERENCE A18: crossing a basin is enough, a bifurcation is not needed."""
    at_cliff = np.abs(UNIT.gradient(np.array(UNIT.cliff)))
    at_saddle_nodes = np.abs(UNIT.gradient(np.array(UNIT.saddle_nodes)))
    assert at_cliff > 1e2
    assert (at_saddle_nodes < 10).all()


def test_units_without_a_cliff_say_so():
    with pytest.raises(ValueError, match="weight 4 has one attractor"):
        _ = SigmoidUnit(w=4.0).saddle_nodes
    with pytest.raises(ValueError, match="start of 3 a unit of weight 5"):
        _ = SigmoidUnit(start=3.0).cliff
