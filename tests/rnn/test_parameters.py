"""Flat parameters and their named views are one memory."""

import numpy as np

from rnn.parameters import Parameters

SHAPES = {"W": (3, 4), "b": (4,), "W_ho": (4, 2)}


def seeds():
    rng = np.random.default_rng(0)
    return [{name: rng.normal(size=shape) for name, shape in SHAPES.items()} for _ in range(3)]


def test_stack_and_of_seed_are_inverse():
    for s, (one, stacked) in enumerate(zip(seeds(), [Parameters.stack(seeds(), np.float64)] * 3, strict=True)):
        again = stacked.of_seed(s)
        assert again.keys() == one.keys()
        for name, array in one.items():
            np.testing.assert_array_equal(again[name], array)


def test_flat_array_holds_each_seed_in_the_order_of_the_shapes():
    stacked = Parameters.stack(seeds(), np.float64)
    assert stacked.flat.shape == (3, 12 + 4 + 8)
    for flat, one in zip(stacked.flat, seeds(), strict=True):
        np.testing.assert_array_equal(flat, np.concatenate([one[name].ravel() for name in SHAPES]))


def test_named_views_write_through():
    parameters = Parameters.zeros(SHAPES, 2)
    assert parameters.flat.dtype == np.float32
    parameters.named["b"][1] = 7
    assert parameters.flat[1].sum() == 28
    parameters.flat[...] = 1
    assert all((array == 1).all() for array in parameters.named.values())


def test_keep_copies_the_chosen_seeds():
    stacked = Parameters.stack(seeds(), np.float64)
    kept = stacked.keep(np.array([2, 0]))
    np.testing.assert_array_equal(kept.named["W"], stacked.named["W"][[2, 0]])
    kept.flat[...] = 0
    assert stacked.flat.all()


def test_of_seed_is_a_copy():
    stacked = Parameters.stack(seeds(), np.float64)
    stacked.of_seed(0)["W"][...] = 0
    assert stacked.flat.all()
