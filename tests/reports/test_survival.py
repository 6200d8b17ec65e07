"""Updates until solved as survival data: the estimate by hand, what is censored, and who is sooner."""

import math

import numpy as np
import pytest

from reports import survival
from reports.inputs import Setting
from reports.survival import Times
from tests.reports.synthetic import study


def put_steps(made, cell, steps, task="adding", length=15, variant="default"):
    """Give a cell's runs their updates; None is a run that was never solved."""
    for seed, at in enumerate(steps):
        where = {"task": task, "cell": cell, "variant": variant, "length": length, "seed": seed}
        made.put("runs", "solved", at is not None, **where)
        made.put("runs", "steps", 4000 if at is None else at, **where)
        made.put("runs", "stopped_by", "budget" if at is None else "solved", **where)


def test_the_curve_is_the_product_of_kaplan_and_meier():
    """Five runs, of which one of the two that are left at 300 is solved there, and one never."""
    times = Times(np.array([100.0, 100.0, 200.0, 300.0, np.inf]), 1000, 100)
    curve = times.curve()
    left = dict(zip(curve.updates, curve.left, strict=True))
    assert left[200] == pytest.approx((1 - 2 / 5) * (1 - 1 / 3))
    assert left[300] == pytest.approx((1 - 2 / 5) * (1 - 1 / 3) * (1 - 1 / 2))
    assert left[1000] == left[300]  # censored: the share stays
    assert (curve.low <= curve.left).all()
    assert (curve.left <= curve.high).all()
    assert times.median.median == 200


def test_the_median_is_not_reached_where_at_most_half_are_solved():
    assert Times(np.array([100.0, np.inf, np.inf]), 1000, 100).median.median == math.inf


@pytest.mark.parametrize("ending", ["budget", "diverged", "stalled"])
def test_a_run_that_is_not_solved_is_never_solved_before_the_budget(ending, made, read):
    """Also one that diverged early: more updates of it solve nothing."""
    put_steps(made, "lstm", [300, 300, 300])
    where = {"task": "adding", "cell": "lstm", "variant": "default", "length": 15, "seed": 1}
    for column, value in (("solved", False), ("stopped_by", ending), ("steps", 200)):
        made.put("runs", column, value, **where)
    found = survival.times(read(made), Setting("adding", "lstm", "default", 15))
    assert found.solved_at.tolist() == [300, np.inf, 300]
    assert found.n_solved == 2
    curve = found.curve()
    assert curve.left[curve.updates == 300].tolist() == [pytest.approx(1 / 3)]


def test_a_long_budget_is_four_times_the_budget_of_its_task(made, read):
    made.ablate("adding", "rnn", "long-budget", 15)
    inputs = read(made)
    budgets = [survival.times(inputs, Setting("adding", "rnn", v, 15)).budget for v in ("default", "long-budget")]
    assert budgets == [4000, 16000]


def test_a_task_without_a_criterion_has_no_times(made, read):
    assert survival.times(read(made), Setting("co2", "lstm", "default", 13)) is None


def test_who_is_sooner_follows_the_times(read):
    made = study({"adding": [15]}, seeds=10)
    early, late = list(range(100, 1100, 100)), list(range(2000, 3000, 100))
    put_steps(made, "lstm", early)
    put_steps(made, "gru", early)
    put_steps(made, "rnn", late)
    found = {(one.first, one.second): one for one in survival.comparisons(read(made))}
    assert {pair: one.side for pair, one in found.items()} == {
        ("lstm", "rnn"): 1,
        ("gru", "rnn"): 1,
        ("gru", "lstm"): 0,
    }
    assert found["lstm", "rnn"].found.estimate == 1
    assert found["gru", "lstm"].found.estimate == 0.5
    assert found["lstm", "rnn"].corrected == pytest.approx(3 * found["lstm", "rnn"].found.p)  # Holm: of three
    put_steps(made, "lstm", [None] * 10)
    sides = {(one.first, one.second): one.side for one in survival.comparisons(read(made))}
    assert sides["lstm", "rnn"] == -1


def test_what_all_cells_solve_at_the_first_check_or_none_solves_is_not_drawn(made, read):
    for cell in ("rnn", "lstm", "gru"):
        put_steps(made, cell, [100] * 3)
        put_steps(made, cell, [None] * 3, length=40)
    inputs = read(made)
    assert ("adding", 15) not in survival.telling(inputs)
    assert ("adding", 40) not in survival.telling(inputs)
    assert not any(one.task == "adding" for one in survival.comparisons(inputs))
    put_steps(made, "gru", [100, 200, None])
    assert ("adding", 15) in survival.telling(read(made))
