"""The lecture's simplifications against its formulas, index by index; the exact gradients by the complex step."""

import numpy as np
import pytest

from rnn import lecture
from rnn.lecture import W_HH, W_HO, W_XH, forward, one_hot
from rnn.simplifications import simplifications

STEPS = forward()
T = len(STEPS)
FOUND = simplifications()
OF = {(found.name, found.by): found.simplified for found in FOUND}


def slope(t, i):
    return 1 - STEPS[t - 1].h[i] ** 2


def slopes(t):
    return np.array([slope(t, i) for i in range(3)])


def d_o(t):
    return STEPS[t - 1].y_hat - one_hot(STEPS[t - 1].target)


def losses(w_xh=W_XH, w_hh=W_HH, w_ho=W_HO, h_1=None):
    """-ln y_hat of each target; complex matrices pass through."""
    h, found = np.zeros(3), []
    for symbol, target in zip(lecture.INPUTS, lecture.TARGETS, strict=True):
        h = h_1 if h_1 is not None and not found else np.tanh(one_hot(symbol) @ w_xh + h @ w_hh)
        o = h @ w_ho
        found.append(np.log(np.exp(o).sum()) - o[lecture.SYMBOLS.index(target)])
    return found


@pytest.mark.parametrize("found", FOUND, ids=lambda found: f"{found.name}, {found.by}")
def test_exact_gradients_by_complex_step(found):
    at = {"W_xh": W_XH, "W_hh": W_HH, "W_ho": W_HO, "h_1": STEPS[0].h}[found.by]
    right = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        moved = at.astype(complex)
        moved[place] += 1e-30j
        every = losses(**{found.by.lower(): moved})
        right[place] = (sum(every) if found.of == "L" else every[-1]).imag / 1e-30
    np.testing.assert_allclose(found.exact, right[..., : found.exact.shape[-1]], rtol=1e-11, atol=1e-15)


def test_without_cross_terms():
    """- sum over t of y^(j) (1 - y_hat^(j)) h^(i)."""
    right = np.zeros((3, 4))
    for i, j in np.ndindex(3, 4):
        right[i, j] = -sum(one_hot(step.target)[j] * (1 - step.y_hat[j]) * step.h[i] for step in STEPS)
    np.testing.assert_allclose(OF["no cross terms", "W_ho"], right, rtol=1e-14)
    assert not right[:, lecture.SYMBOLS.index("h")].any(), "what is never a target is never made less probable"


def test_h_of_j_in_place_of_h_of_i():
    """There are four outputs and three hidden units: for the last output there is no h^(j)."""
    right = [[sum(d_o(t)[j] * STEPS[t - 1].h[j] for t in range(1, T + 1)) for j in range(3)] for _ in range(3)]
    np.testing.assert_allclose(OF["h of j", "W_ho"], right, rtol=1e-13)


def test_chain_through_single_units():
    """sum over t, t' of dl_t/dh_t^(i) prod_g f'(z_g^(i)) u_ii f'(z_t'^(i)) h_{t'-1}^(k)."""
    right = np.zeros((3, 3))
    for k, i in np.ndindex(3, 3):
        for t in range(1, T + 1):
            for since in range(1, t + 1):
                chain = np.prod([slope(g, i) * W_HH[i, i] for g in range(since + 1, t + 1)])
                right[k, i] += (d_o(t) @ W_HO.T)[i] * chain * slope(since, i) * STEPS[since - 1].h_before[k]
    np.testing.assert_allclose(OF["single units", "W_hh"], right, rtol=1e-12, atol=1e-15)
    alone = [(d_o(T) @ W_HO.T)[i] * np.prod([slope(g, i) * W_HH[i, i] for g in range(2, T + 1)]) for i in range(3)]
    np.testing.assert_allclose(OF["single units", "h_1"], alone, rtol=1e-12)


def test_only_the_first_step_and_slopes_apart_from_weights():
    exact = d_o(T) @ W_HO.T
    apart = exact * slopes(2) * slopes(3) * slopes(4) @ W_HH.T @ W_HH.T @ W_HH.T
    for t in (4, 3, 2):
        exact = exact @ np.diag(slopes(t)) @ W_HH.T
    assert not OF["first step", "W_hh"].any(), "h_0 is zero"
    np.testing.assert_allclose(OF["first step", "W_xh"], np.outer(one_hot("h"), exact * slopes(1)), rtol=1e-12)
    np.testing.assert_allclose(OF["sorted apart", "h_1"], apart, rtol=1e-12)
    np.testing.assert_allclose(OF["as printed", "W_xh"], np.outer(one_hot("h"), apart * slopes(1)), rtol=1e-12)


def test_errors_are_relative_to_the_exact_norm():
    for found in FOUND:
        right = np.sqrt(((found.simplified - found.exact) ** 2).sum() / (found.exact**2).sum())
        assert found.error == pytest.approx(right)
    assert {found.error for found in FOUND if (found.name, found.by) == ("first step", "W_hh")} == {1.0}
