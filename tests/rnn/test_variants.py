"""Each variant against its definition; initial weights stand in ``test_initialise``, forms of cells in ``cells``."""

import re
from dataclasses import fields

import numpy as np
import pytest

from rnn.gradients import GradientFlow, measure
from rnn.layers import Readout
from rnn.network import Batch, Network
from rnn.setup import build_network
from rnn.streams import stream
from rnn.tasks import TASKS
from rnn.train import initial_weights, train
from rnn.variants import VARIANTS
from tests.rnn.examples import Case, gradient, small_setup, symbol_data

EVERY = [(name, cell) for name, variant in VARIANTS.items() for cell in variant.cells]


@pytest.fixture(scope="module")
def adding():
    return TASKS["adding"].prepare(8, 7)


@pytest.fixture(scope="module")
def long():
    return TASKS["adding"].prepare(40, 7)


def first_batch(data, size=8):
    """The first examples of seed 0's training stream."""
    split = TASKS["adding"].batch(data, stream("training", 7, "adding", data.length, 0), size)
    return Batch(split.x[None], split.y[None], split.n[None])


def test_names_fit_file_names_and_wildcards():
    assert all(re.fullmatch("[a-z0-9-]+", name) for name in VARIANTS)


@pytest.mark.parametrize(("variant", "cell"), EVERY)
def test_every_variant_trains(variant, cell, adding):
    """Some updates leave finite weights that are others than before."""
    setup = small_setup(cell=cell, variant=variant, steps=10, log_every=1)
    (run,) = train(setup, adding, [1e-3], [0])
    assert (run.status, run.steps) == ("ok", 10 * VARIANTS[variant].budget)
    before = initial_weights(setup, build_network(setup, adding), 0)
    assert not np.array_equal(run.early[10]["W"] if 10 in run.early else run.best["W"], before["W"])


@pytest.mark.parametrize("hidden", [1, 5, 32])
@pytest.mark.parametrize("cell", ["rnn", "gru"])
@pytest.mark.parametrize("inputs", ["dense", "embedding"])
def test_matched_networks_have_the_parameters_of_an_lstm(cell, hidden, inputs, adding):
    """No other number of units comes closer to the LSTM's number at the experiment's H; the readout is counted."""
    data = adding if inputs == "dense" else symbol_data()
    of_lstm, network = (
        build_network(small_setup(cell=name, variant=variant, hidden=hidden), data)
        for name, variant in (("lstm", "default"), (cell, "matched"))
    )
    assert of_lstm.cell.n_hidden == hidden

    def distance(units):
        other = type(network.cell)(network.cell.n_inputs, units)
        whole = Network(network.inputs, other, Readout(units, data.n_outputs), data.loss, data.at)
        return abs(whole.n_parameters - of_lstm.n_parameters)

    units = network.cell.n_hidden
    assert network.readout.n_hidden == units
    assert distance(units) == abs(network.n_parameters - of_lstm.n_parameters)
    assert distance(units) == min(distance(other) for other in range(1, 8 * hidden + 1))


@pytest.mark.parametrize(("variant", "threshold"), [("clip-0", np.inf), ("clip-0-1", 0.1), ("default", 0.4)])
def test_clipping_is_the_variant_s_or_else_the_experiment_s(variant, threshold, adding):
    """REFERENCE A19: an update with SGD moves by the rate times the gradient, scaled by min(1, threshold / norm)."""
    setup = small_setup(variant=variant, clip=0.4, steps=1, optimiser="sgd")
    (run,) = train(setup, adding, [0.05], [0])
    network = build_network(setup, adding)
    start = initial_weights(setup, network, 0)
    grads = gradient(Case(network, {name: array[None] for name, array in start.items()}, first_batch(adding), None))[2]
    norm = np.sqrt(sum(np.sum(grads[name] ** 2) for name in start))
    assert norm > 0.4, "the experiment's threshold was meant to be passed"
    assert run.best_step == 1
    assert run.curves["grad_norm"][1] == pytest.approx(norm, rel=1e-5)
    assert run.curves["clipped"][1] == (norm > threshold)
    for name, array in start.items():
        moved = array - 0.05 * min(1, threshold / norm) * grads[name][0]
        np.testing.assert_allclose(run.best[name], moved, rtol=1e-5, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_truncated_training_goes_back_twenty_steps(cell, long):
    """The norm of the first gradient is that of the last twenty of 40 steps, and not that of all."""
    setup = small_setup(cell=cell, variant="truncated-20", length=40, steps=1, clip=0.0)
    (run,) = train(setup, long, [1e-3], [0])
    network = build_network(setup, long)
    p = {name: array[None] for name, array in initial_weights(setup, network, 0).items()}
    case = Case(network, p, first_batch(long), None)
    truncated, whole = (
        np.sqrt(sum(np.sum(grads[name] ** 2) for name in p))
        for grads in (gradient(case, window=20)[2], gradient(case)[2])
    )
    assert run.curves["grad_norm"][1] == pytest.approx(truncated, rel=1e-5)
    assert truncated != pytest.approx(whole, rel=1e-3)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_measurements_know_of_no_window(cell, long):
    """The gradient by lag of a network is that of the whole sequence, however it was trained."""
    setups = [small_setup(cell=cell, variant=variant, length=40) for variant in ("truncated-20", "default")]
    weights = initial_weights(setups[1], build_network(setups[1], long), 0)
    found, right = (measure(setup, long, [weights], n_exponents=0)[0] for setup in setups)
    assert np.isfinite(found.log10_norm_q50).all()
    for field in fields(GradientFlow):
        np.testing.assert_equal(getattr(found, field.name), getattr(right, field.name))
