"""How much each earlier input matters to what a network predicts, on sequences whose symbols have names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.evaluate import shared
from rnn.gradients.by_lag import gradient_norms
from rnn.gradients.samples import spread
from rnn.gradients.trajectory import Trajectory
from rnn.network import Batch
from rnn.parameters import Parameters
from rnn.setup import Setup, build_network
from rnn.tasks.data import Data

Array = NDArray[Any]
SENTENCES = 8  # sequences of the test set, evenly spread over it, the same for every network


@dataclass(frozen=True)
class Attribution:
    """Norms of the gradient of -ln p(prediction) with respect to each input vector, one entry a sentence and position.

    The prediction is the class with the highest output at the sentence's last step. Madsen (2019) differentiates its
    logit; ln p also leaves out what moves all logits alike and so predicts nothing.
    """

    sentence: NDArray[np.int64]  # index in the test set
    position: NDArray[np.int64]  # 0-based
    token: NDArray[np.int64]  # index of the input symbol
    target: NDArray[np.int64]  # index of the predicted class
    log10_norm: NDArray[np.float64]  # -inf where the gradient is exactly zero


def attribute(setup: Setup, data: Data, parameters: Sequence[dict[str, Array]]) -> list[Attribution]:
    """Attribute the predictions of networks of one setup, one set of parameters a seed, in float64.

    Where the data name no symbols the results are empty: nobody could read them.
    """
    if data.symbols is None:
        none = np.empty(0, np.int64)
        return [Attribution(none, none, none, none, np.empty(0)) for _ in parameters]
    network = replace(build_network(setup, data), at="last")
    p = Parameters.stack(parameters, np.float64).named
    chosen = spread(data.test, SENTENCES)
    sentences = data.test.take(chosen)
    batch = shared(sentences, len(parameters))
    trajectory = Trajectory.run(network, p, batch)
    predicted = network.readout.outputs(p, trajectory.tape.h[:, -1]).argmax(axis=-1)
    log_input = gradient_norms(replace(trajectory, batch=Batch(batch.x, predicted, batch.n))).log_input
    row, position = np.nonzero(np.arange(sentences.x.shape[1]) < sentences.n[:, None])
    lag = sentences.n[row] - 1 - position
    return [
        Attribution(chosen[row], position, sentences.x[row, position], target[row], log_norm[row, lag] / np.log(10))
        for target, log_norm in zip(predicted, log_input, strict=True)
    ]
