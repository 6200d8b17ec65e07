"""What every cell must hold; a new cell is tested by being registered, in CELLS or as the form of a variant."""

import numpy as np
import pytest

from rnn import unroll
from rnn.cells import GRU, LSTM, LSTM1997, GRUBefore, Vanilla
from rnn.gradients import Trajectory, check_gradient, gradient_norms
from rnn.layers import Dense, Readout
from rnn.network import Batch, Network
from rnn.tape import Tape
from tests.rnn.examples import CELL_FORMS, Case, gradient, make_batch, make_parameters, make_state

D, H = 3, 4
LENGTHS = [[6, 1, 4], [2, 6, 3]]

pytestmark = pytest.mark.parametrize("name", CELL_FORMS)


def network_of(name, at="last"):
    return Network(Dense(D), CELL_FORMS[name](D, H), Readout(H, 2), "mse", at)


def case_of(name, at="last"):
    network, rng = network_of(name, at), np.random.default_rng(3)
    return Case(
        network,
        make_parameters(network, rng, 2),
        make_batch(network, rng, 2, 3, 6, LENGTHS),
        make_state(network, rng, 2),
    )


def run(cell, p, x, n, initial, dtype=np.float64):
    """Return the state after each sequence's last step, (S, B, H) a part."""
    seeds, size, steps, _ = x.shape
    p = {name: array.astype(dtype) for name, array in p.items()}
    tape = Tape.allocate(cell, seeds, steps, size, dtype)
    tape.n[...] = n
    tape.x[...] = x.swapaxes(1, 2)
    return [part.copy() for part in unroll.forward(p, tape, initial)]


def test_it_describes_itself(name):
    cell = CELL_FORMS[name](D, H)
    assert cell.name == name
    assert cell.state[0] == "h"
    assert len(set(cell.gates)) == len(cell.gates)
    assert cell.keep_gate is None or cell.keep_gate in cell.gates
    assert cell.width == len(cell.gates) * H
    assert cell.shapes()["W"] == (H + D + 1, cell.width)
    assert (cell.extra_state(Tape.allocate(cell, 1, 1, 1)) is not None) == (len(cell.state) == 2)


@pytest.mark.parametrize("at", ["last", "every"])
def test_gradient_check_with_masks_and_initial_state(name, at):
    case = case_of(name, at)
    check_gradient(case.network, case.p, case.batch, initial=case.initial)


def test_float32_path_follows_the_float64_path(name):
    case = case_of(name, "every")
    found, right = gradient(case, np.float32)[2], gradient(case)[2]
    for part in right:
        np.testing.assert_allclose(found[part], right[part], rtol=1e-4, atol=1e-5, err_msg=part)


def test_input_gradient_against_differences(name):
    """Central differences of a random projection of the last state with respect to every input."""
    cell, rng = CELL_FORMS[name](D, H), np.random.default_rng(5)
    p = make_parameters(network_of(name), rng, 1)
    x, d_last = rng.normal(size=(1, 2, 4, D)), rng.normal(size=(1, 2, H))
    n = np.array([[4, 2]])
    tape = Tape.allocate(cell, 1, 4, 2, np.float64)
    tape.n[...], tape.x[...] = n, x.swapaxes(1, 2)
    unroll.forward(p, tape)
    unroll.backward(p, tape, (d_last,))
    exact = cell.input_gradient(p, tape).swapaxes(1, 2)
    differences = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        for sign in (1, -1):
            moved = x.copy()
            moved[place] += sign * 1e-5
            differences[place] += sign * np.sum(d_last * run(cell, p, moved, n, None)[0]) / 2e-5
    np.testing.assert_allclose(exact, differences, rtol=0, atol=1e-9)
    assert np.all(exact[0, 1, 2:] == 0), "padding has a gradient"


def test_structural_zeros_are_the_entries_that_are_no_parameters(name):
    """The number of values besides them is n_parameters."""
    cell = CELL_FORMS[name](D, H)
    arrays = {part: np.ones(shape) for part, shape in cell.shapes().items()}
    cell.clear_structural_zeros(arrays["W"])
    assert sum(int(array.sum()) for array in arrays.values()) == cell.n_parameters


def test_gradient_reaches_every_parameter_and_no_structural_zero(name):
    """Summed over random batches, the non-zero entries of the gradient are exactly the parameters."""
    network, rng = network_of(name, "every"), np.random.default_rng(9)
    p = make_parameters(network, rng, 1)
    total = {part: np.zeros(shape) for part, shape in network.shapes().items()}
    for _ in range(5):
        grads = gradient(Case(network, p, make_batch(network, rng, 1, 4, 6), None))[2]
        for part in total:
            total[part] += np.abs(grads[part][0])
    assert sum(np.count_nonzero(array) for array in total.values()) == network.n_parameters


def test_state_is_carried_over_a_cut(name):
    """Two chunks, the state of the first given to the second, end as one run does, bit by bit."""
    case = case_of(name)
    x, full = case.batch.x, np.full((2, 3), 6)
    whole = run(case.network.cell, case.p, x, full, case.initial)
    first = run(case.network.cell, case.p, x[:, :, :2], np.full((2, 3), 2), case.initial)
    second = run(case.network.cell, case.p, x[:, :, 2:], np.full((2, 3), 4), tuple(first))
    for a, b in zip(whole, second, strict=True):
        np.testing.assert_array_equal(a, b)


def test_gradient_is_handed_over_a_cut(name):
    """dL/ds of the second chunk, given to the first as d_last, is dL/ds_0 of one run."""
    case = case_of(name)
    cell, p, x = case.network.cell, case.p, case.batch.x
    d_h = np.random.default_rng(0).normal(size=(2, 3, H))

    def tape_of(part, initial):
        tape = Tape.allocate(cell, 2, part.shape[2], 3, np.float64)
        tape.x[...] = part.swapaxes(1, 2)
        state = tuple(s.copy() for s in unroll.forward(p, tape, initial))
        return tape, state

    whole = unroll.backward(p, tape_of(x, case.initial)[0], (d_h,))
    first, state = tape_of(x[:, :, :2], case.initial)
    second, _ = tape_of(x[:, :, 2:], state)
    middle = tuple(g.copy() for g in unroll.backward(p, second, (d_h,)))
    for a, b in zip(unroll.backward(p, first, middle), whole, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_state_stays_where_the_sequence_has_ended(name, dtype):
    """After its own last step no part of a sequence's state moves: it is that of the sequence cut to its length."""
    case = case_of(name)
    last = run(case.network.cell, case.p, case.batch.x, case.batch.n, case.initial, dtype)
    for s, b in np.ndindex(2, 3):
        alone = run(
            case.network.cell,
            {part: array[s : s + 1] for part, array in case.p.items()},
            case.batch.x[s : s + 1, b : b + 1, : LENGTHS[s][b]],
            [[LENGTHS[s][b]]],
            tuple(part[s : s + 1, b : b + 1] for part in case.initial),
            dtype,
        )
        for a, part in zip(alone, last, strict=True):
            np.testing.assert_allclose(a[0, 0], part[s, b], rtol=0, atol=8 * np.finfo(dtype).eps)


def test_norms_by_lag_are_those_of_the_state_gradients(name):
    """Lag T - t: the gradient of the rest of the run, t+1 .. T, with respect to the state it starts from.

    That gradient is held by the gradient check; the loss there is the mean over the batch, here a sample's own.
    """
    network, rng = network_of(name), np.random.default_rng(2)
    p, batch = make_parameters(network, rng, 2), make_batch(network, rng, 2, 3, 6)
    norms = gradient_norms(Trajectory.run(network, p, batch))
    for t in range(1, 6):
        state = run(network.cell, p, batch.x[:, :, :t], np.full((2, 3), t), None)
        rest = Batch(batch.x[:, :, t:], batch.y, np.full((2, 3), 6 - t))
        found = gradient(Case(network, p, rest, tuple(state)))[2]
        right = {part: 3 * np.linalg.norm(found[f"{part}_0"], axis=-1) for part in network.cell.state}
        for part, norm in right.items():
            np.testing.assert_allclose(np.exp(norms.log_part[part][..., 6 - t]), norm, rtol=1e-12)
        total = np.sqrt(sum(norm**2 for norm in right.values()))
        np.testing.assert_allclose(np.exp(norms.log_norm[..., 6 - t]), total, rtol=1e-12)


@pytest.mark.parametrize("d", [1, 2, 7])
@pytest.mark.parametrize("h", [1, 5, 32])
def test_parameter_count_formula(name, d, h):
    """REFERENCE A20: one bias a gate; the reset-after GRU has the candidate's recurrent bias besides."""
    formula = {
        Vanilla: d * h + h * h + h,
        LSTM: 4 * (d * h + h * h + h),
        GRU: 3 * (d * h + h * h + h) + h,
        GRUBefore: 3 * (d * h + h * h + h),
        LSTM1997: 3 * (d * h + h * h + h),
    }.get(CELL_FORMS[name])
    if formula is not None:  # a cell added later brings its own formula; the contract above counts its parameters
        assert CELL_FORMS[name](d, h).n_parameters == formula
