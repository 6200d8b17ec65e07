"""Optimisers against steps written out by hand, and global-norm clipping (REFERENCE A19)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rnn.optimise import OPTIMISERS, SGD, Adam, Clip

RATES = np.array([0.1, 0.003])


def run(optimiser, gradients, start=(1.0, -2.0, 0.5), dtype=np.float64):
    """Return the parameters after each gradient; two seeds with the same start."""
    flat = np.array([start, start], dtype)
    after = []
    for gradient in gradients:
        optimiser.update(flat, np.array(gradient, dtype))
        after.append(flat.copy())
    return after


@pytest.fixture
def gradients():
    """Five gradients of two seeds with three parameters each."""
    return np.random.default_rng(0).normal(size=(5, 2, 3))


def test_adam_first_step_is_the_rate_against_the_sign():
    """m / sqrt(v) = g / |g| after the corrections, but for epsilon."""
    (after,) = run(Adam(RATES), [[[3.0, -0.2, 40.0], [3.0, -0.2, 40.0]]])
    np.testing.assert_allclose(after, [[0.9, -1.9, 0.4], [0.997, -1.997, 0.497]], rtol=1e-6)


def test_adam_is_algorithm_1_of_kingma_and_ba(gradients):
    """Scalar by scalar, in the order of the paper."""
    for s, rate in enumerate(RATES):
        for j, theta in enumerate((1.0, -2.0, 0.5)):
            m = v = 0.0
            expected = theta
            for t, after in enumerate(run(Adam(RATES), gradients), start=1):
                g = gradients[t - 1, s, j]
                m = 0.9 * m + 0.1 * g
                v = 0.999 * v + 0.001 * g * g
                expected -= rate * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
                assert after[s, j] == pytest.approx(expected, rel=1e-12)


def test_sgd_is_heavy_ball_momentum(gradients):
    """v = .9 v + g, theta = theta - rate v; two equal gradients make the second step 1.9 times the first."""
    for s, rate in enumerate(RATES):
        velocity, expected = np.zeros(3), np.array([1.0, -2.0, 0.5])
        for t, after in enumerate(run(SGD(RATES), gradients)):
            velocity = 0.9 * velocity + gradients[t, s]
            expected = expected - rate * velocity
            np.testing.assert_allclose(after[s], expected, rtol=1e-13)
    one = np.ones((2, 3))
    first, second = run(SGD(RATES), [one, one], start=(0.0, 0.0, 0.0))
    np.testing.assert_allclose(second - first, 1.9 * first, rtol=1e-14)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_float32_follows_float64(name, gradients):
    single = run(OPTIMISERS[name](RATES), gradients, dtype=np.float32)
    double = run(OPTIMISERS[name](RATES), gradients)
    assert single[-1].dtype == np.float32
    np.testing.assert_allclose(single[-1], double[-1], rtol=1e-5)


@pytest.mark.parametrize("size", [1, 7, 8, 33, 1000])
def test_adam_has_the_same_bits_in_any_stack_and_place(size):
    """Float32 rows of any length, and the same numbers further along a row: vectorised loops have scalar ends."""
    rng = np.random.default_rng(size)
    rates, grads = np.array([0.1, 0.003, 0.02]), rng.normal(size=(4, 3, size)).astype(np.float32)
    start = rng.normal(size=(3, size)).astype(np.float32)
    together, adam = start.copy(), Adam(rates)
    moved, wide = np.pad(start, [(0, 0), (5, 3)]), Adam(rates)
    for gradient in grads:
        adam.update(together, gradient)
        wide.update(moved, np.pad(gradient, [(0, 0), (5, 3)]))
    np.testing.assert_array_equal(moved[:, 5:-3], together)
    for s in range(3):
        alone, adam = start[s : s + 1].copy(), Adam(rates[s : s + 1])
        for gradient in grads:
            adam.update(alone, gradient[s : s + 1])
        np.testing.assert_array_equal(alone[0], together[s])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_adam_keeps_what_is_not_a_number(bad):
    """It stays in its own place, where the caller sees it."""
    flat, adam = np.zeros((2, 3), np.float32), Adam(RATES)
    adam.update(flat, np.array([[1.0, bad, 1.0], [1.0, 1.0, 1.0]], np.float32))
    assert np.isnan(flat).tolist() == [[False, True, False], [False, False, False]]


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_seed_does_not_notice_the_others_leave(name, gradients):
    """keep([1]) after two steps: the second seed's bits are those of the full stack, and of a run alone."""
    together = run(OPTIMISERS[name](RATES), gradients, dtype=np.float32)
    optimiser = OPTIMISERS[name](RATES)
    flat = np.array([[1.0, -2.0, 0.5]] * 2, np.float32)
    for t, gradient in enumerate(gradients.astype(np.float32)):
        if t == 2:
            optimiser.keep(np.array([1]))
            flat = flat[1:]
        optimiser.update(flat, gradient if t < 2 else gradient[1:])
    np.testing.assert_array_equal(flat[0], together[-1][1])
    alone = OPTIMISERS[name](RATES[1:])
    flat = np.array([[1.0, -2.0, 0.5]], np.float32)
    for gradient in gradients.astype(np.float32):
        alone.update(flat, gradient[1:])
    np.testing.assert_array_equal(flat[0], together[-1][1])


@pytest.mark.parametrize("name", OPTIMISERS)
def test_keeping_before_the_first_step(name):
    optimiser = OPTIMISERS[name](RATES)
    optimiser.keep(np.array([1]))
    flat = np.zeros((1, 2))
    optimiser.update(flat, np.ones((1, 2)))
    np.testing.assert_allclose(flat, -0.003, rtol=1e-6)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_minimum_of_a_quadratic_is_found(name):
    """Gradient theta - target: both come to rest at the target."""
    target, flat = np.array([[3.0, -1.0]]), np.zeros((1, 2))
    optimiser = OPTIMISERS[name](np.array([0.05]))
    for _ in range(1500):
        optimiser.update(flat, flat - target)
    np.testing.assert_allclose(flat, target, atol=1e-3)


rows = hnp.arrays(np.float32, (3, 7), elements=st.floats(-1000, 1000, width=32))


@given(grad=rows, threshold=st.floats(1e-2, 1e3))
def test_clip_scales_by_the_smaller_of_one_and_threshold_over_norm(grad, threshold):
    """One factor for all entries of a seed, so the direction is kept; a row within the threshold keeps its bits."""
    before = grad.copy()
    norm, clipped = Clip(threshold)(grad)
    right = np.linalg.norm(before.astype(np.float64), axis=1)
    np.testing.assert_allclose(norm, right, rtol=1e-14)
    for s in range(3):
        assert clipped[s] == (norm[s] > threshold)
        if clipped[s]:
            np.testing.assert_allclose(grad[s], before[s] * (threshold / right[s]), rtol=1e-6, atol=1e-37)
            assert np.linalg.norm(grad[s].astype(np.float64)) == pytest.approx(threshold, rel=1e-6)
        else:
            np.testing.assert_array_equal(grad[s], before[s])


def test_clip_takes_the_norm_over_all_parameters_together():
    """3-4-5 and a threshold of 1."""
    grad = np.array([[3.0, 0.0, 4.0]], np.float32)
    norm, clipped = Clip(1.0)(grad)
    assert (norm[0], clipped[0]) == (5.0, True)
    np.testing.assert_allclose(grad, [[0.6, 0.0, 0.8]], rtol=1e-7)


def test_a_norm_at_the_threshold_is_not_clipped():
    grad = np.array([[3.0, 4.0]], np.float32)
    assert not Clip(5.0)(grad)[1][0]
    np.testing.assert_array_equal(grad, [[3.0, 4.0]])


def test_threshold_zero_never_clips():
    grad = np.array([[1e20, -1e20]], np.float32)
    before = grad.copy()
    norm, clipped = Clip(0.0)(grad)
    assert norm[0] == pytest.approx(np.sqrt(2) * 1e20)
    assert not clipped[0]
    np.testing.assert_array_equal(grad, before)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_norm_that_is_not_finite_is_reported_and_left_alone(bad):
    """Its own row untouched, neither zeroed nor NaN; the other seeds clipped as ever."""
    grad = np.array([[1.0, bad, 2.0], [3.0, 0.0, 4.0]], np.float32)
    norm, clipped = Clip(1.0)(grad)
    assert not np.isfinite(norm[0])
    assert clipped.tolist() == [False, True]
    np.testing.assert_array_equal(grad[0], np.array([1.0, bad, 2.0], np.float32))
    np.testing.assert_allclose(grad[1], [0.6, 0.0, 0.8], rtol=1e-7)


def test_large_float32_gradients_do_not_overflow_the_norm():
    """1e30 squared is above float32; its norm is not, and the clipped row has norm 1."""
    grad = np.full((1, 4), 1e30, np.float32)
    norm, clipped = Clip(1.0)(grad)
    assert norm[0] == pytest.approx(2e30, rel=1e-6)
    assert clipped[0]
    np.testing.assert_allclose(grad, 0.5, rtol=1e-6)


@given(st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_a_norm_does_not_depend_on_the_stack(size, seed):
    """Row by row the same bits; einsum, for one, sums in an order that depends on the number of rows."""
    grad = np.random.default_rng(seed).normal(size=(5, size)).astype(np.float32)
    norm, _ = Clip(0.0)(grad.copy())
    alone = [Clip(0.0)(row[None].copy())[0][0] for row in grad]
    np.testing.assert_array_equal(norm, alone)
