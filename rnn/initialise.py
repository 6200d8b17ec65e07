"""Initial weights, drawn gate by gate."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.cells import Cell
from rnn.network import Network

Array = NDArray[Any]
Scheme = Callable[[np.random.Generator, int, int], Array]


def glorot(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """Uniform on +-sqrt(6 / (rows + columns)) (Glorot & Bengio 2010, eq. 16); for a square matrix the gain is 1."""
    bound = np.sqrt(6 / (rows + columns))
    return rng.uniform(-bound, bound, (rows, columns))


def normal(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """Normal with standard deviation 1 / sqrt(rows): g = 1 in mean-field terms."""
    return rng.normal(0, 1 / np.sqrt(rows), (rows, columns))


def orthogonal(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """Haar-distributed orthogonal matrix (Saxe et al. 2014; the signs of Mezzadri 2007 make QR's Q uniform)."""
    if rows != columns:
        raise ValueError(f"An orthogonal recurrent matrix is square, not {rows} x {columns}.")
    q, r = np.linalg.qr(rng.normal(size=(rows, columns)))
    return np.asarray(q * np.sign(np.diagonal(r)))


def identity(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """Identity matrix (Le, Jaitly & Hinton 2015)."""
    return np.eye(rows, columns)


RECURRENT: dict[str, Scheme] = {"glorot": glorot, "normal": normal, "orthogonal": orthogonal, "identity": identity}


def initial_parameters(
    network: Network, rng: np.random.Generator, recurrent: str = "glorot", gain: float = 1.0, gate_bias: float = 1.0
) -> dict[str, Array]:
    """Draw the parameters of one seed, float64.

    Parameters
    ----------
    recurrent, gain
        Scheme of each gate's own H x H block of W_hh (so that "orthogonal" is orthogonal gate by gate) and its factor;
        input and readout matrices are always Glorot.
    gate_bias
        Bias of the LSTM's forget gate and the GRU's update (keep) gate; every other bias is 0.
    """
    p = {name: np.zeros(shape) for name, shape in network.shapes().items()}
    cell = network.cell
    size, inputs = cell.n_hidden, cell.n_inputs
    for gate, name in enumerate(cell.gates):
        block = slice(gate * size, (gate + 1) * size)
        p["W"][:size, block] = gain * RECURRENT[recurrent](rng, size, size)
        p["W"][size:-1, block] = glorot(rng, inputs, size)
        if name == cell.keep_gate:
            p["W"][-1, block] = gate_bias
    cell.clear_structural_zeros(p["W"])
    if "W_n" in p:
        # the candidate's input weights; above them its recurrent ones, where the reset gate stands before the product
        p["W_n"][-inputs - 1 : -1] = glorot(rng, inputs, size)
        if len(p["W_n"]) > inputs + 1:
            p["W_n"][:size] = gain * RECURRENT[recurrent](rng, size, size)
    if "E" in p:
        # rows of expected unit norm, as a one-hot input has
        p["E"][...] = rng.normal(0, 1 / np.sqrt(p["E"].shape[1]), p["E"].shape)
    p["W_ho"][...] = glorot(rng, *p["W_ho"].shape)
    return p


def set_chrono_biases(p: dict[str, Array], cell: Cell, rng: np.random.Generator, t_max: int) -> None:
    """Overwrite gate biases so that units keep their state for between 1 and ``t_max`` steps or so, each its own time.

    The keep gate's biases (LSTM: forget, GRU: update) become ln u with u ~ U[1, t_max - 1]; where the gate that writes
    is another one, the LSTM's input gate i, its biases become -ln u (Tallec & Ollivier 2018, section 3): what is not
    kept is written.

    Parameters
    ----------
    p
        Parameters of one seed; only biases in "W" are written.
    t_max
        The longest dependency that is expected, in steps.

    Raises
    ------
    ValueError
        ``t_max`` is not above 2, or the cell has no gate that keeps its state.
    """
    _check_t_max(t_max)
    if cell.keep_gate is None:
        raise ValueError(f"Chrono initialisation needs a gate that keeps the state; the cell {cell.name} has none.")
    bias = np.log(rng.uniform(1, t_max - 1, cell.n_hidden))
    for gate, value in ((cell.keep_gate, bias), ("i", -bias)):
        if gate in cell.gates:
            start = cell.gates.index(gate) * cell.n_hidden
            p["W"][-1, start : start + cell.n_hidden] = value


def chrono_mean_gate(t_max: int) -> float:
    """Return the mean of a keep gate sigma(ln u), u ~ U[1, t_max - 1]: 1 - ln(t_max / 2) / (t_max - 2) (REFERENCE A11).

    Raises
    ------
    ValueError
        ``t_max`` is not above 2.
    """
    _check_t_max(t_max)
    return float(1 - np.log(t_max / 2) / (t_max - 2))


def _check_t_max(t_max: int) -> None:
    if t_max <= 2:
        raise ValueError(f"Chrono initialisation needs a longest dependency of more than 2 steps, not {t_max}.")
