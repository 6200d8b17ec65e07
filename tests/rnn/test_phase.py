"""The phase diagrams: which settings, that numbers hang together, and that they are those of the theory by size."""

import numpy as np
import pytest

from rnn.cells import CELLS
from rnn.gradients import lyapunov_spectrum
from rnn.gradients.mean_field import LARGEST_SLOPE, critical_gain, largest_exponent
from rnn.initialise import initial_parameters
from rnn.layers import Dense, Readout
from rnn.network import Network
from rnn.phase import BIASES, GAINS, GATED_INPUTS, GATED_SIZE, LAGS, measure_phase
from rnn.reference.chaos import LARGE_NETWORKS
from rnn.streams import stream

SEED = 5


@pytest.fixture(scope="module")
def measured():
    return measure_phase(SEED, [16, 200], 3)


def rows(measured, **names):
    keep = np.all([measured[name] == value for name, value in names.items()], axis=0)
    return {name: column[keep] for name, column in measured.items()}


def test_gains_lie_on_both_sides_of_the_onset_and_of_the_bounds():
    for (activation, noise), gains in GAINS.items():
        largest = 1 / LARGEST_SLOPE[activation]
        for edge in (critical_gain(activation, noise), largest, *([] if noise else [largest / 2])):
            assert min(gains) < edge < max(gains)
        assert list(gains) == sorted(set(gains))


def test_the_settings_of_the_reference_cases_are_among_them():
    for gain, noise in LARGE_NETWORKS:
        assert gain in GAINS["tanh", noise]


def test_every_network_has_every_lag_once(measured):
    names = ("activation", "gain", "noise", "size", "seed", "lag")
    named = list(zip(*(measured[name].tolist() for name in names), strict=True))
    random = 3 * 2 * sum(map(len, GAINS.values()))
    gated = 3 * 2 * len(BIASES)
    assert len(set(named)) == len(named) == len(LAGS) * (random + gated)
    assert {len(column) for column in measured.values()} == {len(named)}
    assert set(measured["size"][np.isin(measured["activation"], ["lstm", "gru"])]) == {GATED_SIZE}


def test_only_gated_cells_have_no_theory(measured):
    gated = np.isin(measured["activation"], ["lstm", "gru"])
    assert np.isnan(measured["theory"][gated]).all()
    right = [
        largest_exponent(*setting)
        for setting in zip(*(measured[name][~gated] for name in ("activation", "gain", "noise")), strict=True)
    ][:: len(LAGS)]
    np.testing.assert_array_equal(measured["theory"][~gated][:: len(LAGS)], right)


def test_nothing_over_or_underflows(measured):
    for name in ("log10_norm", "lyapunov_max"):
        assert np.isfinite(measured[name]).all()
    assert (measured["log10_norm"][measured["lag"] == 0] == 0).all()
    assert measured["log10_norm"].min() < -60, "below what float32 holds"


def test_norms_grow_by_the_exponent(measured):
    """Over the later half of the lags, up to fluctuations."""
    lags = LAGS[LAGS >= 100]
    first, last = (measured["log10_norm"][measured["lag"] == lag] for lag in (lags[0], lags[-1]))
    rate = (last - first) * np.log(10) / (lags[-1] - lags[0])
    exponent = measured["lyapunov_max"][measured["lag"] == lags[0]]
    # a network of 16 units hardly averages, and one without exponents near 0 has no time scale below 100 steps
    assert np.median(np.abs(rate - exponent)) < 0.01


@pytest.mark.parametrize("setting", LARGE_NETWORKS)
def test_exponents_are_those_of_the_theory_up_to_the_size(measured, setting):
    """200 units, 3 matrices: within 5/N of infinitely many, as REFERENCE A7 says of 1000, but for scatter."""
    gain, noise = setting
    found = rows(measured, activation="tanh", gain=gain, noise=noise, size=200, lag=0)["lyapunov_max"]
    error = found.std(ddof=1) / np.sqrt(3)
    assert abs(found.mean() - LARGE_NETWORKS[setting][0]) < 5 / 200 + 2 * error


def test_linear_networks_differ_in_their_gain_alone(measured):
    """One matrix for all gains: the exponent less ln g is the same, ln rho(W)."""
    one = rows(measured, activation="linear", size=16, seed=1, lag=0)
    np.testing.assert_allclose(np.ptp(one["lyapunov_max"] - np.log(one["gain"])), 0, atol=5e-3)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gated_cells_have_the_exponent_of_the_library(measured, cell):
    """Their weights drawn again, driven by other inputs of the same kind."""
    network = Network(Dense(GATED_INPUTS), CELLS[cell](GATED_INPUTS, GATED_SIZE), Readout(GATED_SIZE, 1))
    p = initial_parameters(network, stream("phase weights", SEED, cell, 2), gate_bias=0.0)
    x = np.random.default_rng(1).normal(size=(1300, GATED_INPUTS))
    right = lyapunov_spectrum(network, {name: array[None] for name, array in p.items()}, x, n_exponents=1)
    found = rows(measured, activation=cell, gain=0.0, seed=2, lag=0)["lyapunov_max"]
    assert found == pytest.approx(right.exponents[:, 0], abs=0.01)


def test_a_gru_forgets_the_more_slowly_the_higher_its_keep_bias(measured):
    for seed in range(3):
        one = rows(measured, activation="gru", seed=seed, lag=0)
        assert (np.diff(one["lyapunov_max"]) > 0).all()
        assert one["lyapunov_max"].max() < 0.01


def test_a_network_does_not_depend_on_what_is_measured_beside_it(measured):
    alone = measure_phase(SEED, [16], 1)
    names = ("log10_norm", "lyapunov_max")
    again = rows(measured, seed=0)
    again = {name: again[name][again["size"] != 200] for name in names}
    for name in names:
        np.testing.assert_array_equal(alone[name], again[name])
