"""What a prediction owes to each input: against the complex step, in closed form, and at the edges."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.gradients import attribute
from rnn.gradients.attribution import SENTENCES
from rnn.layers import Dense
from rnn.network import Batch
from rnn.setup import build_network
from rnn.tasks.data import Split
from tests.rnn.examples import make_parameters, small_setup, symbol_data

TINY = 1e-30
CHOSEN = [0, 28, 57, 85, 114, 142, 171, 199]  # eight of 200, evenly spread


def setup_of(cell="rnn", variant="default"):
    return small_setup(task="co2", cell=cell, variant=variant, length=7, hidden=4)


def networks(setup, data, seeds=2):
    """Return the network of a setup, and parameters, one set a seed."""
    network = build_network(setup, data)
    p = make_parameters(network, np.random.default_rng(0), seeds)
    return network, [{name: array[s] for name, array in p.items()} for s in range(seeds)]


def every_step(data):
    """The same sequences with a target at every step, as in the prediction of the next symbol."""
    splits = {
        name: Split(split.x, np.repeat(split.y[:, None], split.x.shape[1], axis=1), split.n)
        for name, split in (("train", data.train), ("valid", data.valid), ("test", data.test))
    }
    return replace(data, at="every", **splits)


def with_test(data, sentences, steps=None):
    """Other test sequences, padded with symbol 0."""
    n = np.array([len(sentence) for sentence in sentences])
    x = np.zeros((len(n), steps or n.max()), np.int32)
    for row, sentence in zip(x, sentences, strict=True):
        row[: len(sentence)] = sentence
    return replace(data, test=Split(x, np.zeros(len(n), np.int32), n))


@pytest.mark.parametrize("place", ["last", "every"])
@pytest.mark.parametrize("inputs", ["embedding", "one-hot"])
@pytest.mark.parametrize(
    ("cell", "variant"),
    [("rnn", "default"), ("rnn", "sigmoid"), ("rnn", "linear"), ("lstm", "default"), ("gru", "default")],
)
def test_norms_are_those_of_the_complex_step(cell, variant, inputs, place):
    """One vector at one position is moved by i 1e-30 in each of its components; -ln p is written out by hand."""
    data = replace(symbol_data() if place == "last" else every_step(symbol_data()), inputs=inputs)
    setup = setup_of(cell, variant)
    network, (p,) = networks(setup, data, 1)
    opposite = p | {"W_ho": p["W_ho"][:, ::-1], "b_o": p["b_o"][::-1]}
    parameters, targets = [p, opposite], set()
    for p, found in zip(parameters, attribute(setup, data, parameters), strict=True):
        vectors = p.get("E", np.eye(5))
        one = {name: array[None] for name, array in p.items()}
        dense = replace(network, inputs=Dense(vectors.shape[1]), at="last")
        entry = 0
        for sentence in CHOSEN:
            symbols = data.test.x[sentence, : data.test.n[sentence]]
            for position, symbol in enumerate(symbols):
                copies = vectors.shape[1]
                x = np.repeat(vectors[symbols][None].astype(np.complex128), copies, axis=0)
                x[:, position] += 1j * TINY * np.eye(copies)
                tape = dense.tape(1, len(symbols), copies, np.complex128)
                o = dense.forward(one, Batch(x[None], None, np.full((1, copies), len(symbols))), tape)[0]
                target = o[0].real.argmax()
                surprise = np.log(np.exp(o).sum(axis=-1)) - o[:, target]
                right = np.linalg.norm(surprise.imag / TINY)
                assert (found.sentence[entry], found.position[entry]) == (sentence, position)
                assert (found.token[entry], found.target[entry]) == (symbol, target)
                assert 10 ** found.log10_norm[entry] == pytest.approx(right, rel=1e-10)
                targets.add(target)
                entry += 1
        assert entry == len(found.log10_norm)
    assert targets == {0, 1}


def test_linear_network_in_closed_form():
    """(p - e) W_ho' (W_hh')^(T-t) W_xh', p the softmax of sum_t x_t W_xh W_hh^(T-t) W_ho."""
    data, setup = symbol_data(), setup_of(variant="linear")
    _, (p,) = networks(setup, data, 1)
    p["W"][-1] = p["b_o"][...] = 0
    w_hh, w_xh = p["W"][:4], p["W"][4:-1]
    (found,) = attribute(setup, data, [p])
    for sentence in CHOSEN:
        own = found.sentence == sentence
        n = data.test.n[sentence]
        powers = [np.linalg.matrix_power(w_hh, n - 1 - t) for t in range(n)]
        o = sum(p["E"][v] @ w_xh @ w for v, w in zip(data.test.x[sentence], powers, strict=False)) @ p["W_ho"]
        probability = np.exp(o) / np.exp(o).sum()
        row = (probability - np.eye(2)[o.argmax()]) @ p["W_ho"].T
        right = [np.log10(np.linalg.norm(row @ w.T @ w_xh.T)) for w in powers]
        np.testing.assert_allclose(found.log10_norm[own], right, rtol=0, atol=1e-11)
        assert (found.target[own] == o.argmax()).all()


def test_the_prediction_counts_not_the_true_class():
    data, setup = symbol_data(), setup_of("gru")
    _, parameters = networks(setup, data)
    swapped = replace(data, test=Split(data.test.x, 1 - data.test.y, data.test.n))
    for found, right in zip(attribute(setup, swapped, parameters), attribute(setup, data, parameters), strict=True):
        for name in vars(right):
            np.testing.assert_array_equal(getattr(found, name), getattr(right, name), err_msg=name)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@given(
    sentences=st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=9), min_size=1, max_size=SENTENCES),
    more=st.integers(0, 6),
    garbage=st.integers(0, 4),
)
@settings(max_examples=25)
def test_padding_changes_nothing(cell, sentences, more, garbage):
    """Each sentence has the norms that it has alone, whatever stands behind it and how much."""
    data, setup = symbol_data(), setup_of(cell)
    _, parameters = networks(setup, data, 1)
    padded = with_test(data, sentences, 9 + more)
    padded.test.x[np.arange(9 + more) >= padded.test.n[:, None]] = garbage
    (found,) = attribute(setup, padded, parameters)
    assert found.sentence.tolist() == [i for i, sentence in enumerate(sentences) for _ in sentence]
    assert found.position.tolist() == [t for sentence in sentences for t in range(len(sentence))]
    assert found.token.tolist() == [symbol for sentence in sentences for symbol in sentence]
    alone = [attribute(setup, with_test(data, [sentence]), parameters)[0] for sentence in sentences]
    np.testing.assert_array_equal(found.target, np.concatenate([one.target for one in alone]))
    right = np.concatenate([one.log10_norm for one in alone])
    np.testing.assert_allclose(found.log10_norm, right, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("cell", "variant"), [("rnn", "default"), ("rnn", "sigmoid"), ("gru", "default")])
def test_a_gradient_below_float64_is_a_finite_logarithm(cell, variant):
    """Weights divided by ten: far back nothing is left that float64 could hold, but its logarithm."""
    data, setup = symbol_data(), setup_of(cell, variant)
    _, (p,) = networks(setup, data, 1)
    p = {name: array / 10 if name in ("W", "W_n") else array for name, array in p.items()}
    (found,) = attribute(setup, with_test(data, [np.arange(1200) % 5]), [p])
    assert np.isfinite(found.log10_norm).all()
    assert found.log10_norm[0] < np.log10(np.finfo(np.float64).smallest_subnormal) < found.log10_norm[-1]
    step = np.diff(found.log10_norm[:1000]).mean()
    assert found.log10_norm[0] == pytest.approx(found.log10_norm[100] - 100 * step, abs=1)


def test_a_gradient_that_is_exactly_zero():
    """A readout of zeros lets nothing through: minus infinity, and the first class is the prediction."""
    data, setup = symbol_data(), setup_of()
    _, (p,) = networks(setup, data, 1)
    p["W_ho"][...] = 0
    p["b_o"][...] = 0
    (found,) = attribute(setup, data, [p])
    assert np.isneginf(found.log10_norm).all()
    assert not found.target.any()


def test_a_sure_prediction_keeps_its_digits():
    """p = 1 - e^-60: p - 1 would be zero, yet the other class still pulls with e^-60."""
    data, setup = symbol_data(), setup_of(variant="linear")
    _, (p,) = networks(setup, data, 1)
    p["W_ho"][...] = [[1, 2]] * 4  # o_1 - o_0 is the sum of h and what the bias adds
    p["b_o"][...] = [0, 60]
    (found,) = attribute(setup, data, [p])
    network = build_network(setup, data)
    one = {name: array[None] for name, array in p.items()}
    chosen = data.test.take(np.array(CHOSEN))
    tape = network.tape(1, 7, len(CHOSEN), np.float64)
    network.forward(one, Batch(chosen.x[None], chosen.y[None], chosen.n[None]), tape)
    for sentence, margin, n in zip(CHOSEN, 60 + tape.h[0, -1].sum(axis=-1), chosen.n, strict=True):
        last = (found.sentence == sentence) & (found.position == n - 1)
        pull = np.exp(-margin) / (1 + np.exp(-margin))
        right = np.log10(pull * np.linalg.norm(p["W"][4:-1].sum(axis=1)))
        assert found.log10_norm[last] == pytest.approx(right, abs=1e-11)
        assert found.target[last] == 1


def test_seeds_are_attributed_apart():
    """Each of three networks as if it were alone, bit by bit."""
    data, setup = symbol_data(), setup_of("lstm")
    _, parameters = networks(setup, data, 3)
    for found, p in zip(attribute(setup, data, parameters), parameters, strict=True):
        (alone,) = attribute(setup, data, [p])
        for name in vars(alone):
            np.testing.assert_array_equal(getattr(found, name), getattr(alone, name), err_msg=name)


def test_texts_that_may_not_be_printed_are_not_attributed():
    data, setup = replace(symbol_data(), symbols=None, classes=None), setup_of()
    _, parameters = networks(setup, data, 3)
    found = attribute(setup, data, parameters)
    assert len(found) == 3
    assert all(len(column) == 0 for one in found for column in vars(one).values())
