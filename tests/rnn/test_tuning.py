"""The choice of a learning rate, rule by rule."""

from dataclasses import replace

import numpy as np
import pytest

from rnn.train import Trained
from rnn.tuning import best_rate

RUN = Trained(0, 0.1, "ok", "budget", None, None, 100, 100, 1, 1.0, 1.0, {"step": np.zeros(1)}, {}, {}, 0.0)


def runs(rate, *outcomes):
    """One run for each (solved, steps, valid_value); a run of None diverged."""
    made = []
    for outcome in outcomes:
        if outcome is None:
            made.append(
                replace(RUN, learning_rate=rate, status="diverged", stopped_by="diverged", steps=1, valid_value=0.0)
            )
        else:
            solved, steps, value = outcome
            made.append(replace(RUN, learning_rate=rate, solved=solved, steps=steps, valid_value=value))
    return made


@pytest.mark.parametrize(
    ("grid", "chosen"),
    [
        ([*runs(0.1, (True, 90, 0.9), (True, 90, 0.9)), *runs(0.2, (True, 10, 0.1), (False, 99, 0.1))], 0.1),
        ([*runs(0.1, (True, 90, 0.1)), *runs(0.2, (True, 10, 0.9))], 0.2),
        ([*runs(0.1, (False, 99, 0.5)), *runs(0.2, (False, 99, 0.4))], 0.2),
        ([*runs(0.1, (None, 50, 0.5)), *runs(0.2, (None, 99, 0.4))], 0.2),
        ([*runs(0.2, (None, 99, 0.4)), *runs(0.1, (None, 99, 0.4))], 0.1),
        ([*runs(0.1, (None, 99, 0.4)), *runs(0.2, None)], 0.1),
        (
            [
                *runs(0.1, (None, 9, 0.1), (None, 9, 0.2), (None, 9, 9.0)),
                *runs(0.2, (None, 9, 0.3), (None, 9, 0.3), (None, 9, 0.3)),
            ],
            0.1,
        ),
    ],
    ids=[
        "most solved",
        "soonest solved",
        "unsolved: score",
        "no criterion: score",
        "tie: smaller",
        "diverged",
        "median",
    ],
)
def test_rule(grid, chosen):
    assert best_rate(grid) == chosen
