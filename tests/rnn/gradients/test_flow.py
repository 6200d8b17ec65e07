"""What `measure` makes of the norms: quantiles over samples, zeros, horizon, reasons, and the recurrent matrix."""

import numpy as np
import pytest

from rnn.gradients import GradientFlow, Trajectory, gradient_norms, log_spaced_lags, measure
from rnn.gradients.flow import SAMPLES
from rnn.gradients.horizon import THRESHOLDS
from rnn.gradients.reasons import (
    EXPLAINED,
    GATED,
    NO_EARLIER_STATE,
    NO_GRADIENT,
    NO_WEIGHT_GRADIENT,
    NOT_ALL,
    NOT_MEASURED,
    OF_ONE_MATRIX,
    UNGATED,
)
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


def assert_same(found, right):
    """Two mappings of numbers, arrays or columns are equal bit by bit."""
    assert list(found) == list(right)
    for name, value in found.items():
        if isinstance(value, dict):
            assert_same(value, right[name])
        else:
            np.testing.assert_array_equal(value, right[name], err_msg=name)


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
    assert (flow.horizon, flow.horizon_censored) == (2, False)


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
    log_ratio = gradient_norms(
        Trajectory.run(network, {name: array[None] for name, array in p.items()}, Batch(*spread))
    ).log_ratio[0]
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
    assert flow.reason == f"rate_gate_path: {UNGATED}"


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gated_cells_have_a_reason_instead(cell):
    setup = small_setup(cell=cell)
    data = TASKS["adding"].prepare(8, 1)
    shapes = build_network(setup, data).shapes()
    p = {name: np.full(shape, 0.1) for name, shape in shapes.items()}
    build_network(setup, data).cell.clear_structural_zeros(p["W"])
    (flow,) = measure(setup, data, [p])
    assert flow.reason == f"{', '.join(OF_ONE_MATRIX)}: {GATED}"
    assert all(np.isnan(getattr(flow, name)) for name in OF_ONE_MATRIX)
    assert all(np.isfinite(getattr(flow, name)) for name in EXPLAINED if name not in OF_ONE_MATRIX)
    assert flow.horizon is not None
    assert np.isfinite(flow.log10_gate_path).all()


def test_rates_and_exponents_add_up():
    """Sums that hold by theory, of numbers that were measured apart; one linear unit gives all by hand."""
    flow = measure_one(scalar_data(np.ones((3, 9))), one_unit(0.8), variant="default")
    assert flow.rate_total == pytest.approx(flow.rate_slopes + flow.rate_weights, abs=1e-12)
    assert flow.lyapunov_mean == pytest.approx(flow.mean_slopes + flow.mean_weights, abs=1e-12)
    assert flow.rate_weights == flow.unit_slopes_weights == pytest.approx(np.log(0.8), abs=1e-7)
    assert flow.polar_slopes == pytest.approx(flow.rate_slopes, abs=1e-12), "one unit's polar factor is 1"
    linear = measure_one(scalar_data(np.ones((3, 9))), one_unit(-0.5), variant="linear")
    for name in ("rate_total", "rate_weights", "lyapunov_max", "lyapunov_mean", "mean_weights", "unit_slopes_weights"):
        assert getattr(linear, name) == pytest.approx(np.log(0.5), abs=1e-12), name
    assert linear.rate_slopes == linear.mean_slopes == linear.polar_slopes == 0
    assert linear.spectrum["exponent"].tolist() == [linear.lyapunov_max]
    measured = log_spaced_lags(9)
    np.testing.assert_allclose(linear.log10_sigma_max[measured], measured * np.log10(0.5), rtol=0, atol=1e-12)
    assert np.isnan(np.delete(linear.log10_sigma_max, measured)).all()


def test_the_longest_sample_is_stretched():
    flow = measure_one(scalar_data(np.ones((4, 6)), [2, 6, 3, 1]), one_unit(0.5), variant="linear")
    assert flow.log10_sigma_max[5] == pytest.approx(5 * np.log10(0.5))


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_rate_of_the_gate_path(cell):
    """Zero weights and a keep bias of 2: the path is all there is, ln sigmoid(2) a step."""
    setup, data = small_setup(cell=cell), TASKS["adding"].prepare(8, 1)
    network = build_network(setup, data)
    p = {name: np.zeros(shape) for name, shape in network.shapes().items()}
    gate = network.cell.gates.index(network.cell.keep_gate)
    p["W"][-1, gate * 5 : (gate + 1) * 5] = 2
    p["W_ho"][...] = 1
    (flow,) = measure(setup, data, [p])
    assert flow.rate_gate_path == pytest.approx(-np.log1p(np.exp(-2)), abs=1e-12)
    assert flow.rate_total == pytest.approx(flow.rate_gate_path, abs=1e-12)


def test_only_as_many_exponents_as_are_wanted():
    setup, data = small_setup(cell="gru"), TASKS["adding"].prepare(8, 1)
    network = build_network(setup, data)
    rng = np.random.default_rng(0)
    p = {name: rng.normal(size=shape) for name, shape in network.shapes().items()}
    network.cell.clear_structural_zeros(p["W"])
    (whole,), (one,), (none,) = (measure(setup, data, [p], wanted) for wanted in (None, 1, 0))
    assert [len(flow.spectrum["exponent"]) for flow in (whole, one, none)] == [5, 1, 0]
    assert one.lyapunov_max == pytest.approx(whole.lyapunov_max, abs=1e-9)
    assert f"lyapunov_mean: {NOT_ALL}" in one.reason
    assert f"lyapunov_max, lyapunov_mean: {NOT_MEASURED}" in none.reason
    assert np.isnan([one.lyapunov_mean, none.lyapunov_mean, none.lyapunov_max]).all()
    assert none.rate_total == whole.rate_total


def test_one_step_has_no_rates():
    """Nor exponents, since no state is fed back, nor a gradient of W_hh, which meets a state of zeros alone."""
    flow = measure_one(scalar_data(np.ones((2, 1))), one_unit(0.5))
    undefined = [name for name in EXPLAINED if name not in ("w_spectral_radius", "w_sigma_max")]
    assert all(np.isnan(getattr(flow, name)) for name in undefined)
    undefined = [name for name in undefined if name not in ("rate_gate_path", "cancellation")]
    assert flow.reason == (
        f"{', '.join(undefined)}: {NO_EARLIER_STATE}; rate_gate_path: {UNGATED}; cancellation: {NO_WEIGHT_GRADIENT}"
    )
    assert (flow.horizon, flow.horizon_censored) == (1, True)
    assert len(flow.spectrum["exponent"]) == 0
    assert flow.w_spectral_radius == flow.w_sigma_max == 0.5
    assert (flow.log10_norm_q50.tolist(), flow.log10_sigma_max.tolist()) == ([0.0], [0.0])


def test_horizons_by_threshold_and_crossing():
    flow = measure_one(scalar_data(np.ones((3, 9))), one_unit(0.5), variant="linear")
    first = {threshold: int(np.ceil(np.log(threshold) / np.log(0.5))) for threshold in THRESHOLDS}
    rows = list(zip(*flow.horizons.values(), strict=True))
    assert list(flow.horizons) == ["threshold", "crossing", "horizon", "censored"]
    assert rows == [
        (threshold, crossing, min(first[threshold], 9), first[threshold] >= 9)
        for threshold in THRESHOLDS
        for crossing in ("first", "last")
    ]


def test_no_gradient_at_lag_zero_has_a_reason():
    """A readout of zeros lets nothing through."""
    flow = measure_one(scalar_data(np.ones((3, 4))), one_unit(0.5, w_ho=0.0))
    assert (flow.horizon, flow.horizon_censored) == (None, None)
    undefined = "rate_total, rate_slopes, rate_weights, polar_slopes, unit_slopes_weights, cancellation, horizon"
    assert f"{undefined}: {NO_GRADIENT}" in flow.reason
    assert set(flow.horizons["horizon"]) == {None}
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
def test_quantiles_end_where_fewer_than_half_of_the_sequences_reach(n, n_samples):
    """Each sample has exactly w^lag, so quantiles over those that have a lag are that too; the horizon ends there."""
    flow = measure_one(scalar_data(np.ones((len(n), 6)), n), one_unit(0.5), variant="linear")
    lags = np.arange(len(n_samples))
    assert flow.lag.tolist() == list(range(max(n))), "of the longest, so that shares sum to 1"
    assert flow.share.sum() == pytest.approx(1, abs=1e-12)
    assert flow.n_samples[lags].tolist() == n_samples
    assert flow.n_samples.tolist() == [sum(own > lag for own in n) for lag in range(max(n))]
    for quantile in (flow.log10_norm_q25, flow.log10_norm_q75):
        np.testing.assert_allclose(quantile[lags], lags * np.log10(0.5), rtol=0, atol=1e-12)
        assert np.isnan(quantile[len(lags) :]).all()
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
        if isinstance(found, dict):
            assert_same(found, right)
        elif np.asarray(found).dtype == float:
            np.testing.assert_allclose(found, right, rtol=0, atol=1e-13, err_msg=name)
        else:
            np.testing.assert_array_equal(found, right, err_msg=name)


def test_seeds_are_measured_apart(monkeypatch):
    """Each network as if it were alone, bit by bit, also where they are not all measured at once."""
    data = scalar_data(np.random.default_rng(0).normal(size=(5, 7)))
    monkeypatch.setattr("rnn.gradients.flow.ROWS_AT_ONCE", 2 * 7 * SAMPLES)
    networks = [one_unit(w) for w in np.linspace(-1.4, 0.9, 5)]
    setup = small_setup(length=7, hidden=1)
    together = measure(setup, data, networks)
    for flow, p in zip(together, networks, strict=True):
        (alone,) = measure(setup, data, [p])
        assert_same(vars(flow), vars(alone))


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
    common = 2 * flow.n_samples >= min(SAMPLES, len(data.valid))
    assert np.isfinite(flow.log10_norm_q50[common]).all()
    assert np.isnan(flow.log10_norm_q50[~common]).all()
    if data.valid.n.max() > 1:
        assert flow.share.sum() == pytest.approx(1, abs=1e-12)
    else:
        assert NO_WEIGHT_GRADIENT in flow.reason
        assert np.isnan(flow.share).all()
    scalars = [getattr(flow, name) for name in (*EXPLAINED, "horizon", "horizon_censored", "reason")]
    assert all(type(value) in (float, int, bool, str, type(None)) for value in scalars)
