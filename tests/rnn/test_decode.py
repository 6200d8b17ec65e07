"""Greedy decoding: against hand-made networks, and against scores that read the targets instead."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.cells import Vanilla
from rnn.decode import NOTHING, before_end, decode, greedy, written_targets
from rnn.evaluate import evaluate
from rnn.layers import Dense, OneHot, Readout
from rnn.network import Network
from rnn.parameters import Parameters
from rnn.tasks.data import Split
from tests.rnn.examples import make_network, make_parameters, small_setup, symbol_data

# symbols 0 to 3 are prompts, 4 + class are classes read back; class 0 ends
FEEDBACK = np.arange(4, 8)


def counter(inputs):
    """A network that writes the class after the one it reads, and after a prompt the class of the prompt."""
    network = Network(inputs(8), Vanilla(8, 8, "linear"), Readout(8, 4), "cross-entropy", "every")
    p = {name: np.zeros((1, *shape), np.float32) for name, shape in network.shapes().items()}
    p["W"][0, 8:-1] = np.eye(8)
    following = [0, 1, 2, 3, 1, 2, 3, 0]
    p["W_ho"][0, np.arange(8), following] = 1
    return network, p


def test_a_counter_counts_to_its_end():
    """From 1 it writes 1 2 3 end, from 3 only 3 end, and the prompt 0 ends at once."""
    network, p = counter(OneHot)
    x = np.array([[1, 5, 6, 7], [3, 7, 0, 0], [0, 0, 0, 0], [2, 3, 7, 0]])
    y = np.array([[1, 2, 3, 0], [3, 0, -1, -1], [0, -1, -1, -1], [-1, 3, 0, -1]])
    split = Split(x, y, np.array([4, 2, 1, 3]))
    written = greedy(network, p, split, FEEDBACK)
    right = [[1, 2, 3, NOTHING], [3, NOTHING, NOTHING, NOTHING], [NOTHING] * 4, [3, NOTHING, NOTHING, NOTHING]]
    assert written.tolist() == [right]
    assert before_end(written_targets(split)).tolist() == right


def test_dense_inputs_read_rows():
    """The same counter with unit vectors as inputs."""
    network, p = counter(Dense)
    x = np.eye(8, dtype=np.float32)[[[1, 5, 6, 7], [3, 7, 0, 0]]]
    y = np.array([[1, 2, 3, 0], [3, 0, -1, -1]])
    written = greedy(network, p, Split(x, y, np.array([4, 2])), np.eye(8, dtype=np.float32)[FEEDBACK])
    assert written.tolist() == [[[1, 2, 3, NOTHING], [3, NOTHING, NOTHING, NOTHING]]]


def test_its_own_mistake_is_read():
    """After a wrong class it goes on from there, whatever the sequence's own inputs say."""
    network, p = counter(OneHot)
    split = Split(np.array([[1, 4, 4, 4]]), np.array([[2, 1, 1, 1]]), np.array([4]))
    assert greedy(network, p, split, FEEDBACK).tolist() == [[[1, 2, 3, NOTHING]]]


def test_test_sequences_are_decoded_with_the_network_of_a_setup():
    """A trained stack's own row a seed; nothing of data whose networks never read what they wrote."""
    x = np.array([[1, 5, 6, 7], [3, 7, 0, 0]])
    split = Split(x, np.array([[1, 2, 3, 0], [3, 0, -1, -1]]), np.array([4, 2]))
    fields = {"inputs": "one-hot", "n_inputs": 8, "n_outputs": 4, "at": "every", "length": 4, "feedback": FEEDBACK}
    data = replace(symbol_data(), **fields, test=split, scored_by="sequences")
    p = counter(OneHot)[1]
    counts = {name: array[0] for name, array in p.items()}
    stops = counts | {"b_o": np.array([9, 0, 0, 0], np.float32)}
    setup = small_setup(task="co2", length=4, variant="linear", hidden=8)
    right, ended = decode(setup, data, [counts, stops])
    assert right.sentence.tolist() == ended.sentence.tolist() == [0, 0, 0, 1]
    assert right.position.tolist() == ended.position.tolist() == [0, 1, 2, 0]
    assert right.target.tolist() == right.output.tolist() == ended.target.tolist() == [1, 2, 3, 3]
    assert ended.output.tolist() == [NOTHING] * 4
    assert len(decode(setup, replace(data, feedback=None), [counts])[0].sentence) == 0


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), cell=st.sampled_from(["rnn-tanh", "lstm", "gru"]))
def test_exact_match_is_that_of_sequences_scored_by_reading_the_targets(seed, cell):
    """Random networks on the sequences that one of them writes: it is right in all, the others in as many as scored."""
    rng = np.random.default_rng(seed)
    network = make_network(cell, "one-hot", "cross-entropy", "every", d=8, h=5, k=4)
    p = {name: (3 * array).astype(np.float32) for name, array in make_parameters(network, rng, 2).items()}
    n_prompt, longest = rng.integers(1, 3, size=6), 4
    x, y, n = rng.integers(4, size=(6, 6)), np.full((6, 6), -1), n_prompt + longest - 1
    y[np.arange(6), n_prompt - 1] = 1
    own = greedy(network, {name: array[:1] for name, array in p.items()}, Split(x, y, n), FEEDBACK)[0]
    for i, start in enumerate(n_prompt - 1):
        written = [*own[i, own[i] != NOTHING], 0][:longest]
        n[i] = start + len(written)
        y[i, start : n[i]] = written
        x[i, start + 1 : n[i]] = FEEDBACK[written[:-1]]
    split = Split(x, y, n)
    parameters = Parameters.stack([{name: array[s] for name, array in p.items()} for s in range(2)], np.float32)
    scores = evaluate(network, parameters, split, network.tape(2, 6, 6), "sequences")
    decoded, targets = greedy(network, p, split, FEEDBACK), before_end(written_targets(split))
    wrong = np.any(decoded[:, :, : targets.shape[1]] != targets, axis=2)
    assert scores.score[0] == 0
    # a sequence that fills all its room has no end to get wrong
    assert scores.score.tolist() == pytest.approx(wrong.mean(axis=1).tolist())


def test_padding_before_and_behind_does_not_show():
    network, p = counter(OneHot)
    split = Split(np.array([[1, 5, 6, 7]]), np.array([[1, 2, 3, 0]]), np.array([4]))
    wider = replace(split, x=np.pad(split.x, ((0, 0), (0, 3))), y=np.pad(split.y, ((0, 0), (0, 3)), constant_values=2))
    assert greedy(network, p, wider, FEEDBACK).tolist() == greedy(network, p, split, FEEDBACK).tolist()
