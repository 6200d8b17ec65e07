"""The lecture's "hello" example as the report prints it: every number computed, none copied."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.inputs import Inputs, Setting
from reports.names import DEFAULT, cell_name
from reports.numbers import MINUS, counted, listed, percent, significant
from reports.summaries import score
from rnn import lecture
from rnn.simplifications import simplifications
from rnn.tasks import TASKS

TASK = "hello"
SIMPLIFICATIONS = {
    "no cross terms": "softmax without cross terms",
    "h of j": "unit j in place of unit i (h, e, l)",
    "single units": "chain through single units",
    "first step": "the first step’s term alone",
    "sorted apart": "slopes and weights sorted apart",
    "as printed": "all of the formula as printed",
}
Array = NDArray[np.float64]


def example() -> dict[str, Any]:
    """Return matrices, steps and gradients of the worked example, as text with four digits."""
    steps = lecture.forward()
    first, second = steps[:2]
    return {
        "matrices": {
            name: matrix(array)
            for name, array in (("W_xh", lecture.W_XH), ("W_hh", lecture.W_HH), ("W_ho", lecture.W_HO))
        },
        "first": _step(first),
        "second": _step(second),
        "steps": [
            [
                str(s.t),
                s.symbol,
                s.target,
                *(f"{p:.4f}" for p in s.y_hat),
                s.prediction,
                "yes" if s.prediction == s.target else "no",
            ]
            for s in steps
        ],
        "symbols": list(lecture.SYMBOLS),
        "agreement": agreement(),
        "guess": guess(),
        "backward": backward(),
        "simplified": simplified(),
        "derivatives": derivatives(),
    }


def matrix(array: Array) -> list[list[str]]:
    """Return a matrix (or a row vector) as rows of text."""
    return [[f"{value:.4f}".replace("-", MINUS) for value in row] for row in np.atleast_2d(array)]


def agreement() -> str:
    """Say whether the computed values are those that the lecture prints."""
    steps = lecture.forward()
    computed = {
        "h_1": steps[0].h,
        "o_1": steps[0].o,
        "y_hat_1": steps[0].y_hat,
        "h_1 W_hh": steps[1].h_w,
        "h_2": steps[1].h,
    }
    worst = max(float(np.abs(computed[name] - printed).max()) for name, printed in lecture.PRINTED.items())
    n = sum(printed.size for printed in lecture.PRINTED.values())
    if worst < 1e-4:
        return (
            f"All {n} numbers that the lecture prints agree with these to its four digits (largest "
            f"difference {worst:.5f})."
        )
    return f"Some of the {n} numbers that the lecture prints differ from these, by up to {significant(worst)}."


def guess() -> str:
    """Say what the untrained network predicts and where it is wrong."""
    steps = lecture.forward()
    said = "".join(step.prediction for step in steps)
    wrong = [step.t for step in steps if step.prediction != step.target]
    if not wrong:
        return f"It says “{said}” and is right at every step."
    second = steps[1]
    is_wrong = (
        f" At step 2 it says “{second.prediction}”, but “{second.target}” is right."
        if second.prediction != second.target
        else ""
    )
    at = listed([str(t) for t in wrong])
    return (
        f"Before training it says “{said}” in place of “{lecture.TARGETS}”, wrong at "
        f"step{'s' if len(wrong) > 1 else ''} {at}.{is_wrong}"
    )


def trained(inputs: Inputs) -> str:
    """Say what the networks that this experiment trained on "hello" predict."""
    if TASK not in inputs.tasks:
        return "This experiment trains no network on “hello”."
    parts, cells, every = [], [], True
    for cell in inputs.cells:
        s = score(inputs, Setting(TASK, cell, DEFAULT, inputs.longest(TASK)))
        if s is not None:
            parts.append(f"{s.n_solved} of {counted(s.n, 'seed')} of the {cell_name(cell)}")
            cells.append(f"the {cell_name(cell)}")
            every = every and s.n_solved == s.n
    if every:
        return f"On “hello” every seed of {listed(cells)} learns to say e, l, l, o."
    return f"On “hello”, {listed(parts)} meet the criterion and so predict e, l, l, o; the others do not meet it."


def criterion(inputs: Inputs) -> str:
    """Say what the criterion of "hello" means for its predictions; empty where it was not trained."""
    mean = TASKS[TASK].solved_below
    if TASK not in inputs.tasks or mean is None:
        return ""
    # Losses are not negative, so one of them is at most their sum.
    n = len(lecture.TARGETS)
    least = math.exp(-n * mean)
    certain = f", more than one half, so the prediction is “{lecture.TARGETS}”" if least > 0.5 else ""
    return (
        f"The criterion is a mean cross-entropy below {mean:g} nats over the {n} symbols. Then no single one costs "
        f"more than {n * mean:g} nats, and every right symbol has a probability of at least about "
        f"{percent(least)}{certain}."
    )


def backward() -> dict[str, Any]:
    """Return the last loss's gradient on its way back, exactly and by the formula of 4.3.3 as it is printed."""
    steps = lecture.forward()
    norms = [norm(row) for row in lecture.rows_of_last_loss(steps)]
    found = {(each.name, each.by): each for each in simplifications()}
    apart, first = found["sorted apart", "h_1"], found["first step", "W_xh"]
    factor = norm(apart.simplified) / norm(apart.exact)
    return {
        "norms": [
            [str(lag), str(len(steps) - lag), significant(size), significant(size / norms[0])]
            for lag, size in enumerate(norms)
        ],
        "order": (
            f"Here the order matters: the formula as printed gives a norm of "
            f"{significant(norm(apart.simplified))}, {significant(factor)} times the exact "
            f"{significant(norm(apart.exact))}."
        ),
        "terms": (
            f"the term of the first step alone has a norm of {significant(norm(first.simplified))}, the full sum "
            f"{significant(norm(first.exact))}."
        ),
        "trend": (
            f"In this small example the gradient {'grows' if norms[-1] > norms[0] else 'fades'}: after "
            f"{len(steps) - 1} steps back "
            f"it is {significant(norms[-1] / norms[0])} of what it was."
        ),
    }


def simplified() -> list[dict[str, str]]:
    """Return each simplification of the lecture with the norms of the exact and the simplified gradient."""
    return [
        {
            "what": SIMPLIFICATIONS[found.name],
            "of": found.of,
            "by": found.by,
            "exact": significant(norm(found.exact)),
            "simplified": significant(norm(found.simplified)),
            "error": percent(found.error),
        }
        for found in simplifications()
    ]


def norm(gradient: Array) -> float:
    """Return the root of the sum of all squares."""
    return float(np.linalg.norm(gradient))


def derivatives() -> dict[str, str]:
    """Return what is said of the slopes of tanh and sigmoid, computed from their closed forms."""
    return {
        "tanh_peak": "1",
        "sigmoid_peak": significant(_sigmoid_slope(0)),
        "tanh_width": f"{2 * math.acosh(math.sqrt(2)):.2f}",
        "sigmoid_width": f"{2 * math.log(3 + 2 * math.sqrt(2)):.2f}",
        "crossing": f"{_crossing():.3f}",
    }


def _sigmoid_slope(x: float) -> float:
    s = 1 / (1 + math.exp(-x))
    return s * (1 - s)


def _crossing() -> float:
    """Return the x > 0 beyond which the sigmoid is steeper than tanh, by bisection."""
    low, high = 0.0, 10.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        if 1 - math.tanh(middle) ** 2 > _sigmoid_slope(middle):
            low = middle
        else:
            high = middle
    return low


def _step(step: lecture.Step) -> dict[str, Any]:
    return {name: matrix(getattr(step, name)) for name in ("x_w", "h_before", "h_w", "z", "h", "o", "y_hat")} | {
        "x": [[f"{value:.0f}" for value in step.x]],
        "symbol": step.symbol,
        "target": step.target,
        "prediction": step.prediction,
    }
