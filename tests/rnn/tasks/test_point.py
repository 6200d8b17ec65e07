"""Points of two half circles: where they lie, their baselines, and a network of one step."""

from dataclasses import replace

import numpy as np
import pytest

from rnn.gradients.reasons import NO_EARLIER_STATE
from rnn.tasks import TASKS
from rnn.tasks.point import NOISE, draw
from rnn.train import train
from tests.rnn.examples import small_setup
from workflow.measured import measure_initial, measure_trained

TASK = TASKS["point"]


@pytest.fixture(scope="module")
def data():
    return TASK.prepare(1, 3)


def test_without_noise_the_points_lie_on_half_circles():
    split = draw(np.random.default_rng(0), 4000, noise=0.0)
    assert split.x.shape == (4000, 1, 2)
    assert (split.n == 1).all()
    for label, centre, side in ((0, (0, 0), 1), (1, (1, 0.5), -1)):
        away = split.x[split.y == label, 0] - centre
        np.testing.assert_allclose(np.linalg.norm(away, axis=1), 1, rtol=0, atol=1e-6)
        assert (side * away[:, 1] >= -1e-6).all()
        assert np.ptp(away[:, 0]) == pytest.approx(2, abs=1e-3)


def test_noise_is_added_to_both_coordinates():
    """The same draws with and without it (4.5 sigma of a variance)."""
    with_noise, without = (draw(np.random.default_rng(0), 4000, noise) for noise in (NOISE, 0.0))
    np.testing.assert_array_equal(with_noise.y, without.y)
    spread = np.var(with_noise.x - without.x, axis=(0, 1))
    np.testing.assert_allclose(spread, NOISE**2, rtol=4.5 * np.sqrt(2 / 4000))


def test_classes_are_alike():
    y = draw(np.random.default_rng(0), 10_000).y
    assert y.mean() == pytest.approx(0.5, abs=4.5 * 0.5 / 100)


def test_baselines(data):
    """The majority of training is asked of the test set; no straight line does what the criterion wants, votes do."""
    most = int(data.train.y.mean() > 0.5)
    assert data.baseline == np.mean(data.test.y != most)
    line = data.card["baselines"]["logistic regression"]
    assert data.classical < TASK.criterion(1) < line < data.baseline / 2


def test_label_balance_of_each_split_is_told(data):
    for name in ("train", "valid", "test"):
        share = np.mean(getattr(data, name).y == 0)
        assert f"{100 * share:.1f} % of {name}" in data.card["notes"]


def test_no_point_stands_in_two_splits(data):
    x = np.concatenate([split.x[:, 0] for split in (data.train, data.valid, data.test)])
    assert len(np.unique(x, axis=0)) == len(x)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_networks_of_one_step_are_measured_before_and_after_training(data, cell):
    """Nothing flows back: no rate, no exponent, and the reason in their place."""
    small = replace(data, valid=data.valid.take(slice(50)))
    setup = small_setup(task="point", cell=cell, length=1, steps=20)
    runs = train(setup, small, [1e-2, 1e-2], [0, 1])
    for found, draws in ((measure_initial(setup, small, 2, 3), 3), (measure_trained(setup, small, runs), 4)):
        assert len(found.rates) == draws
        for row in found.rates:
            assert np.isnan([row["rate_total"], row["lyapunov_max"], row["cancellation"]]).all()
            assert "lyapunov_mean" in row["reason"].split(f": {NO_EARLIER_STATE}")[0]
            assert (row["horizon"], row["horizon_censored"]) == (1, True)
        assert len(found.gradients["lag"]) == draws
        assert len(found.spectra["exponent"]) == 0
