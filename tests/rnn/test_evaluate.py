"""Scores on a split: the same means whatever the chunks, for a loss at the last step and at every step."""

import numpy as np
import pytest

from rnn.cells import Vanilla
from rnn.evaluate import evaluate, join, shared
from rnn.layers import Dense, OneHot, Readout
from rnn.network import Network
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
    assert found.loss.dtype == np.float64
    np.testing.assert_allclose(found.loss, right, rtol=2e-6)
    np.testing.assert_array_equal(found.score, found.loss)


def reader(at):
    """A network that says what it reads: each output is as high as the symbol's vector, read at that very step."""
    network = Network(OneHot(3), Vanilla(3, 3, "linear"), Readout(3, 3), "cross-entropy", at)
    p = {name: np.zeros(shape, np.float32) for name, shape in network.shapes().items()}
    p["W"][3:-1] = p["W_ho"][...] = np.eye(3)
    return network, p


@pytest.mark.parametrize("size", [1, 2, 3, 4, 9])
def test_errors_at_the_last_step(size):
    """Four sequences end in 2, 0, 1, 1 and one of them is meant to end otherwise; the second seed says 0 always."""
    network, p = reader("last")
    x = np.array([[0, 1, 2], [1, 0, 2], [1, 2, 2], [2, 2, 1]])
    split = Split(x, np.array([2, 0, 2, 1]), np.array([3, 2, 1, 3]))
    always_0 = p | {"b_o": np.array([9, 0, 0], np.float32)}
    found = evaluate(network, Parameters.stack([p, always_0], np.float32), split, network.tape(2, 3, size), "errors")
    assert found.score.tolist() == [1 / 4, 3 / 4]
    assert found.loss[0] == pytest.approx(np.log(np.e + 2) - 3 / 4, rel=1e-6)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_errors_at_every_step_are_a_share_of_all_steps(size):
    """Six steps in three sequences, two of them wrong; what stands in the padding counts nothing."""
    network, p = reader("every")
    x = np.array([[0, 1, 2], [1, 2, 2], [2, 0, 0]])
    y = np.array([[0, 1, 1], [1, 0, 0], [1, 0, 1]])
    split = Split(x, y, np.array([3, 1, 2]))
    found = evaluate(network, Parameters.stack([p], np.float32), split, network.tape(1, 3, size), "errors")
    assert found.score.tolist() == [2 / 6]
    for garbage in (0, 1, 2):
        beyond = np.arange(3) >= split.n[:, None]
        filled = Split(np.where(beyond, garbage, x), np.where(beyond, garbage, y), split.n)
        again = evaluate(network, Parameters.stack([p], np.float32), filled, network.tape(1, 3, size), "errors")
        assert again.score.tolist() == [2 / 6]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_whole_sequences_are_wrong_by_one_class(size):
    """Three sequences with 2, 2 and 3 targets: the first is right but for a step without a target, the others not."""
    network, p = reader("every")
    x = np.array([[0, 1, 2], [1, 2, 2], [2, 0, 0]])
    y = np.array([[-1, 1, 2], [1, 0, 1], [2, 1, 1]])
    split = Split(x, y, np.array([3, 2, 3]))
    found = evaluate(network, Parameters.stack([p], np.float32), split, network.tape(1, 3, size), "sequences")
    assert found.score.tolist() == [2 / 3]
    assert found.symbol_errors.tolist() == [3 / 7]
    expected = (4 * (np.log(np.e + 2) - 1) + 3 * np.log(np.e + 2)) / 7
    assert found.loss[0] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_sequences_beyond_a_tolerance(size):
    """Outputs .5 off are not below a tolerance of .5, and one output of two is enough."""
    network = Network(Dense(2), Vanilla(2, 2, "linear"), Readout(2, 2), "mse", "last")
    p = {name: np.zeros(shape, np.float32) for name, shape in network.shapes().items()}
    p["W"][2:-1] = p["W_ho"][...] = np.eye(2)
    x = np.zeros((4, 1, 2), np.float32)
    y = np.array([[0, 0.25], [0.5, 0], [0, -0.75], [0.25, 0.25]], np.float32)
    split, both = Split(x, y, np.ones(4, np.int64)), Parameters.stack([p], np.float32)
    assert evaluate(network, both, split, network.tape(1, 1, size), "beyond", 0.5).score.tolist() == [2 / 4]
    assert evaluate(network, both, split, network.tape(1, 1, size), "beyond", 0.25).score.tolist() == [1.0]
    assert evaluate(network, both, split, network.tape(1, 1, size), "beyond", 0.8).score.tolist() == [0.0]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_sequences_with_illegal_classes(size):
    """The reader prefers the symbol it reads and leaves the two others level."""
    network, p = reader("every")
    x = np.array([[0, 1], [0, 1], [0, 1], [2, 0]])
    legal = np.zeros((4, 2, 3), bool)
    legal[0, :, :] = [[True, False, False], [False, True, False]]  # what it prefers, at each step
    legal[1, :, :] = [[True, False, False], [True, True, False]]  # 0 is legal, and no higher than 2, which is not
    legal[2, :, :] = [[True, True, True], [True, True, True]]  # anything
    legal[3, :, :] = [[True, True, False], [False, False, False]]  # prefers what is not; the second step is padding
    split = Split(x, x, np.array([2, 2, 2, 1]), legal)
    stacked = Parameters.stack([p], np.float32)
    assert evaluate(network, stacked, split, network.tape(1, 2, size), "illegal").score.tolist() == [2 / 4]
    with pytest.raises(ValueError, match="do not say which classes are legal"):
        evaluate(network, stacked, Split(x, x, split.n), network.tape(1, 2, size), "illegal")


def test_an_unknown_score_is_refused():
    network, p = reader("last")
    split = Split(np.array([[0]]), np.array([0]), np.array([1]))
    with pytest.raises(ValueError, match="no score 'error', only loss, errors"):
        evaluate(network, Parameters.stack([p], np.float32), split, network.tape(1, 1, 1), "error")


def test_outputs_that_are_not_numbers_show_in_the_loss():
    """The highest of three NaN is the first: an error rate alone would be a number like any other."""
    network, p = reader("last")
    broken = p | {"b_o": np.full(3, np.nan, np.float32)}
    split = Split(np.array([[0], [1]]), np.array([0, 1]), np.array([1, 1]))
    found = evaluate(network, Parameters.stack([p, broken], np.float32), split, network.tape(2, 1, 2), "errors")
    assert np.isfinite(found.loss).tolist() == [True, False]
    assert np.isfinite(found.score).all()


def test_join_gives_each_seed_its_own_examples_the_longest_first():
    rng = np.random.default_rng(1)
    splits = [Split(rng.normal(size=(4, 3, 2)), rng.normal(size=(4, 1)), np.array([3, 1, 2, 3])) for _ in range(2)]
    batch = join(splits)
    for s, split in enumerate(part.take(np.array([0, 3, 2, 1])) for part in splits):
        np.testing.assert_array_equal(batch.x[s], split.x)
        np.testing.assert_array_equal(batch.y[s], split.y)
        np.testing.assert_array_equal(batch.n[s], split.n)


def test_shared_shows_the_same_examples_to_every_seed():
    split = Split(np.arange(12.0).reshape(2, 3, 2), np.ones((2, 1)), np.array([3, 2]))
    batch = shared(split, 3)
    assert batch.x.shape == (3, 2, 3, 2)
    for s in range(3):
        np.testing.assert_array_equal(batch.x[s], split.x)
