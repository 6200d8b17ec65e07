"""The floor of an AR(1) forecast (REFERENCE A17): printed values, its sum, and a simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.tasks.autoregressive import forecast_floor


@pytest.mark.parametrize(("horizon", "floor"), [(1, 1.0), (10, 4.62328), (20, 5.18536)])
def test_known_values(horizon, floor):
    assert forecast_floor(0.9, horizon) == pytest.approx(floor, abs=5e-6)


@given(st.floats(-0.95, 0.95), st.integers(1, 60), st.floats(0, 3))
def test_closed_form(phi, horizon, sigma):
    right = sigma**2 * (1 - phi ** (2 * horizon)) / (1 - phi**2)
    assert forecast_floor(phi, horizon, sigma) == pytest.approx(right, rel=1e-13)


@pytest.mark.parametrize("phi", [1.0, -1.0])
def test_random_walk(phi):
    assert forecast_floor(phi, 7, 2.0) == 28


def test_the_best_forecast_reaches_it():
    """200,000 independent forecasts ten steps ahead; a squared Gaussian error has variance 2 floor^2 (4 sigma)."""
    rng, n = np.random.default_rng(0), 200_000
    x = start = rng.normal(size=n)
    for _ in range(10):
        x = 0.9 * x + 0.5 * rng.normal(size=n)
    floor = forecast_floor(0.9, 10, 0.5)
    assert np.mean((x - 0.9**10 * start) ** 2) == pytest.approx(floor, abs=4 * math.sqrt(2 / n) * floor)


def test_a_horizon_below_one_is_an_error():
    with pytest.raises(ValueError, match="not 0"):
        forecast_floor(0.9, 0)
