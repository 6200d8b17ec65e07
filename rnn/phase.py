"""Phase diagrams of untrained networks: where a gradient fades, where it grows, and how fast.

Random networks x_{t+1} = g f(x_t) W + noise by their gain g, beside the theory for infinitely many units; gated cells,
which have no gain, by the bias of the gate that keeps the state. One row of the result a network and lag.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.cells import CELLS
from rnn.gradients import Trajectory, gradient_norms, growth, log_spaced_lags
from rnn.gradients.lyapunov import BURN_IN, STEPS
from rnn.gradients.mean_field import largest_exponent
from rnn.gradients.random_networks import ALIGN, growth_by_lag, largest_exponents
from rnn.initialise import initial_parameters
from rnn.layers import Dense, Readout
from rnn.network import Batch, Network
from rnn.streams import stream

Array = NDArray[Any]
LAGS = log_spaced_lags(201)
# (activation, noise variance): gains on both sides of the onset of chaos and of 1 / max f', and without noise also of
# the bound on the largest singular value, which is 2 g for many units
GAINS: dict[tuple[str, float], tuple[float, ...]] = {
    ("tanh", 0.0): (0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 1.75, 2, 2.5, 3, 4),
    ("tanh", 0.1): (0.7, 0.85, 1, 1.2, 1.4, 1.6, 2, 3),
    ("tanh", 1.0): (0.7, 1, 1.25, 1.5, 1.75, 2, 2.5, 3),
    ("sigmoid", 0.0): (1.4, 2, 2.8, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 17, 20),
    ("relu", 0.0): (0.35, 0.5, 0.7, 0.85, 1, 1.15, 1.3, 1.4, 1.5, 1.7, 2, 2.4),
    ("linear", 0.0): (0.35, 0.45, 0.6, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.25, 1.5),
}
AVERAGED = 256  # units of all trajectories together, at least: a large network averages over its own
BIASES = (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
GATED_SIZE, GATED_INPUTS, GATED_SEQUENCES = 64, 2, 2


def measure_phase(experiment_seed: int, sizes: Sequence[int], seeds: int) -> dict[str, Array]:
    """Measure random networks of some sizes and gated cells of ``GATED_SIZE`` units, as columns of equal length.

    Parameters
    ----------
    sizes
        Numbers of units N of the random networks.
    seeds
        Draws of weights a setting, counted from 0. Those of one size and seed are the same matrix at all activations,
        noises and gains, and those of a gated cell the same at all biases, so that settings are compared in pairs.

    Returns
    -------
    ``activation`` ("tanh", "sigmoid", "relu", "linear", "lstm", "gru"), ``gain`` (for gated cells the gate's bias),
    ``noise`` (a variance), ``size``, ``seed``, ``lag``; ``log10_norm`` of a random row gradient relative to lag 0, the
    mean over trajectories of the logarithm, -inf where one is exactly zero; ``lyapunov_max`` of that network and its
    ``theory`` for infinitely many units, nats a step, NaN for gated cells.
    """
    blocks = [*_random(experiment_seed, sizes, seeds), *_gated(experiment_seed, seeds)]
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _random(experiment_seed: int, sizes: Sequence[int], seeds: int) -> Iterator[dict[str, Array]]:
    for (activation, noise), gains in GAINS.items():
        theory = np.array([largest_exponent(activation, gain, noise) for gain in gains])
        for size in sizes:
            for seed in range(seeds):
                draw = stream("phase matrix", experiment_seed, size, seed)
                # float32 moves an exponent by far less than one matrix differs from the next
                w = draw.standard_normal((size, size), np.float32) / np.float32(np.sqrt(size))
                rng = stream("phase trajectories", experiment_seed, activation, f"{noise:g}", size, seed)
                n = max(1, AVERAGED // size)
                grown = growth_by_lag(activation, w, gains, np.full(len(gains), noise), rng, n)
                named = {"activation": activation, "noise": noise, "size": size, "seed": seed}
                yield _rows(named, np.array(gains), theory, grown)


def _gated(experiment_seed: int, seeds: int) -> Iterator[dict[str, Array]]:
    """Default cells driven by standard-normal inputs."""
    biases, steps = np.array(BIASES), ALIGN + STEPS
    undefined = np.full(len(biases), np.nan)
    for name in ("lstm", "gru"):
        network = Network(Dense(GATED_INPUTS), CELLS[name](GATED_INPUTS, GATED_SIZE), Readout(GATED_SIZE, 1))
        for seed in range(seeds):
            drawn = [
                initial_parameters(network, stream("phase weights", experiment_seed, name, seed), gate_bias=bias)
                for bias in biases
            ]
            p = {key: np.stack([one[key] for one in drawn]) for key in drawn[0]}
            rng = stream("phase inputs", experiment_seed, name, seed)
            x = rng.normal(size=(GATED_SEQUENCES, BURN_IN + steps + 1, GATED_INPUTS))
            shape = (len(biases), GATED_SEQUENCES)
            # the loss decides the length of the row at lag 0 alone; its direction is that of the random readout
            batch = Batch(np.broadcast_to(x, (*shape, *x.shape[1:])), np.ones((*shape, 1)), np.full(shape, x.shape[1]))
            grown = growth(gradient_norms(Trajectory.run(network, p, batch)).log_ratio)[..., 1 : steps + 1]
            named = {"activation": name, "noise": 0.0, "size": GATED_SIZE, "seed": seed}
            yield _rows(named, biases, undefined, grown)


def _rows(named: dict[str, Any], gain: Array, theory: Array, grown: Array) -> dict[str, Array]:
    """Return the columns of K networks from the growth up to each lag but 0, (K, trajectories, lags)."""
    by_lag = np.concatenate([np.zeros((len(gain), 1)), grown.mean(axis=1).cumsum(axis=-1)], axis=-1)[:, LAGS]
    by_network = {"gain": gain, "theory": theory, "lyapunov_max": largest_exponents(grown).mean(axis=1)}
    return {
        **{name: np.full(by_lag.size, value) for name, value in named.items()},
        **{name: np.repeat(values, len(LAGS)) for name, values in by_network.items()},
        "lag": np.tile(LAGS, len(gain)),
        "log10_norm": by_lag.ravel() / np.log(10),
    }
