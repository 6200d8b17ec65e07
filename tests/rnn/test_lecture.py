"""The lecture's "hello" example: the printed numbers, and the engine against the plain NumPy walk through them."""

import numpy as np
import pytest

from rnn import lecture
from rnn.cells import Vanilla
from rnn.layers import OneHot, Readout
from rnn.network import Batch, Network


@pytest.fixture
def engine():
    """The same network in the engine: loss and gradients by name, hidden states and outputs."""
    network = Network(OneHot(4), Vanilla(4, 3), Readout(3, 4), "cross-entropy", "every")
    p = {
        "W": np.vstack((lecture.W_HH, lecture.W_XH, np.zeros((1, 3))))[None],
        "W_ho": lecture.W_HO[None],
        "b_o": np.zeros((1, 4)),
    }
    index = {symbol: i for i, symbol in enumerate(lecture.SYMBOLS)}
    x, y = (np.array([[[index[s] for s in word]]]) for word in (lecture.INPUTS, lecture.TARGETS))
    batch = Batch(x, y, np.array([[4]]))
    tape = network.tape(1, 4, 1, np.float64)
    grad = {name: np.zeros_like(array) for name, array in p.items()}
    outputs = network.forward(p, batch, tape)
    loss, (d_h_0,) = network.gradient(p, batch, tape, grad)
    return {"loss": loss[0], "h": tape.h[0, 1:, 0], "o": outputs[0, :, 0], "grad": grad, "d_h_0": d_h_0[0, 0]}


def test_printed_values():
    """REFERENCE A1, digit by digit as the lecture prints them."""
    first, second = lecture.forward()[:2]
    np.testing.assert_allclose(first.h, [0.2889, 0.2698, 0.6626], atol=1e-4)
    np.testing.assert_allclose(first.o, [0.1866, 0.9446, 0.4106, 0.9213], atol=1e-4)
    np.testing.assert_allclose(first.y_hat, [0.1546, 0.3298, 0.1934, 0.3222], atol=1e-4)
    np.testing.assert_allclose(second.h_w, [0.8176, 0.5368, 0.9591], atol=1e-4)
    np.testing.assert_allclose(second.x_w, [0.3869, 0.9170, 0.4125], atol=1e-4)
    np.testing.assert_allclose(second.h, [0.8350, 0.8964, 0.8791], atol=1e-4)


def test_printed_table_of_the_report_is_what_is_computed():
    """The report sets PRINTED beside the computed values: both say the same."""
    first, second = lecture.forward()[:2]
    computed = {"h_1": first.h, "o_1": first.o, "y_hat_1": first.y_hat, "h_1 W_hh": second.h_w, "h_2": second.h}
    assert computed.keys() == lecture.PRINTED.keys()
    for name, printed in lecture.PRINTED.items():
        np.testing.assert_allclose(computed[name], printed, atol=1e-4, err_msg=name)


def test_second_prediction_is_wrong():
    """REFERENCE A1: the argmax after "he" is 3, "o", where 2, "l", is right."""
    second = lecture.forward()[1]
    assert int(np.argmax(second.y_hat)) == 3
    assert (second.prediction, second.target) == ("o", "l")


def test_losses_are_cross_entropies_of_the_targets():
    """-ln softmax(o)[target], with the exponentials written out."""
    for step in lecture.forward():
        e = np.exp(step.o)
        assert step.loss == pytest.approx(-np.log(e["helo".index(step.target)] / e.sum()), abs=1e-14)


def test_engine_runs_the_same_forward_pass(engine):
    steps = lecture.forward()
    np.testing.assert_allclose(engine["h"], [step.h for step in steps], rtol=0, atol=1e-12)
    np.testing.assert_allclose(engine["o"], [step.o for step in steps], rtol=0, atol=1e-12)
    assert engine["loss"] == pytest.approx(np.mean([step.loss for step in steps]), abs=1e-12)


def test_engine_has_the_same_gradients(engine):
    """The engine's loss is the mean over the four steps, the lecture's their sum."""
    exact, grad = lecture.backward(lecture.forward()), engine["grad"]
    np.testing.assert_allclose(4 * grad["W"][0, :3], exact.w_hh, rtol=0, atol=1e-12)
    np.testing.assert_allclose(4 * grad["W"][0, 3:-1], exact.w_xh, rtol=0, atol=1e-12)
    np.testing.assert_allclose(4 * grad["W_ho"][0], exact.w_ho, rtol=0, atol=1e-12)
    np.testing.assert_allclose(4 * grad["W"][0, -1], sum(step.d_z for step in exact.steps), rtol=0, atol=1e-12)
    np.testing.assert_allclose(4 * grad["b_o"][0], sum(step.d_o for step in exact.steps), rtol=0, atol=1e-12)
    np.testing.assert_allclose(4 * engine["d_h_0"], exact.steps[-1].d_z @ lecture.W_HH.T, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["w_xh", "w_hh", "w_ho"])
def test_lecture_gradients_against_differences(name):
    """Central differences of the summed loss, entry by entry."""
    weights = {"w_xh": lecture.W_XH, "w_hh": lecture.W_HH, "w_ho": lecture.W_HO}
    exact = getattr(lecture.backward(lecture.forward()), name)

    def total(change):
        return sum(step.loss for step in lecture.forward(**weights | {name: weights[name] + change}))

    for place in np.ndindex(exact.shape):
        change = np.zeros(exact.shape)
        change[place] = 1e-5
        assert exact[place] == pytest.approx((total(change) - total(-change)) / 2e-5, abs=1e-9)


def test_backward_runs_from_the_last_step_to_the_first():
    assert [step.t for step in lecture.backward(lecture.forward()).steps] == [4, 3, 2, 1]
