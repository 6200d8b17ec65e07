"""Scores on a split: the same mean whatever the chunks, for a loss at the last step and at every step."""

import numpy as np
import pytest

from rnn.evaluate import evaluate, join, shared
from rnn.parameters import Parameters
from rnn.tasks.data import Split
from tests.rnn.examples import LOSS_KINDS, PLACES, Case, gradient, make_batch, make_network, make_parameters


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20])
@pytest.mark.parametrize("at", PLACES)
@pytest.mark.parametrize("loss", LOSS_KINDS)
def test_chunks_do_not_show(loss, at, size):
    """Seven sequences of unequal lengths in chunks of any size, against one batch of all seven in float64."""
    network, rng = make_network("gru", loss=loss, at=at, k=3), np.random.default_rng(0)
    p = make_parameters(network, rng, 2)
    one = make_batch(network, rng, 1, 7, 5, [5, 1, 4, 2, 5, 3, 1])
    split = Split(*(part[0] for part in (one.x.astype(np.float32), one.y, one.n)))
    right = gradient(Case(network, p, shared(split, 2), None))[0]
    parameters = Parameters.stack([{name: array[s] for name, array in p.items()} for s in range(2)], np.float32)
    found = evaluate(network, parameters, split, network.tape(2, 5, size))
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, right, rtol=2e-6)


def test_join_gives_each_seed_its_own_examples():
    rng = np.random.default_rng(1)
    splits = [Split(rng.normal(size=(4, 3, 2)), rng.normal(size=(4, 1)), np.array([3, 1, 2, 3])) for _ in range(2)]
    batch = join(splits)
    for s, split in enumerate(splits):
        np.testing.assert_array_equal(batch.x[s], split.x)
        np.testing.assert_array_equal(batch.y[s], split.y)
        np.testing.assert_array_equal(batch.n[s], split.n)


def test_shared_shows_the_same_examples_to_every_seed():
    split = Split(np.arange(12.0).reshape(2, 3, 2), np.ones((2, 1)), np.array([3, 2]))
    batch = shared(split, 3)
    assert batch.x.shape == (3, 2, 3, 2)
    for s in range(3):
        np.testing.assert_array_equal(batch.x[s], split.x)
