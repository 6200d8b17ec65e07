"""Padding changes nothing: outputs to the last bit, gradients to rounding, whatever stands in the padded places."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.network import Batch
from tests.rnn.examples import (
    CELL_KINDS,
    INPUT_KINDS,
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


def padded(case, more, rng, largest=30):
    """Lengthen a batch by ``more`` steps and overwrite all padded inputs and targets with garbage up to 10^largest."""
    batch, network = case.batch, case.network
    seeds, steps, size = case.sizes
    beyond = np.arange(steps + more)[None, None] >= batch.n[..., None]

    def garbage(array, below):
        shape = (seeds, size, steps + more, *array.shape[3:])
        kept = np.zeros(shape, array.dtype)
        kept[:, :, :steps] = array
        if array.dtype.kind == "f":
            noise = rng.normal(size=shape) * 10.0 ** rng.integers(-3, largest, size=shape)
        else:
            noise = rng.integers(below, size=shape)
        return np.where(beyond.reshape(*beyond.shape, *(1,) * (array.ndim - 3)), noise, kept)

    x = garbage(batch.x, network.inputs.size)
    y = garbage(batch.y, network.readout.n_outputs) if network.at == "every" else batch.y
    return Batch(x, y, batch.n)


def assert_same(case, batch, dtype, atol):
    (loss, outputs, grads), (loss_p, outputs_p, grads_p) = gradient(case, dtype), gradient(case, dtype, batch)
    _, steps, _ = case.sizes
    if case.network.at == "every":
        active = np.arange(steps)[None, :, None] < case.batch.n[:, None]
        # a single row is multiplied by another routine of BLAS than several are, and may end in another last bit
        ulp = np.finfo(dtype).eps if steps * case.batch.n.shape[1] == 1 else 0
        np.testing.assert_allclose(outputs_p[:, :steps][active], outputs[active], rtol=2 * ulp, atol=2 * ulp)
    else:
        np.testing.assert_array_equal(outputs_p, outputs)
    np.testing.assert_allclose(loss_p, loss, rtol=atol, atol=atol)
    for name, right in grads.items():
        np.testing.assert_allclose(grads_p[name], right, rtol=atol, atol=atol, err_msg=name)


@given(case=cases(), more=st.integers(0, 9), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=100)
def test_any_amount_of_padding_and_garbage(case, more, seed):
    """Float64: outputs equal to the last bit (of more than one row), gradients to 1e-12."""
    assert_same(case, padded(case, more, np.random.default_rng(seed)), np.float64, 1e-12)


@given(case=cases(), more=st.integers(0, 9), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_the_kernels_mask_alike(case, more, seed):
    """Float32: outputs equal to the last bit; gradients differ by the order of the sums alone."""
    assert_same(case, padded(case, more, np.random.default_rng(seed), largest=15), np.float32, 2e-5)


@pytest.mark.parametrize("at", PLACES)
@pytest.mark.parametrize("loss", LOSS_KINDS)
@pytest.mark.parametrize("inputs", INPUT_KINDS)
@pytest.mark.parametrize("cell", CELL_KINDS)
def test_every_combination(cell, inputs, loss, at):
    network, rng = make_network(cell, inputs, loss, at), np.random.default_rng(0)
    n = [[1, 5, 3], [4, 2, 5]]
    case = Case(
        network, make_parameters(network, rng, 2), make_batch(network, rng, 2, 3, 5, n), make_state(network, rng, 2)
    )
    for more in (0, 1, 20):
        assert_same(case, padded(case, more, rng), np.float64, 1e-12)


@pytest.mark.parametrize("cell", CELL_KINDS)
def test_a_sequence_in_a_padded_batch_is_that_sequence_alone(cell):
    """Its output and its own part of the gradient, against a batch without any padding."""
    network, rng = make_network(cell), np.random.default_rng(1)
    p, batch = make_parameters(network, rng), make_batch(network, rng, 1, 3, 6, [6, 2, 4])
    _, outputs, grads = gradient(Case(network, p, batch, None))
    total = {name: np.zeros_like(array) for name, array in p.items()}
    for b, n in enumerate(batch.n[0]):
        alone = Batch(batch.x[:, b : b + 1, :n], batch.y[:, b : b + 1], np.array([[n]]))
        _, output, part = gradient(Case(network, p, alone, None))
        np.testing.assert_allclose(output[:, 0], outputs[:, b], rtol=0, atol=1e-14)
        for name in p:
            total[name] += part[name] / 3
    for name, right in total.items():
        np.testing.assert_allclose(grads[name], right, rtol=0, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("at", PLACES)
def test_an_empty_sequence_is_an_error(at):
    network, rng = make_network("rnn-tanh", at=at), np.random.default_rng(2)
    case = Case(network, make_parameters(network, rng), make_batch(network, rng, 1, 3, 4, [3, 0, 4]), None)
    with pytest.raises(ValueError, match="empty sequence"):
        gradient(case)
