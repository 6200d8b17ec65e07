"""Every reason that a missing number can have, in measurements of real networks."""

import numpy as np
import pytest

from rnn.gradients import measure, reasons
from tests.rnn.examples import small_setup
from tests.rnn.gradients.test_flow import one_unit, scalar_data


def reason_of(column, flow):
    """What the reason of a measurement says of a column."""
    of_column = [part.split(": ")[1] for part in flow.reason.split("; ") if column in part.split(": ")[0].split(", ")]
    assert len(of_column) == 1, (column, flow.reason)
    return of_column[0]


def flow_of(x, p, n=None, **setup):
    data = scalar_data(x, n)
    (flow,) = measure(small_setup(length=data.length, hidden=1, **setup), data, [p])
    explained = [name for name in reasons.EXPLAINED if not np.isfinite(getattr(flow, name))]
    listed = [] if flow.reason is None else [part.split(": ")[0] for part in flow.reason.split("; ")]
    assert sorted(", ".join(listed).split(", ")) == sorted(explained + ["horizon"] * (flow.horizon is None))
    return flow


def test_a_unit_that_is_off_on_the_way():
    """ReLU, off at step 3 of 6: the gradient ends there, a Jacobian has rank 0."""
    x = np.ones((3, 6))
    x[:, 2] = -9
    flow = flow_of(x, one_unit(0.5), variant="relu")
    assert reason_of("rate_total", flow) == reason_of("rate_slopes", flow) == reasons.ZERO_ON_THE_WAY
    assert reason_of("lyapunov_max", flow) == reason_of("mean_slopes", flow) == reasons.LOST_RANK
    assert flow.mean_weights == pytest.approx(np.log(0.5))
    assert flow.horizon == 4


@pytest.mark.parametrize("variant", ["relu", "linear"])
def test_a_state_that_overflows(variant):
    """w = 6 over 500 steps: the state is infinite, and so is what comes of it."""
    flow = flow_of(np.ones((3, 500)), one_unit(6.0), variant=variant)
    assert reason_of("rate_total", flow) == reason_of("cancellation", flow) == reasons.OVERFLOW
    assert reason_of("horizon", flow) == reasons.OVERFLOW
    if variant == "linear":
        assert flow.lyapunov_max == pytest.approx(np.log(6))
    else:
        assert reason_of("lyapunov_max", flow) == reasons.OVERFLOW_IN_WINDOW


def test_sequences_of_one_step():
    """There is no earlier state, and the zero before the first step leaves nothing for W_hh."""
    flow = flow_of(np.ones((2, 1)), one_unit(0.5))
    assert reason_of("rate_total", flow) == reasons.NO_EARLIER_STATE
    assert reason_of("cancellation", flow) == reasons.NO_WEIGHT_GRADIENT


def test_states_of_zero():
    """No input, no bias: h is zero at every step and dL/dW_hh with it, but not the gradient."""
    flow = flow_of(np.zeros((2, 5)), one_unit(0.5))
    assert reason_of("cancellation", flow) == reasons.NO_WEIGHT_GRADIENT
    assert np.isfinite(flow.rate_total)


def test_a_gradient_of_zero():
    flow = flow_of(np.ones((2, 5)), one_unit(0.5, w_ho=0.0))
    for column in ("rate_total", "cancellation", "horizon"):
        assert reason_of(column, flow) == reasons.NO_GRADIENT
    assert reason_of("rate_gate_path", flow) == reasons.UNGATED
