"""The product of the fused kernels, on whole numbers: float32 holds their products and sums exactly, in any order."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.cells.product import BLOCK, add_products, packed, rows_left, step_product, steps_in_block, sums_like

SIZES = st.integers(1, 37)  # below, at and beyond whole tiles of 4 rows and 16 columns


def whole_numbers(rng, *shape):
    return rng.integers(-9, 10, size=shape).astype(np.float32)


@given(SIZES, SIZES, SIZES, st.integers(0, 3), st.integers(0, 99))
@settings(max_examples=150)
def test_a_step(batch, depth, width, skip, seed):
    """z of one seed and step, in the first rows; what stands around it stays as it was."""
    rng = np.random.default_rng(seed)
    a, w = whole_numbers(rng, 2, 3, batch, skip + depth), whole_numbers(rng, 2, depth, width)
    z = np.full((2, 2, batch, width), np.nan, np.float32)
    rows = int(rng.integers(0, batch + 1))
    step_product(1, 2, rows, a, skip, packed(w), z, 0, 1)
    right = np.full_like(z, np.nan)
    right[0, 1, :rows] = a[1, 2, :rows, skip:] @ w[1]
    np.testing.assert_array_equal(z, right)


@given(st.integers(1, 150), st.integers(1, 9), SIZES, SIZES, st.integers(0, 3), st.integers(0, 99))
@settings(max_examples=150)
def test_sums_over_steps(batch, steps, depth, width, skip, seed):
    """All blocks of one seed; the last may be cut short, and the other seed's sums stay as they were."""
    rng = np.random.default_rng(seed)
    a, d_z = whole_numbers(rng, 2, steps + 1, batch, skip + depth), whole_numbers(rng, 2, steps, batch, width)
    sums = sums_like(np.zeros((2, depth, width), np.float32))
    for t in range(0, steps, steps_in_block(batch)):
        add_products(1, t, a, skip, d_z, sums)
    right = np.einsum("tbi,tbj->ij", a[1, :steps, :, skip:].astype(np.float64), d_z[1].astype(np.float64))
    np.testing.assert_array_equal(sums[1, :, :width], right)
    assert not sums[0].any()


@given(st.integers(1, 300))
def test_a_block_is_as_many_whole_steps_as_fit(batch):
    steps = steps_in_block(batch)
    assert steps == 1 or steps * batch <= BLOCK
    assert (steps + 1) * batch > BLOCK


@given(st.lists(st.integers(1, 6), min_size=1, max_size=9), st.integers(0, 6))
def test_rows_that_are_left(lengths, t):
    """Up to the last sequence that has the step."""
    left = rows_left(len(lengths), np.array([lengths]), 0, t)
    assert left == max((b + 1 for b, length in enumerate(lengths) if length > t), default=0)


def test_not_finite_numbers_stay_where_they_belong():
    a, w = np.ones((1, 1, 6, 3), np.float32), np.ones((1, 3, 20), np.float32)
    a[0, 0, 2], w[0, :, 18] = np.inf, np.nan
    z = np.zeros((1, 1, 6, 20), np.float32)
    step_product(0, 0, 6, a, 0, packed(w), z, 0, 0)
    right = np.full((6, 20), 3, np.float32)
    right[2], right[:, 18] = np.inf, np.nan
    np.testing.assert_array_equal(z[0, 0], right)
