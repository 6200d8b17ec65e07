"""Initial weights, drawn gate by gate."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
        p["W_n"][:-1] = glorot(rng, inputs, size)
    if "E" in p:
        # rows of expected unit norm, as a one-hot input has
        p["E"][...] = rng.normal(0, 1 / np.sqrt(p["E"].shape[1]), p["E"].shape)
    p["W_ho"][...] = glorot(rng, *p["W_ho"].shape)
    return p
