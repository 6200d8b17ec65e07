"""Rounds, exponents, and the problem that all engines share."""

import gc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import timing
from benchmarks.fits import exponent
from benchmarks.gemm_limit import Products
from benchmarks.memory import resident
from benchmarks.minimum import kept_bytes
from benchmarks.problem import RATE, Ours, Problem, Setting, common
from benchmarks.timing import interleaved

CELLS = ("rnn", "lstm", "gru")


def test_engines_take_turns_and_warm_up_outside_the_clock(monkeypatch):
    monkeypatch.setattr(timing, "BLOCK_S", 0)
    calls: list[tuple[str, bool]] = []
    steps = {name: lambda name=name: calls.append((name, gc.isenabled())) for name in "AB"}
    times = interleaved(steps, rounds=5)
    assert "".join(name for name, _ in calls) == "AABB" + "AB" * 5
    assert not any(collecting for _, collecting in calls[4:])
    assert gc.isenabled()
    assert times["A"].cpu.shape == times["B"].wall.shape == (5,)


def test_ratio_is_taken_within_each_round():
    ours, peer = (timing.Timing(np.array(cpu), np.array(cpu), 0.0) for cpu in ([1.0, 4.0], [2.0, 4.0]))
    np.testing.assert_array_equal(ours.ratio(peer), [2, 1])


def test_exponent_of_a_power_law_and_of_one_with_noise():
    sizes = [16, 32, 64, 128, 256]
    assert exponent(sizes, [3e-6 * size**1.5 for size in sizes]) == pytest.approx((1.5, 1.5, 1.5))
    noise = np.exp(np.random.default_rng(0).normal(0, 0.1, 5))
    middle, low, high = exponent(sizes, noise * np.array(sizes) ** 1.5)
    assert low < 1.5 < high
    assert (low + high) / 2 == pytest.approx(middle)
    with pytest.raises(ValueError, match="at least 3 sizes, not 2"):
        exponent([1, 2], [1, 2])


@pytest.mark.parametrize("cell", CELLS)
def test_common_names_hold_the_whole_gradient_and_nothing_vanishes(cell):
    setting = Setting(cell, hidden=8, steps=100, seeds=2, batch=4)
    ours = Ours(Problem(setting))
    found = ours.gradient()
    squares = sum(np.square(array, dtype=np.float64).sum() for array in found.values())
    assert squares == pytest.approx(np.square(ours.grad.flat, dtype=np.float64).sum())
    assert ours.share_vanished() == 0
    assert Ours(Problem(replace(setting, steps=1000), gain=0.5)).share_vanished() == (cell == "rnn")


@pytest.mark.parametrize("cell", CELLS)
def test_steps_leave_the_weights_where_they_were_drawn(cell):
    problem = Problem(Setting(cell, hidden=8, steps=10, seeds=2, batch=4))
    ours = Ours(problem)
    for _ in range(10):
        ours.step()
    moved = np.abs(ours.p.flat - problem.weights.flat).max()
    assert 0 < moved < 20 * RATE
    start = common(cell, 8, problem.weights.named)
    assert start["W_hh"].shape == (2, 8, {"rnn": 8, "lstm": 32, "gru": 24}[cell])


@pytest.mark.parametrize(("cell", "columns", "candidate"), [("rnn", 8, 0), ("lstm", 32, 0), ("gru", 24, 3 * 8 * 2)])
def test_products_of_the_limit_are_those_of_the_passes(cell, columns, candidate):
    """[h, x, 1] W, dL/dz W_hh^T and rows^T dL/dz, for each of S * T * B rows; the GRU's candidate twice."""
    products = Products(Problem(Setting(cell, hidden=8, steps=10, seeds=2, batch=4)))
    products.stacked()
    multiplications = 2 * 10 * 4 * (2 * 11 * columns + 8 * columns + candidate)
    assert products.flops == 2 * multiplications
    found = [array.copy() for array in (products.z, products.back, products.d_w)]
    assert all(np.abs(array).max() > 0 for array in found)
    products.seed_by_seed()
    for array, again in zip(found, (products.z, products.back, products.d_w), strict=True):
        np.testing.assert_allclose(array, again, rtol=1e-5)


def test_least_memory_of_the_lstm_by_hand():
    """i, f, o, g, c and h, each of 64 numbers of 4 bytes: 1536 bytes a step, sequence and seed."""
    assert kept_bytes(Setting("lstm", steps=1000), seeds=5) == 1536 * 1000 * 32 * 5


def test_resident_memory_is_read_or_refused():
    if not (status := Path("/proc/self/status")).exists():
        pytest.skip("no /proc on this machine, from which resident memory is read; macOS has none")
    now = resident("VmRSS")
    assert 1e6 < now <= resident("VmHWM")
    with pytest.raises(ValueError, match=f"{status} has no VmNothing"):
        resident("VmNothing")
