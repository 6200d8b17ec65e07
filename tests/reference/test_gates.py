"""Gates (REFERENCE A10, A11, A22)."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.cells import GRU, LSTM, GRUBefore
from rnn.gradients.time_constants import e_folding_time, mean_lifetime
from rnn.initialise import chrono_mean_gate
from rnn.reference.gates import kept_by_lag
from rnn.reference.gru_forms import cell_states, plain_states
from tests.reference.rows import assert_row

FROZEN = Path(__file__).parents[1] / "rnn" / "parity" / "pytorch.npz"


def test_a10():
    """Mean lifetime 1/(1 - sigma(b)) = 1 + e^b; e-folding 1/ln(1 + e^-b); LSTM f^T, GRU 2^-T (closed form)."""
    assert_row("A10")


@given(bias=st.floats(-3, 4))
@settings(max_examples=20)
def test_a10_any_bias(bias):
    """The functions of the library against what is left in a cell, for both gated cells in all forms."""
    sigma = 1 / (1 + np.exp(-bias))
    for cell in (LSTM(1, 1), GRU(1, 1), GRUBefore(1, 1)):
        left = kept_by_lag(cell, bias, 40)
        np.testing.assert_allclose(left, sigma ** np.arange(41), rtol=1e-12)
        assert -1 / np.log(left[1]) == pytest.approx(e_folding_time(bias), rel=1e-9)
        # the geometric series' rest beyond lag 40
        assert left[:40].sum() + left[40] / (1 - sigma) == pytest.approx(mean_lifetime(bias), rel=1e-9)
    assert mean_lifetime(bias) == pytest.approx(1 / (1 - sigma), rel=1e-12)


def test_a10_two_numbers_that_are_not_one():
    assert float(mean_lifetime(0)) == 2
    assert float(e_folding_time(0)) == pytest.approx(1.4427, abs=5e-5)


def test_a11():
    """b_f = ln U[1, T_max - 1], b_i = -b_f; mean forget gate .96008 at T_max = 100 (Tallec & Ollivier 2018)."""
    assert_row("A11")


def test_a11_mean_gate_by_quadrature():
    """The mean of u/(1 + u) over u in [1, 99]."""
    z, weight = np.polynomial.legendre.leggauss(200)
    u = 50 + 49 * z
    assert weight @ (u / (1 + u)) / 2 == pytest.approx(0.96008, abs=5e-6)
    assert chrono_mean_gate(100) == pytest.approx(weight @ (u / (1 + u)) / 2, rel=1e-12)


def test_a22():
    """Reset before the product (Cho et al. 2014) and after it (version 1 of the preprint; cuDNN, PyTorch, Keras)."""
    assert_row("A22")


def frozen_gru():
    """One sequence of the parity arrays as gates' blocks, b_hn, inputs, start and PyTorch's states."""
    with np.load(FROZEN) as file:
        arrays = {name.removeprefix("gru/"): array for name, array in file.items() if name.startswith("gru/")}
    parts = {name: np.split(arrays[name], 3) for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")}
    blocks = {}
    for i, gate in enumerate(("r", "u", "n")):
        bias = parts["bias_ih_l0"][i] + (0 if gate == "n" else parts["bias_hh_l0"][i])
        blocks[gate] = (parts["weight_ih_l0"][i].T, parts["weight_hh_l0"][i].T, bias)
    return blocks, parts["bias_hh_l0"][2], arrays["x"], arrays["state_0"].reshape(-1, blocks["r"][1].shape[0]), arrays


def test_a22_parity_with_pytorch():
    """Reset after is PyTorch's form, to 1e-6, with z as what keeps and b_hn inside the gate; reset before is not."""
    blocks, b_hn, x, h_0, arrays = frozen_gru()
    for sequence, start, right in zip(x, h_0, arrays["full/output"], strict=True):
        np.testing.assert_allclose(plain_states("after", blocks, b_hn, sequence, start), right, rtol=0, atol=1e-6)
        np.testing.assert_allclose(cell_states("after", blocks, b_hn, sequence, start), right, rtol=0, atol=1e-6)
        assert np.abs(cell_states("before", blocks, b_hn, sequence, start) - right).max() > 1e-2


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 5), inputs=st.integers(1, 4), steps=st.integers(1, 12))
@settings(max_examples=50)
def test_a22_any_weights(seed, size, inputs, steps):
    rng = np.random.default_rng(seed)
    blocks = {
        gate: (rng.normal(size=(inputs, size)), rng.normal(size=(size, size)), rng.normal(size=size))
        for gate in ("r", "u", "n")
    }
    b_hn, h_0, x = rng.normal(size=size), rng.normal(size=size), rng.normal(size=(steps, inputs))
    for place in ("after", "before"):
        found = cell_states(place, blocks, b_hn, x, h_0)
        np.testing.assert_allclose(found, plain_states(place, blocks, b_hn, x, h_0), rtol=0, atol=1e-12)
