"""Training: why a run stops, what its curves hold, which weights are kept, and which examples it sees."""

import numpy as np
import pytest

from rnn.evaluate import shared
from rnn.network import Batch
from rnn.optimise import OPTIMISERS
from rnn.setup import build_network
from rnn.streams import stream
from rnn.tasks import TASKS
from rnn.tasks.adding import Adding
from rnn.train import CURVES, early_steps, initial_weights, train
from tests.rnn.examples import Case, gradient, small_setup, symbol_data

HUGE = 1e30  # one update with this rate overflows float32


@pytest.fixture(scope="module")
def adding():
    return TASKS["adding"].prepare(8, 7)


@pytest.fixture(scope="module")
def hello():
    return TASKS["hello"].prepare(4, 7)


def hello_setup(**changes):
    return small_setup(**{"task": "hello", "length": 4, "batch": 1, "hidden": 8} | changes)


def metric(setup, data, split, p):
    """The metric of one seed's parameters on a whole split, in float64 and in one batch."""
    network = build_network(setup, data)
    stacked = {name: array[None] for name, array in p.items()}
    loss, outputs, _ = gradient(Case(network, stacked, shared(split, 1), None))
    if data.scored_by == "loss":
        return loss[0] * data.metric_scale
    if data.scored_by == "illegal":
        steps = zip(outputs[0].swapaxes(0, 1), split.legal, split.n, strict=True)
        return np.mean([any(o[t, legal[t]].min() <= o[t, ~legal[t]].max() for t in range(n)) for o, legal, n in steps])
    if data.scored_by == "sequences":
        pairs = zip(outputs[0].argmax(axis=-1).T, split.y, split.n, strict=True)
        return np.mean([any(o[t] != y[t] for t in range(n) if y[t] >= 0) for o, y, n in pairs])
    assert data.at == "last"
    if data.scored_by == "beyond":
        return np.mean(np.abs(outputs[0, :, 0] - split.y[:, 0]) >= data.tolerance)
    return np.mean(outputs[0].argmax(axis=-1) != split.y) * data.metric_scale


def test_budget(adding):
    (run,) = train(small_setup(steps=50, log_every=20), adding, [1e-3], [0])
    assert (run.status, run.stopped_by, run.steps, run.solved, run.first_bad_step) == ("ok", "budget", 50, False, None)
    assert run.curves["step"].tolist() == [0, 20, 40, 50], "the last update is checked whatever log_every is"


@pytest.mark.parametrize(("patience", "steps"), [(10, 10), (15, 15), (16, 20)])
def test_stalled_after_patience_updates_without_improvement(adding, patience, steps):
    """A rate of zero never improves on step 0; a check every 5 updates is the clock."""
    (run,) = train(small_setup(log_every=5, patience=patience), adding, [0.0], [0])
    assert (run.status, run.stopped_by, run.steps, run.best_step) == ("ok", "stalled", steps, 0)


def test_patience_zero_never_stalls(adding):
    (run,) = train(small_setup(log_every=5, patience=0), adding, [0.0], [0])
    assert (run.stopped_by, run.steps) == ("budget", 60)


def test_patience_counts_from_the_best_check(adding):
    """A run that improves at every check does not stall, however short the patience."""
    (run,) = train(small_setup(steps=30, log_every=10, patience=10), adding, [1e-3], [0])
    best = np.minimum.accumulate(run.curves["valid_metric"])
    assert (np.diff(best) < 0).all(), "this run was meant to improve at every check"
    assert run.stopped_by == "budget"


def test_solved(hello):
    """At the first check below the criterion the run ends, and that check is its best."""
    (run,) = train(hello_setup(steps=2000, log_every=10), hello, [1e-2], [0])
    assert (run.status, run.stopped_by, run.solved) == ("ok", "solved", True)
    assert run.steps < 2000
    assert run.valid_value < TASKS["hello"].solved_below
    assert run.best_step == run.steps == run.curves["step"][-1]
    assert (run.curves["valid_metric"][:-1] >= TASKS["hello"].solved_below).all()


def test_the_criterion_is_that_of_the_length(adding, monkeypatch):
    """Copy memory has another one for each delay; a lenient one is met by the initial weights."""

    class Lenient(Adding):
        def criterion(self, length):
            return float(length)

    monkeypatch.setitem(TASKS, "adding", Lenient(**vars(TASKS["adding"])))
    (run,) = train(small_setup(), adding, [1e-3], [0])
    assert (run.stopped_by, run.solved, run.best_step) == ("solved", True, 0)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_diverged(adding, cell):
    """Overflow after the first update: seen at the second one, kept as a result with the weights of step 0."""
    (run,) = train(small_setup(cell=cell), adding, [HUGE], [0])
    assert (run.status, run.stopped_by, run.solved, run.best_step) == ("diverged", "diverged", False, 0)
    assert run.first_bad_step == run.steps + 1 == 2
    assert run.curves["step"].tolist() == [0]
    assert np.isfinite([run.value, run.valid_value]).all()
    setup = small_setup(cell=cell)
    for name, array in initial_weights(setup, build_network(setup, adding), 0).items():
        np.testing.assert_array_equal(run.best[name], array)


def test_a_linear_cell_that_explodes_diverges(adding):
    """Rate 1e6: W^8 alone passes float32; earlier checks are kept."""
    (run,) = train(small_setup(variant="linear"), adding, [1e6], [0])
    assert run.stopped_by == "diverged"
    assert 1 < run.first_bad_step < 60
    assert np.isfinite(run.value)


@pytest.mark.parametrize(("bad", "checked"), [(31, [0, 10, 20, 30]), (30, [0, 10, 20])], ids=["between", "at a check"])
def test_divergence_after_the_first_checks_keeps_what_was_learned(adding, monkeypatch, bad, checked):
    """Targets turn infinite at one update: the checks before it stand, and the best of them is the result."""
    draw, calls = Adding.batch, []

    def poisoned(self, data, rng, size):
        calls.append(size)
        split = draw(self, data, rng, size)
        return split if len(calls) < bad else type(split)(split.x, split.y * np.float32(np.inf), split.n)

    monkeypatch.setattr(Adding, "batch", poisoned)
    (run,) = train(small_setup(log_every=10), adding, [1e-3], [0])
    assert (run.status, run.first_bad_step, run.steps) == ("diverged", bad, bad - 1)
    assert run.curves["step"].tolist() == checked
    assert run.best_step in checked[1:]
    assert run.value == pytest.approx(metric(small_setup(), adding, adding.test, run.best), rel=1e-5)


@pytest.mark.parametrize("patience", [0, 1, 2])
def test_divergence_at_a_check_is_not_a_stall(adding, patience):
    """Every update is followed by a check, so the run breaks where its patience ends: the break is what counts."""
    (run,) = train(small_setup(variant="linear", log_every=1, patience=patience), adding, [HUGE], [0])
    assert (run.status, run.stopped_by) == ("diverged", "diverged")
    assert run.first_bad_step in (1, 2)
    assert np.isfinite([run.value, run.valid_value]).all()


def test_a_check_that_is_not_finite_ends_the_run(adding):
    """Weights of 1e30 after the only update: no further loss would show it."""
    (run,) = train(small_setup(variant="linear", steps=1), adding, [HUGE], [0])
    assert (run.status, run.stopped_by, run.first_bad_step, run.best_step) == ("diverged", "diverged", 1, 0)


def test_curves_hold_one_row_a_check(adding):
    (run,) = train(small_setup(steps=60, log_every=20), adding, [1e-3], [0])
    assert tuple(run.curves) == CURVES == ("step", "train_loss", "valid_loss", "valid_metric", "grad_norm", "clipped")
    assert all(curve.dtype == np.float64 and curve.shape == (4,) for curve in run.curves.values())
    for name in ("train_loss", "grad_norm", "clipped"):
        assert np.isnan(run.curves[name][0]), "nothing was trained before step 0"
        assert np.isfinite(run.curves[name][1:]).all()
    assert np.isfinite(run.curves["valid_loss"]).all()


def test_first_row_of_the_curves_is_the_first_batch(adding):
    """Loss and norm of the initial weights on the first examples of the training stream, in float64."""
    setup = small_setup(log_every=1, steps=1, clip=0.01)
    (run,) = train(setup, adding, [1e-3], [5])
    network = build_network(setup, adding)
    split = TASKS["adding"].batch(adding, stream("training", 7, "adding", 8, 5), 8)
    batch = Batch(split.x[None], split.y[None], split.n[None])
    p = {name: array[None] for name, array in initial_weights(setup, network, 5).items()}
    loss, _, grads = gradient(Case(network, p, batch, None))
    norm = np.sqrt(sum(np.sum(grads[name] ** 2) for name in p))
    assert run.curves["train_loss"][1] == pytest.approx(loss[0], rel=1e-5)
    assert run.curves["grad_norm"][1] == pytest.approx(norm, rel=1e-5), "the norm before clipping"
    assert run.curves["clipped"][1] == 1


def test_rows_between_checks_are_means(adding):
    """Checking does not disturb training: every third row of a run checked always, and means of the rest."""
    (often,) = train(small_setup(log_every=1, clip=2.5), adding, [3e-3], [0])
    (seldom,) = train(small_setup(log_every=3, clip=2.5), adding, [3e-3], [0])
    for name in ("valid_loss", "valid_metric"):
        np.testing.assert_array_equal(seldom.curves[name], often.curves[name][::3])
    for name in ("train_loss", "grad_norm", "clipped"):
        means = often.curves[name][1:].reshape(-1, 3).mean(axis=1)
        np.testing.assert_allclose(seldom.curves[name][1:], means, rtol=1e-13)
    assert 0 < np.nanmean(often.curves["clipped"]) < 1, "this run was meant to be clipped now and then"


def test_no_clipping_with_threshold_zero(adding):
    (run,) = train(small_setup(clip=0.0), adding, [1e-3], [0])
    assert (run.curves["clipped"][1:] == 0).all()


@pytest.mark.parametrize("task", TASKS)
def test_best_step_is_the_best_check(task):
    """Validation at that check; the test score is that of the weights kept, recomputed in float64."""
    length = TASKS[task].natural_length or max(8, TASKS[task].min_length)
    data = TASKS[task].prepare(length, 7)
    setup = small_setup(task=task, cell="gru", length=length, log_every=10, batch=32)
    (run,) = train(setup, data, [1e-2], [0])
    steps, values = run.curves["step"], run.curves["valid_metric"]
    assert run.best_step == steps[np.argmin(values)]
    assert run.valid_value == values.min()
    assert run.valid_value == pytest.approx(metric(setup, data, data.valid, run.best), rel=1e-5)
    assert run.value == pytest.approx(metric(setup, data, data.test, run.best), rel=1e-5)
    if data.scored_by == "loss":
        np.testing.assert_allclose(values, run.curves["valid_loss"] * data.metric_scale, rtol=1e-14)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_classes_are_scored_by_errors_and_trained_on_the_loss(cell):
    """Symbols through an embedding of the data's own width: the rate is a share of the sequences, the loss in nats."""
    data = symbol_data()
    setup = small_setup(task="co2", cell=cell, length=7, steps=200, log_every=20)
    (run,) = train(setup, data, [1e-2], [0])
    assert run.best["E"].shape == (5, 3)
    rates = run.curves["valid_metric"]
    np.testing.assert_allclose(rates * len(data.valid), np.round(rates * len(data.valid)), rtol=0, atol=1e-12)
    assert run.valid_value == rates.min() == metric(setup, data, data.valid, run.best)
    assert run.value == metric(setup, data, data.test, run.best) < data.baseline
    assert run.curves["valid_loss"][0] == pytest.approx(np.log(2), rel=0.5)
    assert run.best_step == run.curves["step"][np.argmin(rates)], "the first of equal checks"


def test_a_loss_that_is_not_finite_is_divergence_whatever_the_error_rate():
    """Weights of 1e30 after the only update: NaN outputs have a highest one, and the check is not the best."""
    data = symbol_data()
    (run,) = train(small_setup(task="co2", variant="linear", length=7, steps=1), data, [HUGE], [0])
    assert (run.status, run.stopped_by, run.first_bad_step, run.best_step) == ("diverged", "diverged", 1, 0)
    assert np.isnan(run.curves["valid_metric"][-1])
    assert not np.isfinite(run.curves["valid_loss"][-1])
    assert np.isfinite([run.value, run.valid_value]).all()


def test_a_task_without_a_criterion_has_no_verdict():
    data = TASKS["co2"].prepare(8, 7)
    (run,) = train(small_setup(task="co2", steps=5, log_every=5), data, [1e-3], [0])
    assert run.solved is None


def test_what_a_run_says_about_itself(adding):
    setup = small_setup(cell="lstm", steps=10, log_every=10)
    (run,) = train(setup, adding, [3e-3], [17])
    network = build_network(setup, adding)
    assert (run.seed, run.learning_rate, run.n_parameters) == (17, 3e-3, network.n_parameters)
    assert run.wall_s > 0
    assert {name: array.shape for name, array in run.best.items()} == network.shapes()
    assert all(array.dtype == np.float32 for array in run.best.values())
    assert not np.array_equal(run.best["W"], initial_weights(setup, network, 17)["W"])


def test_each_run_has_its_own_rate(adding):
    """The same seed three times, one update: Adam's first step is the rate, for every weight with a gradient."""
    setup = small_setup(steps=1, log_every=1)
    runs = train(setup, adding, [1e-4, 1e-2, 1e-3], [0, 0, 0])
    initial = initial_weights(setup, build_network(setup, adding), 0)
    assert [run.learning_rate for run in runs] == [1e-4, 1e-2, 1e-3]
    for run in runs:
        assert run.best_step == 1, "these rates were meant to improve on the start"
        assert np.abs(run.best["W"] - initial["W"]).max() == pytest.approx(run.learning_rate, rel=1e-2)


def test_rates_and_seeds_come_in_pairs(adding):
    with pytest.raises(ValueError, match="zip"):
        train(small_setup(), adding, [1e-3, 1e-2], [0])


@pytest.mark.parametrize(("optimiser", "rate"), [("adam", 1e-2), ("sgd", 3e-2)])
def test_training_learns(adding, optimiser, rate):
    """Every seed gets below the error of the best constant, 1/6, with which an untrained net cannot compete."""
    setup = small_setup(cell="gru", steps=300, log_every=100, optimiser=optimiser)
    for run in train(setup, adding, [rate] * 3, [0, 1, 2]):
        assert run.curves["valid_metric"][0] > 1 / 6
        assert run.valid_value < 0.95 / 6


@pytest.mark.parametrize(
    ("budget", "steps"), [(1, []), (10, []), (11, [10]), (100, [10]), (101, [10, 100]), (3000, [10, 100, 1000])]
)
def test_parameters_are_kept_at_powers_of_ten_below_the_budget(budget, steps):
    assert early_steps(budget) == steps


def test_early_parameters_are_those_of_a_shorter_run(adding):
    """A run with that budget, checked at its end alone, whose best step is its end."""
    (long,) = train(small_setup(steps=101, log_every=50), adding, [1e-3], [0])
    assert list(long.early) == [10, 100]
    for step, kept in long.early.items():
        (short,) = train(small_setup(steps=step, log_every=step), adding, [1e-3], [0])
        assert short.best_step == step, "this rate was meant to improve on the start"
        for name, array in short.best.items():
            np.testing.assert_array_equal(kept[name], array)


def test_keeping_early_parameters_changes_no_bit(adding, monkeypatch):
    setup = small_setup(log_every=10)
    (kept,) = train(setup, adding, [1e-2], [0])
    monkeypatch.setattr("rnn.train.early_steps", lambda budget: [])
    (none,) = train(setup, adding, [1e-2], [0])
    assert none.early == {}
    for name, curve in none.curves.items():
        np.testing.assert_array_equal(kept.curves[name], curve)
    for name, array in none.best.items():
        np.testing.assert_array_equal(kept.best[name], array)


def test_early_parameters_of_a_run_that_has_left_are_not_its_neighbour_s(hello):
    """Runs that are solved leave the stack; those that train on keep their own, as if they were alone."""
    setup = hello_setup(steps=1001, log_every=10)
    solved, slow = train(setup, hello, [1e-2, 1e-5], [0, 1])
    assert 10 < solved.steps < 1000
    assert list(solved.early) == [step for step in (10, 100) if step <= solved.steps]
    assert list(slow.early) == [10, 100, 1000]
    (alone,) = train(setup, hello, [1e-5], [1])
    np.testing.assert_array_equal(slow.early[1000]["W"], alone.early[1000]["W"])


def test_a_run_that_is_solved_at_an_early_step_keeps_its_parameters(hello, monkeypatch):
    setup = hello_setup(steps=2000, log_every=10)
    (plain,) = train(setup, hello, [1e-2], [0])
    monkeypatch.setattr("rnn.train.early_steps", lambda budget: [plain.steps])
    (run,) = train(setup, hello, [1e-2], [0])
    assert (run.stopped_by, run.steps, list(run.early)) == ("solved", plain.steps, [plain.steps])
    np.testing.assert_array_equal(run.early[run.steps]["W"], run.best["W"])


@pytest.mark.parametrize(("log_every", "bad"), [(5, 10), (7, 11)], ids=["at its check", "at the next loss"])
def test_parameters_that_break_a_run_are_not_kept(adding, monkeypatch, log_every, bad):
    """The tenth update makes them huge but finite."""
    update, calls = OPTIMISERS["adam"].update, []

    def overshoot(self, flat, grad):
        calls.append(None)
        update(self, flat, grad)
        if len(calls) == 10:
            flat *= np.float32(HUGE)

    monkeypatch.setattr(OPTIMISERS["adam"], "update", overshoot)
    (run,) = train(small_setup(variant="linear", log_every=log_every), adding, [1e-3], [0])
    assert (run.stopped_by, run.first_bad_step) == ("diverged", bad)
    assert run.early == {}


def seen_examples(monkeypatch, data, seeds=(0,), **changes):
    """Return the training inputs that ``train`` draws, one list a seed."""
    seen = {}
    draw = Adding.batch

    def spy(self, data, rng, size):
        split = draw(self, data, rng, size)
        seen.setdefault(id(rng), []).append(split.x)
        return split

    monkeypatch.setattr(Adding, "batch", spy)
    train(small_setup(steps=6, log_every=2, **changes), data, [1e-3] * len(seeds), seeds)
    monkeypatch.undo()
    return [np.stack(batches) for batches in seen.values()]


def test_cells_and_variants_see_the_same_examples(adding, monkeypatch):
    """DESIGN 7: their key is (experiment seed, task, length, seed), so cells are compared in pairs."""
    (start,) = seen_examples(monkeypatch, adding)
    assert start.shape == (6, 8, 8, 2)
    for changes in ({"cell": "lstm"}, {"cell": "gru"}, {"variant": "relu"}, {"hidden": 9}, {"optimiser": "sgd"}):
        np.testing.assert_array_equal(seen_examples(monkeypatch, adding, **changes)[0], start, err_msg=str(changes))


def test_seeds_and_experiments_see_different_examples(adding, monkeypatch):
    first, second = seen_examples(monkeypatch, adding, seeds=(0, 1))
    (other,) = seen_examples(monkeypatch, adding, experiment_seed=8)
    (again,) = seen_examples(monkeypatch, adding)
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, other)
    np.testing.assert_array_equal(first, again)
    assert len(np.unique(first[..., 0])) == first[..., 0].size, "every batch is drawn anew"
