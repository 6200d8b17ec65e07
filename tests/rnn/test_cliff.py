"""One sigmoid unit: printed values, gradients, its cliff by search, and descent at its foot (REFERENCE A18)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.cliff import SigmoidUnit, descend, saddle_nodes

UNIT = SigmoidUnit()


def fixed_points(w, b):
    """Number of solutions of x = w sigma(x) + b, by changes of sign on a fine grid."""
    x = np.linspace(-30, 30, 200_001)
    return np.count_nonzero(np.diff(np.sign(w / (1 + np.exp(-x)) + b - x)))


def error(w, b, steps):
    """E with the sigmoid written out; complex weights pass through."""
    x = 0.5
    for _ in range(steps):
        x = w / (1 + np.exp(-x)) + b
    return (1 / (1 + np.exp(-x)) - 0.7) ** 2


def test_known_values():
    np.testing.assert_allclose(UNIT.error(5, [-2.5, -3.0]), [0.0240889, 0.4041981], rtol=0, atol=5e-8)
    assert UNIT.border(5) == pytest.approx(-2.6123, abs=5e-5)
    assert saddle_nodes(5) == pytest.approx((-2.6556, -2.3444), abs=5e-5)
    assert UNIT.least_weight == pytest.approx(4 * math.cosh(0.25) ** 2)


@given(st.floats(-2, 7), st.floats(-4, -1), st.integers(1, 60))
def test_gradient_by_complex_step(w, b, steps):
    """Forward only: the imaginary part of the error at w + 1e-30 i, and at b + 1e-30 i."""
    right = [error(w + 1e-30j, b, steps).imag / 1e-30, error(w, b + 1e-30j, steps).imag / 1e-30]
    assert SigmoidUnit(steps=steps).gradient(w, b) == pytest.approx(right, rel=1e-9, abs=1e-12)


@given(st.floats(-2, 3.5), st.floats(-3, -1))
def test_gradient_by_central_differences(w, b):
    """Away from the cliff, where a difference means something."""
    eps = 1e-5
    steps = [UNIT.error([w + eps, w - eps], b), UNIT.error(w, [b + eps, b - eps])]
    assert UNIT.gradient(w, b) == pytest.approx([(up - down) / (2 * eps) for up, down in steps], abs=1e-7)


@pytest.mark.parametrize("w", [4.3, 5.0, 6.0])
def test_on_the_border_the_gradient_is_a_geometric_sum(w):
    """The state stands still at x_0, so every step back multiplies by w sigma'(x_0) > 1."""
    s = 1 / (1 + math.exp(-0.5))
    slope = s * (1 - s)
    assert UNIT.growth(w) == pytest.approx(w * slope)
    short = SigmoidUnit(steps=20)  # later, rounding has pushed the state off the unstable point
    by_b = 2 * (s - 0.7) * slope * sum((w * slope) ** k for k in range(20))
    assert short.gradient(w, short.border(w)) == pytest.approx([s * by_b, by_b], rel=1e-6)


@given(st.sampled_from([(), (3,), (2, 4)]))
def test_weights_and_biases_broadcast(shape):
    b = np.linspace(-3, -2, math.prod(shape)).reshape(shape)
    w = np.linspace(4.5, 5.5, shape[-1]) if shape else 5.0
    together, gradient = UNIT.error(w, b), UNIT.gradient(w, b)
    assert (together.shape, gradient.shape, UNIT.path(w, b).shape) == (shape, (2, *shape), (51, *shape))
    every_w = np.broadcast_to(w, shape)
    for place in np.ndindex(shape):
        assert together[place] == UNIT.error(every_w[place], b[place])
        assert (gradient[:, *place] == UNIT.gradient(every_w[place], b[place])).all()


@pytest.mark.parametrize("w", [4.5, 5.0, 9.0])
def test_saddle_nodes_are_where_the_number_of_fixed_points_changes(w):
    low, high = saddle_nodes(w)
    assert [fixed_points(w, b) for b in (low - 1e-3, low + 1e-3, high - 1e-3, high + 1e-3)] == [1, 3, 3, 1]


def test_saddle_nodes_meet_in_a_cusp_and_the_border_ends_on_them():
    assert saddle_nodes(4) == (-2, -2)
    least = SigmoidUnit().least_weight
    assert UNIT.border(least + 1e-9) == pytest.approx(float(saddle_nodes(least)[0]), abs=1e-8)


@pytest.mark.parametrize(("w", "start"), [(5.0, 0.5), (5.0, -0.3), (8.0, 1.0)])
def test_border_by_search(w, start):
    """The bias at which a run of 3000 steps changes attractor, a thousand times nearer every round."""
    unit = SigmoidUnit(start=start, steps=3000)
    low, high = saddle_nodes(w)
    assert low < unit.border(w) < high
    for _ in range(4):
        biases = np.linspace(low, high, 1001)
        first = int(np.argmax(unit.path(w, biases)[-1] > start))
        low, high = biases[first - 1 : first + 1]
    assert unit.border(w) == pytest.approx(low, abs=1e-10)


def test_the_gradient_explodes_at_the_border_and_not_at_the_saddle_nodes():
    """REFERENCE A18: crossing a basin is enough, a bifurcation is not needed."""
    assert np.linalg.norm(UNIT.gradient(5, UNIT.border(5))) > 1e2
    assert (np.abs(UNIT.gradient(5, saddle_nodes(5))) < 1).all()


def test_units_without_a_border_say_so():
    with pytest.raises(ValueError, match=r"weight 3\.9 has one attractor"):
        saddle_nodes([5, 3.9])
    with pytest.raises(ValueError, match=r"start of 3 a unit of weight 5 .* above 22\.14"):
        SigmoidUnit(start=3.0).border(5)


START = np.array([[5.0, -1.9]])  # on the upper side, a few updates of rate 1 from the wall
LOW, HIGH = (3.4, -3.2), (5.8, -1.2)


def test_the_unclipped_step_leaves_the_region_and_the_clipped_one_does_not():
    free, clipped = (descend(UNIT, START, 1.0, threshold, 60) for threshold in (0, 0.3))
    wall = int(np.argmax(free.norm[:, 0] > 1))
    assert 0 < wall < 15
    assert free.norm[wall] > 20 * free.norm[wall - 1]
    assert (free.points[: wall + 1] == clipped.points[: wall + 1]).all()
    assert not free.outside(LOW, HIGH)[: wall + 1].any()
    assert free.outside(LOW, HIGH)[wall + 1 :].all()
    assert free.norm[wall + 1 :].max() < 1e-4, "out there nothing leads back"
    assert not clipped.outside(LOW, HIGH).any()
    assert clipped.error[-10:].max() < free.error[-10:].min()


def test_updates_follow_the_gradient_and_a_threshold_bounds_their_length():
    starts = np.random.default_rng(0).uniform(LOW, HIGH, (40, 2))
    found = descend(UNIT, starts, 0.5, 0.2, 30)
    steps = np.diff(found.points, axis=0)
    grad = np.moveaxis(UNIT.gradient(found.points[:-1, :, 0], found.points[:-1, :, 1]), 0, -1)
    norm = np.linalg.norm(grad, axis=-1)
    np.testing.assert_allclose(found.norm[:-1], norm, rtol=1e-9)
    np.testing.assert_allclose(steps, -0.5 * grad * (0.2 / np.maximum(norm, 0.2))[..., None], atol=1e-12)
    assert np.linalg.norm(steps, axis=-1).max() <= 0.5 * 0.2 * (1 + 1e-9)
    np.testing.assert_array_equal(found.error, UNIT.error(found.points[..., 0], found.points[..., 1]))


def test_paths_do_not_depend_on_those_beside_them():
    starts = np.array([[5.0, -1.9], [4.6, -2.9]])
    together = descend(UNIT, starts, 1.0, 0.3, 20)
    for i in range(2):
        np.testing.assert_array_equal(
            together.points[:, i : i + 1], descend(UNIT, starts[i : i + 1], 1.0, 0.3, 20).points
        )
