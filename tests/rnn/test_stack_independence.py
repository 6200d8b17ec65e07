"""A seed's run has the same bits alone, in company and in any order (DESIGN 7)."""

from dataclasses import fields

import numpy as np
import pytest

from rnn.cells import CELLS
from rnn.tasks import TASKS
from rnn.train import Trained, train
from rnn.variants import VARIANTS
from tests.rnn.examples import small_setup, symbol_data

# every registered cell, and every other form that a variant gives to one
FORMS = [(cell, "default") for cell in CELLS] + [
    (cell, name) for name, variant in VARIANTS.items() if variant.form for cell in variant.cells
]
RATE = 3e-3
SEEDS = [0, 1, 2, 3, 4]


@pytest.fixture(scope="module")
def adding():
    return TASKS["adding"].prepare(8, 7)


def assert_identical(found, right):
    """Every field but the time, to the last bit."""
    for field in fields(Trained):
        if field.name != "wall_s":
            assert_same_bits(getattr(found, field.name), getattr(right, field.name), field.name)


def assert_same_bits(a, b, name):
    """Values, arrays, or dictionaries of them, as deep as they are."""
    if isinstance(a, dict):
        assert a.keys() == b.keys(), name
        for key in a:
            assert_same_bits(a[key], b[key], f"{name} {key}")
    elif isinstance(a, np.ndarray):
        np.testing.assert_array_equal(a, b, err_msg=name)
    else:
        assert a == b, name


@pytest.fixture(scope="module", params=FORMS, ids="-".join)
def stack(request, adding):
    """A setup, and its five seeds trained together."""
    cell, variant = request.param
    setup = small_setup(cell=cell, variant=variant, log_every=10)
    return setup, train(setup, adding, [RATE] * 5, SEEDS)


def test_alone(stack, adding):
    setup, together = stack
    for seed in SEEDS:
        assert_identical(train(setup, adding, [RATE], [seed])[0], together[seed])


def test_in_another_order(stack, adding):
    setup, together = stack
    order = [3, 0, 4, 2, 1]
    for run in train(setup, adding, [RATE] * 5, order):
        assert_identical(run, together[run.seed])


def test_again(stack, adding):
    setup, together = stack
    for again, run in zip(train(setup, adding, [RATE] * 5, SEEDS), together, strict=True):
        assert_identical(again, run)


def test_beside_other_rates(stack, adding):
    setup, together = stack
    runs = train(setup, adding, [1e-2, RATE, 1e-4], [1, 1, 1])
    assert_identical(runs[1], together[1])
    assert not np.array_equal(runs[0].best["W"], runs[1].best["W"])


def test_beside_runs_that_diverge(stack, adding):
    """They leave the stack at update 2; first, last and in the middle."""
    setup, together = stack
    runs = train(setup, adding, [1e30, RATE, 1e30, RATE, 1e30], [0, 1, 2, 3, 4])
    assert [run.status for run in runs] == ["diverged", "ok", "diverged", "ok", "diverged"]
    assert_identical(runs[1], together[1])
    assert_identical(runs[3], together[3])
    (alone,) = train(setup, adding, [1e30], [2])
    assert_identical(runs[2], alone)


@pytest.mark.parametrize(("cell", "variant"), FORMS)
def test_beside_runs_that_solve_early(cell, variant):
    """Fast and slow rates on "hello": each run ends at its own step, with the bits it has alone."""
    setup = small_setup(task="hello", cell=cell, variant=variant, length=4, batch=1, hidden=8, steps=300, log_every=10)
    data = TASKS["hello"].prepare(4, 7)
    rates = [1e-2, 1e-3, 3e-2, 1e-3]
    together = train(setup, data, rates, [0, 1, 2, 3])
    assert {run.stopped_by for run in together} == {"solved", "budget"}
    assert len({run.steps for run in together}) == 3
    for run in together:
        assert_identical(train(setup, data, [run.learning_rate], [run.seed])[0], run)


@pytest.mark.parametrize(("cell", "variant"), FORMS)
def test_with_an_embedding(cell, variant):
    """Sequences of different lengths, scored by errors; one run diverges and leaves."""
    setup, data = small_setup(task="co2", cell=cell, variant=variant, length=7, log_every=10), symbol_data()
    rates = [RATE, 1e30, 1e-2]
    for run in train(setup, data, rates, [0, 1, 2]):
        assert_identical(train(setup, data, [run.learning_rate], [run.seed])[0], run)


@pytest.mark.parametrize(("cell", "variant"), FORMS)
def test_beside_runs_that_stall(cell, variant, adding):
    """A rate of zero stalls at its patience, the others go on."""
    setup = small_setup(cell=cell, variant=variant, log_every=10, patience=20)
    runs = train(setup, adding, [0.0, RATE], [0, 1])
    assert runs[0].stopped_by == "stalled"
    assert runs[0].steps == 20 < runs[1].steps
    assert_identical(runs[1], train(setup, adding, [RATE], [1])[0])
