"""What `measure` makes of the norms: quantiles over samples, zeros, horizon, reasons, and the recurrent matrix."""

import json

import numpy as np
import pytest

from rnn.gradients import GradientFlow, gradient_norms, measure
from rnn.gradients.flow import GATED, NO_GRADIENT, SAMPLES
from rnn.network import Batch
from rnn.setup import build_network
from rnn.tasks import TASKS
from rnn.tasks.data import Data, Split
from tests.rnn.examples import small_setup


def scalar_data(x, n=None):
    """A task of scalar sequences, the same in validation and test; targets far from any output."""
    x = np.asarray(x, np.float32)[..., None]
    lengths = np.full(len(x), x.shape[1]) if n is None else np.array(n)
    split = Split(x, np.full((len(x), 1), 100, np.float32), lengths)
    return Data("adding", x.shape[1], "dense", 1, 1, "mse", "last", 1.0, split, split, None, {})


def one_unit(w_hh, w_ho=1.0):
    """H = 1: h_t = f(w_hh h_{t-1} + x_t)."""
    return {
        "W": np.array([[w_hh], [1.0], [0.0]], np.float32),
        "W_ho": np.full((1, 1), w_ho, np.float32),
        "b_o": np.zeros(1, np.float32),
    }


def measure_one(data, parameters, **setup):
    (flow,) = measure(small_setup(length=data.length, hidden=1, **setup), data, [parameters])
    return flow


def test_relu_zeros_are_counted_and_left_out_of_the_quantiles():
    """Sample i of 4 dies at step 5 - i, so its lags i and beyond are zero; all others have exactly w^lag."""
    x = np.full((4, 6), 1.0)
    for i in range(4):
        x[i, 5 - i] = -9.0 if i else 1.0
    flow = measure_one(scalar_data(x), one_unit(0.5), variant="relu")
    # lag k of sample i > 0 passes the slope of step T - i at lag i + 1
    assert flow.n_zero.tolist() == [0, 0, 1, 2, 3, 3]
    for quantile in (flow.log10_norm_q25, flow.log10_norm_q50, flow.log10_norm_q75):
        np.testing.assert_allclose(quantile, np.arange(6) * np.log10(0.5), rtol=0, atol=1e-12)


def test_horizon_counts_zeros_where_quantiles_leave_them_out():
    """Three of four samples are dead beyond lag 2: the horizon is there, the quantiles stay those of the one alive."""
    x = np.full((4, 6), 1.0)
    x[:3, 4] = -9.0
    flow = measure_one(scalar_data(x), one_unit(0.9), variant="relu")
    assert flow.n_zero.tolist() == [0, 0, 3, 3, 3, 3]
    assert flow.log10_norm_q50[5] == pytest.approx(5 * np.log10(0.9), abs=1e-7)
    assert (flow.horizon, flow.horizon_censored, flow.reason) == (2, False, None)


def test_quantiles_are_undefined_where_no_sample_is_left():
    x = np.full((3, 5), 1.0)
    x[:, 2] = -9.0
    flow = measure_one(scalar_data(x), one_unit(0.5), variant="relu")
    assert flow.n_zero.tolist() == [0, 0, 0, 3, 3]
    assert np.isfinite(flow.log10_norm_q50[:3]).all()
    assert np.isnan(flow.log10_norm_q50[3:]).all()


def test_quantiles_over_samples():
    """numpy's quantiles of the same norms, computed lag by lag, on sequences spread evenly over the validation set."""
    setup = small_setup(length=12, cell="gru")
    data = TASKS["adding"].prepare(12, 1)
    network = build_network(setup, data)
    rng = np.random.default_rng(0)
    p = {name: rng.normal(size=shape).astype(np.float32) for name, shape in network.shapes().items()}
    network.cell.clear_structural_zeros(p["W"])
    (flow,) = measure(setup, data, [p])
    spread = [round(i * (len(data.valid) - 1) / (SAMPLES - 1)) for i in range(SAMPLES)]
    spread = [part[None, spread] for part in (data.valid.x, data.valid.y, data.valid.n)]
    log_ratio = gradient_norms(network, {name: array[None] for name, array in p.items()}, Batch(*spread)).log_ratio[0]
    for lag in range(12):
        right = np.quantile(log_ratio[:, lag] / np.log(10), [0.25, 0.5, 0.75])
        found = [flow.log10_norm_q25[lag], flow.log10_norm_q50[lag], flow.log10_norm_q75[lag]]
        np.testing.assert_allclose(found, right, rtol=0, atol=1e-12)
    assert flow.lag.tolist() == list(range(12))
    assert flow.log10_norm_q50[0] == 0
    assert not flow.n_zero.any()


def test_vanilla_cell_has_the_numbers_of_its_matrix():
    """REFERENCE A3's matrix in W_hh."""
    p = {
        "W": np.array([[0.9, 1.0], [0.0, 0.9], [1.0, 1.0], [0.0, 0.0]]),
        "W_ho": np.ones((2, 1)),
        "b_o": np.zeros(1),
    }
    (flow,) = measure(small_setup(length=4, hidden=2, variant="linear"), scalar_data(np.ones((2, 4))), [p])
    assert flow.w_spectral_radius == pytest.approx(0.9, abs=1e-7)
    assert flow.w_sigma_max == pytest.approx(np.sqrt((2.62 + np.sqrt(2.62**2 - 4 * 0.81**2)) / 2), rel=1e-12)
    assert flow.reason is None


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gated_cells_have_a_reason_instead(cell):
    setup = small_setup(cell=cell)
    data = TASKS["adding"].prepare(8, 1)
    shapes = build_network(setup, data).shapes()
    p = {name: np.full(shape, 0.1) for name, shape in shapes.items()}
    build_network(setup, data).cell.clear_structural_zeros(p["W"])
    (flow,) = measure(setup, data, [p])
    assert (flow.w_spectral_radius, flow.w_sigma_max, flow.reason) == (None, None, GATED)
    assert flow.horizon is not None


def test_no_gradient_at_lag_zero_has_a_reason():
    """A readout of zeros lets nothing through."""
    flow = measure_one(scalar_data(np.ones((3, 4))), one_unit(0.5, w_ho=0.0))
    assert (flow.horizon, flow.horizon_censored, flow.reason) == (None, None, NO_GRADIENT)
    assert np.isnan(flow.log10_norm_q50).all()
    assert not flow.n_zero.any(), "a ratio that is undefined is not a zero"
    assert not flow.n_samples.any(), "nor a sample"
    assert flow.lag.tolist() == [0, 1, 2, 3]
    assert flow.w_spectral_radius == pytest.approx(0.5)


def test_censored_horizon_is_the_length():
    flow = measure_one(scalar_data(np.ones((3, 4))), one_unit(0.99), variant="linear")
    assert (flow.horizon, flow.horizon_censored) == (4, True)


@pytest.mark.parametrize(
    ("n", "n_samples"),
    [
        ([6, 6, 6, 6], [4, 4, 4, 4, 4, 4]),
        ([6, 5, 3, 1], [4, 3, 3, 2, 2]),  # two of four have lag 4, one has lag 5
        ([6, 4, 2], [3, 3, 2, 2]),
        ([1, 1, 6], [3]),
        ([2], [1, 1]),
    ],
)
def test_lags_end_where_fewer_than_half_of_the_sequences_reach(n, n_samples):
    """Each sample has exactly w^lag, so quantiles over those that have a lag are that too; the horizon ends there."""
    flow = measure_one(scalar_data(np.ones((len(n), 6)), n), one_unit(0.5), variant="linear")
    assert flow.lag.tolist() == list(range(len(n_samples)))
    assert flow.n_samples.tolist() == n_samples
    np.testing.assert_allclose(flow.log10_norm_q25, np.arange(len(n_samples)) * np.log10(0.5), rtol=0, atol=1e-12)
    np.testing.assert_allclose(flow.log10_norm_q75, np.arange(len(n_samples)) * np.log10(0.5), rtol=0, atol=1e-12)
    assert (flow.horizon, flow.horizon_censored) == (len(n_samples), True)


def test_samples_that_are_counted():
    """One of three is short, one dies beyond lag 1 and counts as a zero, one is at its target and counts nowhere."""
    x = np.full((3, 5), 1.0)
    x[1, 3] = -9.0
    x[2] = 0.0
    data = scalar_data(x, [3, 5, 5])
    data.valid.y[2] = 0
    flow = measure_one(data, one_unit(0.5), variant="relu")
    assert flow.n_samples.tolist() == [2, 2, 2, 1, 1]
    assert flow.n_zero.tolist() == [0, 0, 1, 1, 1]
    np.testing.assert_allclose(flow.log10_norm_q50[:3], np.arange(3) * np.log10(0.5), rtol=0, atol=1e-12)
    assert np.isnan(flow.log10_norm_q50[3:]).all()


def test_padding_does_not_show():
    """The same sequences among more steps, whatever stands there; each step rescales, so logarithms may round."""
    rng = np.random.default_rng(3)
    x, n = rng.normal(size=(5, 7)), [7, 3, 5, 4, 7]
    plain = measure_one(scalar_data(x, n), one_unit(0.8))
    longer = np.concatenate((x, np.full((5, 4), 99.0)), axis=1)
    longer[np.arange(11) >= np.array(n)[:, None]] = -5.0
    padded = measure_one(scalar_data(longer, n), one_unit(0.8))
    for name in GradientFlow.__dataclass_fields__:
        found, right = getattr(padded, name), getattr(plain, name)
        if name.startswith("log10"):
            np.testing.assert_allclose(found, right, rtol=0, atol=1e-13, err_msg=name)
        else:
            np.testing.assert_array_equal(found, right, err_msg=name)


def test_seeds_are_measured_apart():
    """Each of three networks as if it were alone, bit by bit."""
    data = scalar_data(np.random.default_rng(0).normal(size=(5, 7)))
    networks = [one_unit(w) for w in (0.3, 0.9, -1.4)]
    setup = small_setup(length=7, hidden=1)
    together = measure(setup, data, networks)
    for flow, p in zip(together, networks, strict=True):
        (alone,) = measure(setup, data, [p])
        for name in GradientFlow.__dataclass_fields__:
            np.testing.assert_array_equal(getattr(flow, name), getattr(alone, name), err_msg=name)


def test_parameters_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="finite"):
        measure_one(scalar_data(np.ones((2, 3))), one_unit(np.nan))


@pytest.fixture(scope="module", params=TASKS)
def task_data(request):
    """A task's data at a small length; texts take a moment to read."""
    task = TASKS[request.param]
    return task.prepare(task.natural_length or max(task.min_length, 6), 1)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_every_task_can_be_measured(task_data, cell):
    """With initial weights: every lag defined, every scalar a plain Python value."""
    data = task_data
    setup = small_setup(task=data.task, cell=cell, length=data.length)
    network = build_network(setup, data)
    rng = np.random.default_rng(0)
    p = {name: rng.normal(size=shape) / 2 for name, shape in network.shapes().items()}
    network.cell.clear_structural_zeros(p["W"])
    (flow,) = measure(setup, data, [p])
    assert len(flow.lag) <= TASKS[data.task].n_steps(data.length)
    if (data.valid.n == data.length).all():
        assert len(flow.lag) == data.length
    assert (flow.n_samples >= SAMPLES / 2).all() or len(data.valid) < SAMPLES
    assert np.isfinite(flow.log10_norm_q50).all()
    json.dumps([flow.horizon, flow.horizon_censored, flow.w_spectral_radius, flow.w_sigma_max, flow.reason])
