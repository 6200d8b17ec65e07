"""Losses and their means, input layers and readout, and independence of the seeds that are stacked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn import unroll
from rnn.cells import CELLS
from rnn.layers import Dense, Embedding, OneHot, Readout
from rnn.losses import LOSSES, cross_entropy, mse
from rnn.network import Batch, Network
from rnn.tape import CACHE, Tape
from tests.rnn.examples import (
    CELL_KINDS,
    LOSS_KINDS,
    PLACES,
    Case,
    cases,
    gradient,
    make_batch,
    make_network,
    make_parameters,
    make_state,
)


def test_mean_squared_error():
    """Mean over the outputs, not their sum."""
    o, y = np.array([[1.0, 2.0, 4.0]]), np.array([[0.0, 2.0, 1.0]])
    loss, d_o = mse(o, y, np.array([0.5]))
    assert loss == pytest.approx([(1 + 0 + 9) / 3])
    np.testing.assert_allclose(d_o, [[0.5 * 2 / 3, 0.0, 0.5 * 2]])


def test_cross_entropy_is_minus_the_log_of_the_softmax():
    rng = np.random.default_rng(0)
    o, y = rng.normal(size=(5, 4)), rng.integers(4, size=5)
    softmax = np.exp(o) / np.exp(o).sum(axis=1, keepdims=True)
    loss, d_o = cross_entropy(o, y, np.full(5, 0.2))
    np.testing.assert_allclose(loss, -np.log(softmax[np.arange(5), y]), rtol=1e-14)
    np.testing.assert_allclose(d_o, 0.2 * (softmax - np.eye(4)[y]), rtol=0, atol=1e-15)


def test_uniform_logits_cost_ln_k():
    """REFERENCE A16: ln V nats for V symbols, 4.174387 for 65."""
    loss, _ = cross_entropy(np.zeros((3, 65)), np.array([0, 30, 64]), np.ones(3))
    np.testing.assert_allclose(loss, np.log(65), rtol=1e-15)
    assert loss[0] == pytest.approx(4.174387, abs=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_does_not_overflow(dtype):
    loss, d_o = cross_entropy(np.array([[1e4, 0.0, -1e4]], dtype), np.array([1]), np.ones(1, dtype))
    assert loss == pytest.approx([1e4])
    np.testing.assert_allclose(d_o, [[1.0, -1.0, 0.0]])


@pytest.mark.parametrize("loss", LOSS_KINDS)
def test_weights_scale_the_gradient_alone(loss):
    rng = np.random.default_rng(1)
    o = rng.normal(size=(4, 3))
    y = {
        "mse": rng.normal(size=(4, 3)),
        "cross-entropy": rng.integers(3, size=4),
        "binary cross-entropy": rng.integers(2, size=(4, 3)),
    }[loss]
    w = np.array([0.1, 0.0, 0.7, 0.2])
    (each, d_o), (each_1, d_o_1) = LOSSES[loss](o, y, w), LOSSES[loss](o, y, np.ones(4))
    np.testing.assert_array_equal(each, each_1)
    np.testing.assert_allclose(d_o, w[:, None] * d_o_1, rtol=1e-15)


@pytest.mark.parametrize("loss", LOSS_KINDS)
def test_loss_is_a_mean_over_sequences_or_over_all_their_steps(loss):
    """Written out as loops over sequences and steps."""
    rng = np.random.default_rng(2)
    n = np.array([[4, 1, 3], [2, 4, 4]])
    for at in PLACES:
        network = make_network("rnn-tanh", loss=loss, at=at, k=3)
        p, batch = make_parameters(network, rng, 2), make_batch(network, rng, 2, 3, 4, n)
        found, outputs, _ = gradient(Case(network, p, batch, None))
        for s in range(2):
            each = []
            for b in range(3):
                if at == "last":
                    each.append(LOSSES[loss](outputs[s, b], batch.y[s, b], np.float64(1))[0])
                else:
                    each += [LOSSES[loss](outputs[s, t, b], batch.y[s, b, t], np.float64(1))[0] for t in range(n[s, b])]
            assert found[s] == pytest.approx(np.mean(each), rel=1e-13)


def test_one_hot_equals_dense_unit_vectors():
    rng = np.random.default_rng(3)
    symbols = make_network("gru", "one-hot", d=4)
    dense = make_network("gru", "dense", d=4)
    p, batch = make_parameters(symbols, rng, 2), make_batch(symbols, rng, 2, 3, 5)
    vectors = Batch(np.eye(4)[batch.x], batch.y, batch.n)
    (_, o, g), (_, o_v, g_v) = gradient(Case(symbols, p, batch, None)), gradient(Case(dense, p, vectors, None))
    np.testing.assert_array_equal(o, o_v)
    np.testing.assert_array_equal(g["W"], g_v["W"])


def test_embedding_equals_dense_rows_of_its_table():
    """Outputs and the gradients of the other parameters."""
    rng = np.random.default_rng(4)
    network = Network(Embedding(5, 3), CELLS["lstm"](3, 4), Readout(4, 2))
    p, batch = make_parameters(network, rng, 2), make_batch(network, rng, 2, 3, 6, [6, 2, 4])
    _, outputs, grads = gradient(Case(network, p, batch, None))
    rows = np.stack([p["E"][s][batch.x[s]] for s in range(2)])
    dense = Network(Dense(3), network.cell, network.readout)
    _, outputs_rows, grads_rows = gradient(Case(dense, p, Batch(rows, batch.y, batch.n), None))
    np.testing.assert_array_equal(outputs, outputs_rows)
    np.testing.assert_array_equal(grads["W"], grads_rows["W"])
    assert np.all(grads["E"][:, [v for v in range(5) if v not in batch.x]] == 0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("cell", ["rnn-tanh", "lstm", "gru"])
def test_gradient_of_an_embedding_sums_over_the_places_of_each_symbol(cell, dtype):
    """dL/dx of every place added to its symbol's row, step by step: to the last bit NumPy's own add.at."""
    network, rng = make_network(cell, "embedding", d=4), np.random.default_rng(8)
    p, batch = make_parameters(network, rng, 2), make_batch(network, rng, 2, 3, 30, [30, 4, 17])
    p = {name: array.astype(dtype) for name, array in p.items()}
    grad = {name: np.full_like(array, np.nan) for name, array in p.items()}
    tape = network.tape(2, 30, 3, dtype)
    network.gradient(p, batch, tape, grad)
    right = np.zeros_like(p["E"])
    for s, d_x in enumerate(network.cell.input_gradient(p, tape)):
        np.add.at(right[s], batch.x[s].T.reshape(-1), d_x.reshape(-1, 2))
    np.testing.assert_array_equal(grad["E"], right)
    assert grad["E"].dtype == dtype
    assert np.all(right != 0)


def test_embedding_of_a_used_symbol_alone_has_a_gradient():
    """Padded places hold symbol 0, which no sequence reads: its row stays exactly zero."""
    network, rng = make_network("rnn-tanh", "embedding", d=4), np.random.default_rng(5)
    batch = make_batch(network, rng, 1, 2, 5, [3, 2])
    x = np.where(np.arange(5) < batch.n[..., None], 1 + batch.x % 3, 0)
    grads = gradient(Case(network, make_parameters(network, rng), Batch(x, batch.y, batch.n), None))[2]
    assert np.all(grads["E"][0, 0] == 0)
    assert np.any(grads["E"][0, 1:] != 0)


@pytest.mark.parametrize("beyond", [4, 1_000_000_000, -5])
def test_a_symbol_beyond_the_vocabulary_is_an_error(beyond):
    """Compiled code would read, and later write, whatever lies there."""
    network, rng = make_network("rnn-tanh", "embedding", d=4), np.random.default_rng(9)
    batch = make_batch(network, rng, 2, 3, 5)
    batch.x[1, 2, 4] = beyond
    with pytest.raises(IndexError):
        gradient(Case(network, make_parameters(network, rng, 2), batch, None), np.float32)


def test_input_widths():
    assert (Dense(3).width, OneHot(3).width, Embedding(3, 7).width) == (3, 3, 7)


@pytest.mark.parametrize("inputs", [Dense(3), OneHot(5), Embedding(5, 2)])
@pytest.mark.parametrize("name", CELLS)
def test_number_of_parameters(name, inputs):
    """REFERENCE A20 for the cell, H K + K for the readout, V D for an embedding."""
    h, k = 6, 2
    network = Network(inputs, CELLS[name](inputs.width, h), Readout(h, k))
    embedding = 10 if isinstance(inputs, Embedding) else 0
    assert network.n_parameters == network.cell.n_parameters + h * k + k + embedding


@given(case=cases(cells=("rnn-tanh", "lstm", "gru", "gru-before"), max_steps=5), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=100)
def test_a_seed_has_the_same_bits_in_any_stack(case, seed):
    """Loss, outputs and gradients of each seed alone, and of the stack in another order, float32 kernels."""
    seeds = case.sizes[0]
    order = np.random.default_rng(seed).permutation(seeds)
    stacks = [np.array([s]) for s in range(seeds)] + [order]
    loss, outputs, grads = gradient(case, np.float32)
    for index in stacks:
        batch = Batch(case.batch.x[index], case.batch.y[index], case.batch.n[index])
        initial = None if case.initial is None else tuple(part[index] for part in case.initial)
        p = {name: array[index] for name, array in case.p.items()}
        found = gradient(Case(case.network, p, batch, initial), np.float32)
        np.testing.assert_array_equal(found[0], loss[index])
        np.testing.assert_array_equal(found[1], outputs[index])
        for name, array in grads.items():
            np.testing.assert_array_equal(found[2][name], array[index], err_msg=name)


@pytest.mark.parametrize("kind", CELL_KINDS)
def test_a_tape_of_fewer_seeds_is_the_same_memory(kind):
    """Runs that leave a stack leave the others in place: results of the first seeds, no copy."""
    network, rng = make_network(kind, at="every"), np.random.default_rng(6)
    p, batch = make_parameters(network, rng, 3), make_batch(network, rng, 3, 2, 4)
    p = {name: array.astype(np.float32) for name, array in p.items()}
    tape = network.tape(3, 4, 2)
    whole = network.forward(p, batch, tape).copy()
    fewer = tape.first(2)
    assert np.shares_memory(fewer.hx, tape.hx)
    assert np.shares_memory(fewer.z, tape.z)
    first = {name: array[:2] for name, array in p.items()}
    again = network.forward(first, Batch(batch.x[:2], batch.y[:2], batch.n[:2]), fewer)
    np.testing.assert_array_equal(again, whole[:2])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("wrong", ["steps", "features", "seeds of x", "seeds of p", "rows of p", "loss at every step"])
def test_what_does_not_fit_the_tape_is_refused(wrong, dtype):
    """Compiled loops would read the memory behind it."""
    network, rng = make_network("lstm", d=2, h=4), np.random.default_rng(0)
    p, batch = make_parameters(network, rng, 2), make_batch(network, rng, 2, 3, 5)
    p, x, tape = {name: array.astype(dtype) for name, array in p.items()}, batch.x, network.tape(2, 5, 3, dtype)
    if wrong == "loss at every step":
        if dtype == np.float32:
            with pytest.raises(ValueError, match="every step"):
                unroll.backward(p, tape, (np.zeros((2, 3, 4)),), np.zeros((2, 5, 3, 1)))
        return
    if wrong.endswith("of p"):
        p["W"] = p["W"][:1] if wrong == "seeds of p" else p["W"][:, 1:]
    else:
        x = {"steps": x[:, :, :4], "features": x[..., :1], "seeds of x": x[:1]}[wrong]
    with pytest.raises(ValueError, match=r"shape|features"):
        network.forward(p, Batch(x, batch.y, batch.n), tape)


@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_seeds_in_turn_have_the_bits_of_all_at_once(at_once):
    """A tape of fewer seeds than the stack, with states, and a last part that does not fill it."""
    network, rng = make_network("lstm", "embedding", at="every"), np.random.default_rng(8)
    p, batch = make_parameters(network, rng, 5), make_batch(network, rng, 5, 3, 6)
    p, initial = {name: array.astype(np.float32) for name, array in p.items()}, make_state(network, rng, 5, 3)
    grads = [{name: np.zeros_like(array) for name, array in p.items()} for _ in range(2)]
    loss, states = network.gradient(p, batch, network.tape(5, 6, 3), grads[0], initial)
    found, starts = network.gradient(p, batch, network.tape(at_once, 6, 3), grads[1], initial)
    for a, b in zip((loss, *states, *grads[0].values()), (found, *starts, *grads[1].values()), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_tape_for_training_holds_what_stays_in_the_cache():
    cell = CELLS["lstm"](2, 64)

    def size(tape):
        return tape.hx.nbytes + tape.z.nbytes + sum(array.nbytes for array in tape.extra.values())

    for steps in (1, 20, 50, 100, 140, 400):
        tape, one = Tape.in_cache(cell, 6, steps, 32), Tape.allocate(cell, 1, steps, 32)
        seeds = len(tape.n)
        if size(one) > CACHE:
            assert seeds == 6
        else:
            assert size(tape) <= CACHE
            assert seeds == 6 or size(tape) + size(one) > CACHE


def test_float32_tapes_alone_run_the_kernels():
    cell = CELLS["rnn"](1, 2)
    fused = [Tape.allocate(cell, 1, 1, 1, dtype).fused_cell for dtype in (np.float32, np.float64, np.complex128)]
    assert fused == [cell, None, None]


def test_readout_bias_sums_many_steps_without_loss():
    """50,000 equal terms of 0.1 in float32: added one after the other they would be off by 1e-4."""
    readout = Readout(2, 3)
    h, d_o = np.zeros((1, 50_000, 2), np.float32), np.full((1, 50_000, 3), 0.1, np.float32)
    p = {"W_ho": np.zeros((1, 2, 3), np.float32), "b_o": np.zeros((1, 3), np.float32)}
    grad = {name: np.zeros_like(array) for name, array in p.items()}
    readout.gradient(p, h, d_o, grad)
    np.testing.assert_allclose(grad["b_o"], 50_000 * np.float64(np.float32(0.1)), rtol=1e-7)
