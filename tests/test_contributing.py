"""What the pages for readers show as code is taken from them and run, to the letter."""

import re
from pathlib import Path

import numpy as np
import pytest

from rnn.cells import CELLS, Cell
from rnn.cells.base import scaled_rows, tanh_slope
from rnn.gradients import Trajectory, check_gradient, step_jacobian
from rnn.initialise import initial_parameters
from rnn.layers import Dense, Readout
from rnn.network import Batch, Network
from rnn.setup import Setup
from rnn.streams import stream
from rnn.tasks import TASKS
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split
from rnn.train import train

PROJECT = Path(__file__).parents[1]
CARD_FIELDS = ("source", "licence", "files", "split", "input", "target", "example", "metric", "unit", "notes")
CARD = dict.fromkeys(CARD_FIELDS, "")


def example(heading: str, names: dict[str, object], page: str = "CONTRIBUTING.md") -> dict[str, object]:
    """Run the code blocks under a heading of a page, one after the other."""
    section = re.search(rf"## {heading}\n(.*?)(\n## |\Z)", (PROJECT / page).read_text(), re.DOTALL)
    assert section, f"{page} has no section {heading}"
    code = re.findall(r"```python\n(.*?)```", section[1], re.DOTALL)
    assert code, f"{page} has no example under {heading}"
    for block in code:
        exec(block, names)
    return names


def test_cell_of_the_page_passes_the_gradient_check():
    """Central differences are the oracle, with masks and an initial state; its Jacobians are held by its own steps."""
    names = example("A cell", {"Cell": Cell, "np": np, "scaled_rows": scaled_rows, "tanh_slope": tanh_slope})
    network = Network(Dense(2), names["Leaky"](2, 4), Readout(4, 1))
    rng = np.random.default_rng(0)
    p = {name: array[None] for name, array in initial_parameters(network, rng).items()}
    batch = Batch(rng.normal(size=(1, 3, 6, 2)), rng.normal(size=(1, 3, 1)), np.array([[6, 2, 4]]))
    initial = (rng.normal(size=(1, 3, 4)),)
    check_gradient(network, p, batch, initial=initial)
    trajectory = Trajectory.run(network, p, batch, initial)
    row = trajectory.last_gradient[..., None, :]
    for t in reversed(range(1, 6)):
        row = row @ step_jacobian(trajectory, t)
    np.testing.assert_allclose(np.linalg.norm(row[..., 0, :], axis=-1), np.exp(trajectory.way_back.log_norm[:, 0]))


@pytest.mark.parametrize("cell", CELLS)
def test_task_of_the_page_trains_with_every_cell(cell, monkeypatch):
    """Parity of two symbols is learned, or the run says that it is not; the baseline is one bit."""
    names = example("A task", {"Task": Task, "Data": Data, "Split": Split, "stream": stream, "np": np, "CARD": CARD})
    task = names["PARITY"]
    monkeypatch.setitem(TASKS, task.name, task)
    data = task.prepare(2, 1)
    setup = Setup(1, task.name, cell, "default", 2, 8, 16, 400, 100, 0, 1.0, "adam")
    (run,) = train(setup, data, [1e-2], [0])
    assert run.solved
    assert data.baseline == pytest.approx(np.log(2))
    assert run.value < data.baseline


def test_library_of_the_readme_measures_without_the_pipeline():
    """The page's own assertion, slopes and weights against the gradient, is run too."""
    names = example("The library alone", {}, "README.md")
    assert names["norms"].log_ratio.shape == names["ratio"].shape == (1, 8, 300)
    assert np.isfinite(names["norms"].log_ratio).all()
