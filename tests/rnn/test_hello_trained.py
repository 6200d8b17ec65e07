"""The trained "hello" model says e, l, l, o (issue 2), which no predictor without memory can."""

import numpy as np
import pytest

from rnn.cells import CELLS
from rnn.evaluate import shared
from rnn.lecture import SYMBOLS, TARGETS
from rnn.setup import build_network
from rnn.tasks import TASKS
from rnn.train import train
from tests.rnn.examples import Case, gradient, small_setup


@pytest.mark.parametrize("cell", CELLS)
def test_greedy_prediction_is_ello(cell):
    """H = 8, at most 1000 updates, three seeds each; predictions from the kept weights in float64."""
    data = TASKS["hello"].prepare(4, 1)
    setup = small_setup(task="hello", cell=cell, length=4, batch=1, hidden=8, steps=1000, log_every=20)
    network = build_network(setup, data)
    for run in train(setup, data, [1e-2] * 3, [0, 1, 2]):
        assert run.stopped_by == "solved"
        p = {name: array[None] for name, array in run.best.items()}
        outputs = gradient(Case(network, p, shared(data.test, 1), None))[1]
        assert "".join(SYMBOLS[i] for i in np.argmax(outputs[0, :, 0], axis=-1)) == TARGETS == "ello"
        assert run.value < data.classical, "below the best predictor from the previous symbol"
