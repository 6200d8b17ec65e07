"""The ball in a box: closed form against a simulation with walls, and its baselines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.tasks import TASKS
from rnn.tasks.ball import (
    FASTEST,
    SLOWEST,
    draw,
    expected_persistence,
    extrapolation,
    fit_memoryless,
    reflected,
    speed_moment,
    squared_error,
)

TASK = TASKS["ball"]


@given(st.floats(0, 1), st.floats(-0.99, 0.99))
def test_closed_form_is_the_path_between_two_walls(start, velocity):
    """Step by step: fly on, and turn round at a wall."""
    position, v = start, velocity
    for step in range(60):
        assert reflected(np.array(start + velocity * step)) == pytest.approx(position, abs=1e-12)
        position += v
        if position > 1:
            position, v = 2 - position, -v
        elif position < 0:
            position, v = -position, -v


def test_paths_follow_one_another_and_keep_their_speed():
    """Targets are the next inputs; away from walls the same move again, of a length between the limits."""
    split = draw(np.random.default_rng(0), 200, 30)
    assert split.x.shape == split.y.shape == (200, 30, 2)
    np.testing.assert_array_equal(split.x[:, 1:], split.y[:, :-1])
    assert (np.abs(split.y) <= 0.5).all()
    free = (np.abs(split.x) < 0.5 - FASTEST).all(axis=-1)
    moved = (split.y - split.x).astype(np.float64)
    speed = np.linalg.norm(moved[free], axis=-1)
    assert SLOWEST - 1e-6 <= speed.min() < speed.max() <= FASTEST + 1e-6
    again = free[:, 1:] & free[:, :-1]
    np.testing.assert_allclose(moved[:, 1:][again], moved[:, :-1][again], rtol=0, atol=1e-6)


def test_directions_speeds_and_starts_are_drawn_evenly():
    """Means and variances of 20,000 (4.5 sigma, the greatest variance of a square is 1/4 of its range squared)."""
    split = draw(np.random.default_rng(1), 20_000, 1)
    inside = (np.abs(split.x) < 0.5 - FASTEST).all(axis=(1, 2))
    moved = (split.y - split.x)[inside, 0].astype(np.float64)
    angle = np.arctan2(moved[:, 1], moved[:, 0])
    for wave in (np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)):
        assert wave.mean() == pytest.approx(0, abs=4.5 * np.sqrt(0.5 / inside.sum()))
    speed = np.linalg.norm(moved, axis=-1)
    for power in (1, 2, 3):
        values = speed**power
        assert values.mean() == pytest.approx(speed_moment(power), abs=4.5 * values.std() / np.sqrt(len(values)))
    assert split.x.mean() == pytest.approx(0, abs=4.5 * np.sqrt(1 / 12 / 40_000))
    assert np.mean(split.x**2) == pytest.approx(1 / 12, abs=4.5 * np.sqrt(1 / 180 / 40_000))


def test_persistence_in_closed_form():
    """All steps of 20,000 sequences; the mean of each is one draw (4 sigma)."""
    split = draw(np.random.default_rng(2), 20_000, 12)
    each = ((split.y - split.x).astype(np.float64) ** 2).mean(axis=(1, 2))
    assert each.mean() == pytest.approx(expected_persistence(), abs=4 * each.std() / np.sqrt(len(each)))


def test_extrapolation_by_hand():
    x = np.array([[[0.1, 0.2], [0.2, 0.0], [0.25, -0.3]]], np.float32)
    right = [[[0.1, 0.2], [0.3, -0.2], [0.3, -0.6]]]
    np.testing.assert_allclose(extrapolation(x), right, rtol=0, atol=1e-7)


def test_errors_are_in_squared_hundredths_of_the_side():
    y = np.zeros((1, 2, 2), np.float32)
    assert squared_error(np.array([[[0.03, 0.0], [0.0, 0.01]]], np.float32), y) == pytest.approx(10 / 4)


@pytest.fixture(scope="module")
def prepared():
    return {length: TASK.prepare(length, 3) for length in (2, 10, 50)}


def test_baselines(prepared):
    """Computed again; no memoryless predictor is better than one that knows each coordinate's speed.

    For a coordinate of speed v that one is right up to the sign of v, and within v of a wall better than that:
    v^2 - 4 v^3 / 3.
    """
    floor = 1e4 * (speed_moment(2) / 2 - 16 / (9 * np.pi) * speed_moment(3))
    for length, data in prepared.items():
        found = data.card["baselines"]
        x, y = (100 * part.astype(np.float64) for part in (data.test.x, data.test.y))
        assert data.baseline == found["persistence"] == pytest.approx(np.mean((y - x) ** 2), rel=1e-5)
        assert data.baseline == pytest.approx(1e4 * expected_persistence(), rel=0.06)
        line = np.concatenate((x[:, :1], 2 * x[:, 1:] - x[:, :-1]), axis=1)
        assert found["linear extrapolation"] == pytest.approx(np.mean((y - line) ** 2), rel=1e-4)
        walls = np.concatenate((x[:, :1], 50 - np.abs(100 - np.abs(50 + line[:, 1:]))), axis=1)
        assert found["reflected extrapolation"] == pytest.approx(np.mean((y - walls) ** 2), rel=1e-4)
        assert length == 2 or found["reflected extrapolation"] < found["linear extrapolation"] / 2
        assert floor * 0.95 < data.classical == found["memoryless"] < data.baseline
        assert length == 2 or found["linear extrapolation"] < data.classical / 2
        assert data.metric_scale == 1e4


def test_the_memoryless_predictor_sees_only_where_the_ball_is():
    """The order of the positions changes nothing; pairs with one known answer are learned."""
    rng = np.random.default_rng(0)
    train, valid, test = draw(rng, 1000, 4), draw(rng, 50, 4), draw(rng, 50, 4)
    o, _ = fit_memoryless(train, valid, test)
    turned = type(test)(test.x[:, ::-1], test.y[:, ::-1], test.n)
    np.testing.assert_array_equal(fit_memoryless(train, valid, turned)[0], o[:, ::-1])
    still = type(test)(train.x, train.x, train.n)
    np.testing.assert_array_equal(fit_memoryless(still, valid, test)[0], test.x)


def test_splits_depend_on_experiment_and_length():
    assert len({TASK.prepare(length, seed).sha256 for length in (3, 4) for seed in (1, 2)}) == 4


def test_example_of_the_card_is_the_first_step_of_the_first_test_sequence(prepared):
    now, after = 100 * (prepared[10].test.x[0, :2] + 0.5)
    assert prepared[10].card["example"] == (
        f"from ({now[0]:.1f}, {now[1]:.1f}) to ({after[0]:.1f}, {after[1]:.1f}) % of the side in the first step"
    )
