"""Linear networks and bounds (REFERENCE A2 to A5)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.gradients import gradient_norms, sigma_max, sigma_max_by_lag, spectral_radius, step_jacobian
from rnn.initialise import orthogonal
from rnn.reference.bounds import uniform_draws
from rnn.reference.linear import NON_NORMAL, jacobians_by_lag, log_norm_of_power
from rnn.reference.networks import trajectory, vanilla
from tests.reference.rows import assert_row

seeds = st.integers(0, 2**32 - 1)


def test_a2():
    """Linear RNN: dh_t/dh_k = W^(t-k); W = gQ with Q orthogonal has norm g^(t-k) for all t, k (closed form)."""
    assert_row("A2")


@given(seed=seeds, size=st.integers(1, 6), scale=st.floats(0.1, 3))
def test_a2_every_pair_of_steps(seed, size, scale):
    """J_t ... J_{k+1} for all k <= t <= 8, by the cell's own Jacobians and by back-propagation, of any matrix."""
    rng = np.random.default_rng(seed)
    w = scale * rng.normal(size=(size, size))
    run = trajectory(*vanilla("linear", w[None], rng, drive=1.0), rng, 8)
    backwards = jacobians_by_lag(w, 8)
    for k in range(9):
        product = np.eye(size)
        for t in range(k, 9):
            power = np.linalg.matrix_power(w.T, t - k)
            scale_of_rounding = np.linalg.norm(w) ** (t - k)
            np.testing.assert_allclose(product, power, rtol=0, atol=1e-13 * scale_of_rounding)
            np.testing.assert_allclose(backwards[t - k], power, rtol=0, atol=1e-13 * scale_of_rounding)
            if t < 8:
                product = step_jacobian(run, t)[0, 0] @ product


@given(seed=seeds, size=st.integers(1, 6), gain=st.floats(0.2, 3))
def test_a2_orthogonal(seed, size, gain):
    rng = np.random.default_rng(seed)
    run = trajectory(*vanilla("linear", gain * orthogonal(rng, size, size)[None], rng), rng, 40)
    lags = np.arange(40)
    np.testing.assert_allclose(gradient_norms(run).log_ratio[0, 0], lags * np.log(gain), rtol=0, atol=1e-11)
    np.testing.assert_allclose(sigma_max_by_lag(run, lags)[0, 0], lags * np.log(gain), rtol=0, atol=1e-11)


def test_a3():
    """J = [[.9, 1], [0, .9]]: the norm of J^k first grows above 3, then vanishes; spectral radius .9 (closed form)."""
    assert_row("A3")


def test_a3_transient():
    """log10 sigma_max by lag rises above log10 3 for lags 4 to 19, then falls without end."""
    run = trajectory(*vanilla("linear", NON_NORMAL.T[None], np.random.default_rng(0)), np.random.default_rng(1), 401)
    lags = np.arange(401)
    log10_sigma_max = sigma_max_by_lag(run, lags)[0, 0] / np.log(10)
    peak = log10_sigma_max.argmax()
    assert peak in (9, 10)
    assert (np.diff(log10_sigma_max[: peak + 1]) > 0).all()
    assert (np.diff(log10_sigma_max[peak + 1 :]) < 0).all()
    above = np.flatnonzero(log10_sigma_max > np.log10(3))
    assert above.tolist() == list(range(above[0], above[-1] + 1))
    assert above[0] < 6
    assert above[-1] > 15
    assert log10_sigma_max[-1] < -15
    # what the spectral radius alone would say, from the second step on
    assert (log10_sigma_max[1:] > lags[1:] * np.log10(0.9) + 0.1).all()


@pytest.mark.parametrize("lag", [0, 1, 2, 10, 100])
def test_a3_closed_form(lag):
    """The norm written out against the matrix of REFERENCE A3, by SVD."""
    power = np.array([[0.9**lag, lag * 0.9 ** (lag - 1)], [0, 0.9**lag]])
    np.testing.assert_allclose(np.linalg.matrix_power(NON_NORMAL, lag), power, rtol=1e-13)
    assert np.exp(log_norm_of_power(np.array(lag))) == pytest.approx(np.linalg.norm(power, 2), rel=1e-13)


def test_a4():
    """sigma_max(W_hh) < 1/gamma suffices to vanish, and is not needed (Pascanu, Mikolov & Bengio 2013, section 2.1)."""
    assert_row("A4")


@given(seed=seeds, activation=st.sampled_from([("tanh", 1.0), ("sigmoid", 0.25)]), norm=st.floats(0.1, 8))
def test_a4_no_step_grows_by_more(seed, activation, norm):
    """Each step back grows by at most gamma sigma_max(W_hh), so below 1/gamma all gradients vanish."""
    (name, gamma), rng = activation, np.random.default_rng(seed)
    w = rng.normal(size=(5, 5))
    w *= norm / sigma_max(w)
    run = trajectory(*vanilla(name, w[None], rng, drive=2.0), rng, 20)
    assert np.diff(gradient_norms(run).log_norm[0, 0]).max() <= np.log(gamma * norm) + 1e-12


def test_a5():
    """U(-1/sqrt H, 1/sqrt H): ln g = -0.549306 a step for large H; each draw has its own ln rho (closed form)."""
    assert_row("A5")


def test_a5_limit_written_out():
    """Entries of variance 1/(3H): g = 1/sqrt 3, 1.18e-12 after 50 steps."""
    w = uniform_draws(np.random.default_rng(0), 4, 500)
    assert 500 * w.var() == pytest.approx(1 / 3, rel=0.005)
    assert np.abs(w).max() <= 1 / np.sqrt(500)
    assert 0.5 * np.log(1 / 3) == pytest.approx(-0.549306, abs=5e-7)
    np.testing.assert_allclose(3.0**-25, 1.18e-12, rtol=1e-3)


def test_a5_draws_scatter():
    """At H = 64 ln norms scatter by 2.3 at lag 50 and 4.6 at lag 100: one draw says little about another."""
    rng = np.random.default_rng(50)
    w = uniform_draws(rng, 300, 64)
    log_ratio = gradient_norms(trajectory(*vanilla("linear", w, rng), rng, 101)).log_ratio[:, 0]
    assert log_ratio[:, 50].std() == pytest.approx(2.3, abs=0.4)
    assert log_ratio[:, 100].std() == pytest.approx(4.6, abs=0.8)
    rates = np.array([np.log(spectral_radius(one)) for one in w])
    # the draw's own spectral radius explains most of it
    assert np.corrcoef(rates, log_ratio[:, 100])[0, 1] > 0.9
