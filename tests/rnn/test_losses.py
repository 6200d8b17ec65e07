"""Cross-entropy of independent yes-or-no answers, against its definition and at its limits."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.losses import binary_cross_entropy, cross_entropy

EXTREME = 1e4  # a logit whose exponential overflows


def test_it_is_minus_the_log_of_the_probability_of_all_answers():
    rng = np.random.default_rng(0)
    o, y = rng.normal(size=(5, 4)), rng.integers(2, size=(5, 4))
    p = 1 / (1 + np.exp(-o))
    loss, d_o = binary_cross_entropy(o, y, np.full(5, 0.2))
    np.testing.assert_allclose(loss, -np.log(np.where(y, p, 1 - p)).sum(axis=1), rtol=1e-14)
    np.testing.assert_allclose(d_o, 0.2 * (p - y), rtol=0, atol=1e-15)


@pytest.mark.parametrize("k", [1, 2, 88])
def test_logits_of_zero_cost_ln_2_an_output(k):
    loss, d_o = binary_cross_entropy(np.zeros((3, k)), np.ones((3, k)), np.ones(3))
    np.testing.assert_allclose(loss, k * log(2), rtol=1e-15)
    np.testing.assert_array_equal(d_o, -0.5)


@given(st.floats(-700, 700), st.integers(0, 1))
def test_one_answer_is_a_softmax_over_two_classes(logit, answer):
    """Of the logits 0 and o."""
    binary, d_o = binary_cross_entropy(np.array([[logit]]), np.array([[answer]]), np.ones(1))
    softmax, d_both = cross_entropy(np.array([[0.0, logit]]), np.array([answer]), np.ones(1))
    np.testing.assert_allclose(binary, softmax, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(d_o[:, 0], d_both[:, 1], rtol=1e-12, atol=0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sure_predictions_do_not_overflow(dtype):
    """Right ones cost nothing, wrong ones their logit."""
    o = np.array([[EXTREME, -EXTREME], [EXTREME, -EXTREME]], dtype)
    y = np.array([[1, 0], [0, 1]], dtype)
    loss, d_o = binary_cross_entropy(o, y, np.ones(2, dtype))
    np.testing.assert_array_equal(loss, [0, 2 * EXTREME])
    np.testing.assert_array_equal(d_o, [[0, 0], [1, -1]])
    assert (loss.dtype, d_o.dtype) == (dtype, dtype)


def test_a_sure_prediction_keeps_the_digits_of_its_gradient():
    """1 - p of a logit of 40 is e^-40 to twelve digits, though p rounds to 1."""
    _, d_o = binary_cross_entropy(np.array([[40.0, -40.0]]), np.array([[1, 0]]), np.ones(1))
    np.testing.assert_allclose(d_o, [[-np.exp(-40), np.exp(-40)]], rtol=1e-12)


@given(st.floats(-60, 60), st.integers(0, 1))
def test_gradient_against_the_complex_step(logit, answer):
    step = 1e-30
    each, _ = binary_cross_entropy(np.array([[logit + 1j * step]]), np.array([[answer]]), np.ones(1))
    _, d_o = binary_cross_entropy(np.array([[logit]]), np.array([[answer]]), np.ones(1))
    # p - 1 of a sure prediction is a difference of two numbers near 1 on the complex path
    np.testing.assert_allclose(each.imag / step, d_o[:, 0], rtol=1e-12, atol=1e-15)
