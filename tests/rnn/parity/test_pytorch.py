"""Outputs and gradients equal PyTorch's (REFERENCE A22), for weights of PyTorch's mapped to one bias a gate.

The arrays are frozen: ``make_arrays.py`` beside this file made them, with the version and seed that they hold. PyTorch
has two biases a gate, b_ih and b_hh, whose sum is ours; the GRU's b_hn alone stands inside the reset gate.
"""

from pathlib import Path

import numpy as np
import pytest

from rnn import unroll
from rnn.cells import GRU, LSTM, Cell, Vanilla
from rnn.tape import Tape

FILE = Path(__file__).with_name("pytorch.npz")
TOLERANCE = 1e-12  # norm-wise relative; REFERENCE asks for 1e-6

# PyTorch's gate order, in our names
TORCH_GATES = {"rnn-tanh": ("h",), "rnn-relu": ("h",), "lstm": ("i", "f", "g", "o"), "gru": ("r", "u", "n")}


@pytest.fixture(scope="module")
def arrays():
    with np.load(FILE) as file:
        return dict(file)


def make_cell(layer: str, d: int, h: int) -> Cell:
    if layer == "lstm":
        return LSTM(d, h)
    return GRU(d, h) if layer == "gru" else Vanilla(d, h, layer.removeprefix("rnn-"))


def torch_blocks(layer: str, weights: dict[str, np.ndarray]) -> dict[str, dict[str, np.ndarray]]:
    """Return W_hh, W_xh, b_ih and b_hh of each gate, for row vectors."""
    gates = TORCH_GATES[layer]
    names = {"weight_hh_l0": "W_hh", "weight_ih_l0": "W_xh", "bias_ih_l0": "b_ih", "bias_hh_l0": "b_hh"}
    blocks = {gate: {} for gate in gates}
    for torch_name, name in names.items():
        for gate, block in zip(gates, np.split(weights[torch_name], len(gates)), strict=True):
            blocks[gate][name] = block.T
    return blocks


def ours(cell: Cell, blocks: dict[str, dict[str, np.ndarray]], gradient: bool = False) -> dict[str, np.ndarray]:
    """Pack blocks by gate as our "W" and "W_n".

    PyTorch's b_ih and b_hh get the same gradient wherever they are added up, and that is our bias's.
    """
    packed = {name: np.zeros(shape) for name, shape in cell.shapes().items()}
    size = cell.n_hidden
    for i, gate in enumerate(cell.gates):
        columns = packed["W"][:, i * size : (i + 1) * size]
        if gate == "a":  # the candidate's recurrent part
            columns[:size], columns[-1] = blocks["n"]["W_hh"], blocks["n"]["b_hh"]
            packed["W_n"][:-1], packed["W_n"][-1] = blocks["n"]["W_xh"], blocks["n"]["b_ih"]
            continue
        block = blocks[gate]
        columns[:size], columns[size:-1] = block["W_hh"], block["W_xh"]
        columns[-1] = block["b_ih"] if gradient else block["b_ih"] + block["b_hh"]
    return packed


def relative(found, right):
    return np.linalg.norm(found - right) / np.linalg.norm(right)


@pytest.mark.parametrize("case", ["full", "masked"])
@pytest.mark.parametrize("layer", TORCH_GATES)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, TOLERANCE), (np.float32, 1e-6)])
def test_parity(arrays, layer, case, dtype, tolerance):
    """Outputs at every step, last states, gradients of all weights, biases, inputs and the initial state."""

    def get(name):
        return arrays[f"{layer}/{name}"]

    right = {key.removeprefix(f"{layer}/{case}/"): a for key, a in arrays.items() if key.startswith(f"{layer}/{case}/")}
    x = get("x")
    size, steps, d = x.shape
    h = right["output"].shape[2]
    cell = make_cell(layer, d, h)
    weights = {key: get(key) for key in ("weight_hh_l0", "weight_ih_l0", "bias_ih_l0", "bias_hh_l0")}
    p = {name: a[None].astype(dtype) for name, a in ours(cell, torch_blocks(layer, weights)).items()}
    n = arrays["lengths"] if case == "masked" else np.full(size, steps)
    tape = Tape.allocate(cell, 1, steps, size, dtype)
    tape.n[...] = n
    tape.x[...] = x[None].swapaxes(1, 2)
    parts = range(len(cell.state))
    last = [part.copy() for part in unroll.forward(p, tape, tuple(get(f"state_{i}").astype(dtype) for i in parts))]
    active = np.arange(steps)[:, None] < n
    outputs = np.where(active[..., None], tape.h[0, 1:], 0).swapaxes(0, 1)
    assert relative(outputs, right["output"]) < tolerance
    for i in parts:
        assert relative(last[i], right[f"last_{i}"]) < tolerance, cell.state[i]

    # outputs beyond a sequence's end are zeros in PyTorch, whatever the weights: no gradient comes from there
    d_every = np.where(active[..., None], right["d_output"].swapaxes(0, 1), 0)[None].astype(dtype)
    d_last = tuple(right[f"d_last_{i}"].astype(dtype) for i in parts)
    d_initial = unroll.backward(p, tape, d_last, d_every)
    for i in parts:
        assert relative(d_initial[i], right[f"grad_state_{i}"]) < tolerance, cell.state[i]
    grad = {name: np.zeros_like(array) for name, array in p.items()}
    unroll.weight_gradient(tape, grad)
    torch_grad = {key.removeprefix("grad_"): a for key, a in right.items()}
    for name, array in ours(cell, torch_blocks(layer, torch_grad), gradient=True).items():
        assert relative(grad[name][0], array) < tolerance, name
    d_x = cell.input_gradient(p, tape)[0].swapaxes(0, 1)
    assert relative(d_x, right["grad_x"]) < tolerance


def test_the_two_biases_of_pytorch_share_one_gradient(arrays):
    """Why one bias a gate is enough; the GRU's candidate is the exception, and has two here as well."""
    for layer, gates in TORCH_GATES.items():
        b_ih, b_hh = (np.split(arrays[f"{layer}/full/grad_bias_{side}_l0"], len(gates)) for side in ("ih", "hh"))
        for gate, a, b in zip(gates, b_ih, b_hh, strict=True):
            assert np.allclose(a, b, rtol=1e-12) == (gate != "n"), (layer, gate)


def test_the_file_says_where_it_comes_from(arrays):
    assert str(arrays["pytorch"]).startswith("2.13.0")
    assert int(arrays["seed"]) == 20260415
    assert FILE.stat().st_size < 50_000
