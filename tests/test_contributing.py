"""CONTRIBUTING.md is followed to the letter: its examples are taken from the page and run."""

import re
from pathlib import Path

import numpy as np
import pytest

from rnn.cells import CELLS, Cell
from rnn.gradients import check_gradient
from rnn.initialise import initial_parameters
from rnn.layers import Dense, Readout
from rnn.network import Batch, Network
from rnn.setup import Setup
from rnn.streams import stream
from rnn.tasks import TASKS
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split
from rnn.train import train

PAGE = Path(__file__).parents[1] / "CONTRIBUTING.md"
CARD_FIELDS = ("source", "licence", "files", "split", "input", "target", "example", "metric", "unit", "notes")
CARD = dict.fromkeys(CARD_FIELDS, "")


def example(heading: str, names: dict[str, object]) -> dict[str, object]:
    """Run the code block under a heading of the page."""
    code = re.search(rf"## {heading}\n.*?```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert code, f"CONTRIBUTING.md has no example under {heading}"
    exec(code[1], names)
    return names


def test_cell_of_the_page_passes_the_gradient_check():
    """Central differences are the oracle, with masks and an initial state."""
    cell = example("A cell", {"Cell": Cell, "np": np})["Leaky"](2, 4)
    network = Network(Dense(2), cell, Readout(4, 1))
    rng = np.random.default_rng(0)
    p = {name: array[None] for name, array in initial_parameters(network, rng).items()}
    batch = Batch(rng.normal(size=(1, 3, 6, 2)), rng.normal(size=(1, 3, 1)), np.array([[6, 2, 4]]))
    check_gradient(network, p, batch, initial=(rng.normal(size=(1, 3, 4)),))


@pytest.mark.parametrize("cell", CELLS)
def test_task_of_the_page_trains_with_every_cell(cell, monkeypatch):
    """Parity of two symbols is learned, or the run says that it is not; the baseline is one bit."""
    names = example("A task", {"Task": Task, "Data": Data, "Split": Split, "stream": stream, "np": np, "CARD": CARD})
    task = names["Parity"]("parity", "Parity", "other forms", "many-to-one", "cross-entropy", "nats", solved_below=0.1)
    monkeypatch.setitem(TASKS, "parity", task)
    data = task.prepare(2, 1)
    setup = Setup(1, "parity", cell, "default", 2, 8, 16, 400, 100, 0, 1.0, "adam")
    (run,) = train(setup, data, [1e-2], [0])
    assert run.solved
    assert data.baseline == pytest.approx(np.log(2))
    assert run.value < data.baseline
