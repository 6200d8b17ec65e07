"""Initial weights gate by gate: orthogonality, bounds, gate biases, structural zeros."""

import numpy as np
import pytest
from scipy.integrate import quad

from rnn import unroll
from rnn.cells import GRU, LSTM
from rnn.initialise import RECURRENT, chrono_mean_gate, initial_parameters, set_chrono_biases
from rnn.layers import Dense, Embedding, Readout
from rnn.network import Network
from rnn.optimise import Adam
from rnn.parameters import Parameters
from rnn.setup import build_network
from rnn.tape import Tape
from rnn.tasks import TASKS
from rnn.train import initial_weights
from rnn.variants import VARIANTS
from tests.rnn.examples import CELL_FORMS, make_batch, small_setup

D, H, K = 3, 24, 2
# what the names of variants say
BIASES = {"bias-minus-2": -2, "bias-minus-1": -1, "bias-0": 0, "bias-2": 2, "bias-3": 3, "bias-4": 4}
GAINS = {"gain-0-5": 0.5, "gain-0-9": 0.9, "gain-1-2": 1.2, "gain-1-5": 1.5}


def draw(cell, seed=0, inputs=None, **options):
    layer = inputs or Dense(D)
    network = Network(layer, CELL_FORMS[cell](layer.width, H), Readout(H, K))
    return network.cell, initial_parameters(network, np.random.default_rng(seed), **options)


def gate_blocks(cell, p):
    """(H, H) recurrent matrix of each gate, and of the candidate where it stands in a matrix of its own."""
    size = cell.n_hidden
    candidate = {"n": p["W_n"][:size]} if "a" not in cell.gates and "W_n" in p else {}
    return {name: p["W"][:size, i * size : (i + 1) * size] for i, name in enumerate(cell.gates)} | candidate


def gate_bias(cell, p, gate):
    i, size = cell.gates.index(gate), cell.n_hidden
    return p["W"][-1, i * size : (i + 1) * size]


@pytest.mark.parametrize("gain", [1.0, 0.7])
@pytest.mark.parametrize("name", CELL_FORMS)
def test_orthogonal_gate_by_gate(name, gain):
    """W_g' W_g = gain^2 I for each gate's own block; the stacked matrix would not be (REFERENCE D)."""
    cell, p = draw(name, recurrent="orthogonal", gain=gain)
    for gate, w in gate_blocks(cell, p).items():
        np.testing.assert_allclose(w.T @ w, gain**2 * np.eye(H), rtol=0, atol=1e-13, err_msg=gate)


def test_orthogonal_matrices_are_spread_evenly():
    """Haar: both determinants in half of the draws, entries of mean 0 and variance 1/H (4 sigma)."""
    draws = np.array([RECURRENT["orthogonal"](np.random.default_rng(s), 4, 4) for s in range(1000)])
    assert np.mean(np.linalg.det(draws) > 0) == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(1000))
    # uniform on the sphere: variance 1/n; of the square (2 (n - 1) / (n^2 (n + 2)))
    np.testing.assert_allclose(draws.mean(axis=0), 0, atol=4 * np.sqrt(1 / 4 / 1000))
    np.testing.assert_allclose((draws**2).mean(axis=0), 1 / 4, atol=4 * np.sqrt(6 / 96 / 1000))


@pytest.mark.parametrize("name", CELL_FORMS)
def test_glorot_bounds(name):
    """Uniform on +-sqrt(6 / (rows + columns)) of each gate's own block: filled to the bound, never above it."""
    cell, p = draw(name)
    for w in gate_blocks(cell, p).values():
        assert 0.95 * np.sqrt(6 / (2 * H)) < np.abs(w).max() <= np.sqrt(6 / (2 * H))
        assert np.var(w) == pytest.approx(1 / H, rel=0.2)
    inputs = p["W_n"][-D - 1 : -1] if "W_n" in p else p["W"][H:-1, :H]
    assert 0.8 * np.sqrt(6 / (D + H)) < np.abs(inputs).max() <= np.sqrt(6 / (D + H))
    assert 0.8 * np.sqrt(6 / (H + K)) < np.abs(p["W_ho"]).max() <= np.sqrt(6 / (H + K))


@pytest.mark.parametrize("gain", [1.0, 1.5])
def test_scaled_normal(gain):
    """Standard deviation gain / sqrt(H): the sum of squares is chi-squared with H^2 degrees of freedom (4 sigma)."""
    cell, p = draw("rnn", recurrent="normal", gain=gain)
    scaled = np.sum(gate_blocks(cell, p)["h"] ** 2) * H / gain**2
    assert scaled == pytest.approx(H**2, abs=4 * np.sqrt(2 * H**2))


@pytest.mark.parametrize("name", CELL_FORMS)
def test_identity(name):
    cell, p = draw(name, recurrent="identity", gain=0.5)
    for w in gate_blocks(cell, p).values():
        np.testing.assert_array_equal(w, 0.5 * np.eye(H))


@pytest.mark.parametrize("scheme", RECURRENT)
@pytest.mark.parametrize("name", CELL_FORMS)
def test_one_bias_a_gate_and_only_the_keep_gate_has_one(name, scheme):
    """sigma(b_f) = sigma(1) = .731 at the start, not sigma(2): no second bias doubles it (REFERENCE D)."""
    cell, p = draw(name, recurrent=scheme)
    for gate in cell.gates:
        np.testing.assert_array_equal(gate_bias(cell, p, gate), 1.0 if gate == cell.keep_gate else 0.0)
    assert not p["b_o"].any()
    if "W_n" in p:
        assert not p["W_n"][-1].any()


@pytest.mark.parametrize("bias", [-1.0, 0.0, 1.0, 4.0])
@pytest.mark.parametrize("name", [name for name, cell in CELL_FORMS.items() if cell.keep_gate])
def test_keep_gate_at_initialisation(name, bias):
    """With the drawn biases and no weights, one step leaves exactly sigma(b) of the state that is kept."""
    cell, p = draw(name, gate_bias=bias)
    p["W"][:-1] = 0
    p["W_n" if "W_n" in p else "W"][:-1] = 0
    kept = np.linspace(-1, 1, H)[None, None]
    initial = tuple(kept if part == cell.state[-1] else np.zeros_like(kept) for part in cell.state)
    tape = Tape.allocate(cell, 1, 1, 1, np.float64)
    after = unroll.forward({part: array[None] for part, array in p.items()}, tape, initial)
    np.testing.assert_allclose(after[-1], kept / (1 + np.exp(-bias)), rtol=0, atol=1e-15)


def test_embedding_rows_have_unit_norm_on_average():
    """As a one-hot input has; the sum of squares over V D entries is chi-squared (4 sigma)."""
    _, p = draw("rnn", inputs=Embedding(50, 8))
    assert np.sum(p["E"] ** 2) * 8 == pytest.approx(400, abs=4 * np.sqrt(800))


@pytest.mark.parametrize("optimiser_rate", [1e-2, 1.0])
def test_structural_zeros_of_the_gru_stay_zero_in_training(optimiser_rate):
    """Fifty Adam updates through the kernels: the candidate's input rows outside the reset gate's reach never move."""
    network = Network(Dense(D), GRU(D, 4), Readout(4, K))
    rng = np.random.default_rng(0)
    p = Parameters.stack([initial_parameters(network, rng)], np.float32)
    grad = Parameters.zeros(network.shapes(), 1)
    start, tape, optimiser = p.flat.copy(), network.tape(1, 5, 8), Adam(np.array([optimiser_rate]))
    for _ in range(50):
        network.gradient(p.named, make_batch(network, rng, 1, 8, 5), tape, grad.named)
        optimiser.update(p.flat, grad.flat)
    assert np.all(p.named["W"][0, 4:-1, 8:] == 0)
    assert np.count_nonzero(p.flat != start) == network.n_parameters


@pytest.mark.parametrize(
    ("variant", "cell"), [(name, cell) for name, variant in VARIANTS.items() for cell in variant.cells]
)
def test_every_variant_draws_what_it_says(variant, cell):
    """Recurrent scheme, gain and gate bias of the initial weights of a run; cell options reach the cell."""
    setup = small_setup(cell=cell, variant=variant, hidden=H)
    network = build_network(setup, TASKS["adding"].prepare(8, 1))
    p = initial_weights(setup, network, 0)
    for name, value in VARIANTS[variant].options.items():
        assert getattr(network.cell, name) == value
    size = network.cell.n_hidden
    assert (size == H) == (variant != "matched")
    if network.cell.keep_gate and variant != "chrono":
        bias = gate_bias(network.cell, p, network.cell.keep_gate)
        np.testing.assert_array_equal(bias, BIASES.get(variant, 1.0))
    for gate, w in gate_blocks(network.cell, p).items():
        if variant in ("identity", "irnn"):
            np.testing.assert_array_equal(w, np.eye(H), err_msg=gate)
        elif variant == "orthogonal":
            np.testing.assert_allclose(w.T @ w, np.eye(H), atol=1e-6, err_msg=gate)
        else:
            bound = GAINS.get(variant, 1.0) * np.sqrt(3 / size)
            assert 0.95 * bound < np.abs(w).max() <= np.float32(bound), gate
    assert all(array.dtype == np.float32 for array in p.values())


def test_chrono_variant_expects_dependencies_of_all_steps():
    """exp(b) of the keep gate fills [1, steps - 1], b_i = -b_f; the steps are the task's, not its length."""
    data = TASKS["adding"].prepare(8, 1)
    for task, length, steps in (("adding", 8, 8), ("reviews", 5, TASKS["reviews"].n_steps(5))):
        for name in ("lstm", "gru"):
            setup = small_setup(cell=name, variant="chrono", hidden=H, task=task, length=length)
            network = build_network(setup, data)
            draws = [initial_weights(setup, network, seed) for seed in range(20)]
            u = np.exp([gate_bias(network.cell, p, network.cell.keep_gate) for p in draws])
            assert 1 <= u.min() < 1 + 0.05 * steps < 0.95 * (steps - 1) < u.max() <= (steps - 1) * (1 + 1e-6)
            if name == "lstm":
                for p in draws:
                    np.testing.assert_array_equal(gate_bias(network.cell, p, "i"), -gate_bias(network.cell, p, "f"))


def test_chrono_variant_s_mean_forget_gate():
    """REFERENCE A11: .96008 at 100 steps, over the units of 200 networks (4 sigma)."""
    setup = small_setup(cell="lstm", variant="chrono", hidden=H, length=100)
    network = build_network(setup, TASKS["adding"].prepare(8, 1))
    bias = [gate_bias(network.cell, initial_weights(setup, network, seed), "f") for seed in range(200)]
    gate = 1 / (1 + np.exp(-np.array(bias, np.float64)))
    assert gate.mean() == pytest.approx(0.96008, abs=4 * gate.std() / np.sqrt(gate.size))


def test_initial_weights_depend_on_every_part_of_their_key():
    """DESIGN 7: (experiment seed, task, cell, variant, length, seed), and on nothing else of the setup."""
    data = TASKS["adding"].prepare(8, 1)

    def weights(seed=0, **changes):
        setup = small_setup(**changes)
        return initial_weights(setup, build_network(setup, data), seed)["W"]

    start = weights()
    for changes in ({"experiment_seed": 8}, {"variant": "relu"}, {"length": 9}, {"task": "co2"}, {"seed": 1}):
        assert not np.array_equal(weights(**changes), start), changes
    for changes in ({"batch": 2}, {"steps": 5}, {"clip": 0.0}, {"optimiser": "sgd"}, {"patience": 9}, {"log_every": 1}):
        np.testing.assert_array_equal(weights(**changes), start, err_msg=str(changes))


@pytest.mark.parametrize("t_max", [3, 10, 100])
@pytest.mark.parametrize("name", [name for name, cell in CELL_FORMS.items() if cell.keep_gate])
def test_chrono_biases_on_the_cell_s_own_gates(name, t_max):
    """exp(b) fills [1, t_max - 1] on the keep gate, the input gate has -b, and nothing else moves."""
    cell, p = draw(name)
    before = {part: array.copy() for part, array in p.items()}
    set_chrono_biases(p, cell, np.random.default_rng(1), t_max)
    keep = gate_bias(cell, p, cell.keep_gate)
    u = np.exp(keep)
    assert ((u >= 1) & (u <= t_max - 1)).all()
    assert np.ptp(u) > 0.7 * (t_max - 2)
    for gate in cell.gates:
        if gate == "i":
            np.testing.assert_array_equal(gate_bias(cell, p, gate), -keep)
        elif gate != cell.keep_gate:
            np.testing.assert_array_equal(gate_bias(cell, p, gate), 0)
    for part, array in before.items():
        np.testing.assert_array_equal(p[part][:-1], array[:-1])
        assert part == "W" or np.array_equal(p[part], array)


@pytest.mark.parametrize("name", [name for name, cell in CELL_FORMS.items() if cell.keep_gate])
def test_chrono_keeps_as_long_as_it_says(name):
    """One step without weights keeps sigma(b) = u / (1 + u) of the state, unit by unit."""
    cell, p = draw(name)
    set_chrono_biases(p, cell, np.random.default_rng(2), 50)
    p["W"][:-1] = 0
    if "W_n" in p:
        p["W_n"][...] = 0
    one = np.ones((1, 1, H))
    initial = tuple(one if part == cell.state[-1] else np.zeros_like(one) for part in cell.state)
    tape = Tape.allocate(cell, 1, 1, 1, np.float64)
    u = np.exp(gate_bias(cell, p, cell.keep_gate))
    after = unroll.forward({part: array[None] for part, array in p.items()}, tape, initial)
    np.testing.assert_allclose(after[-1][0, 0], u / (1 + u), rtol=1e-14)


@pytest.mark.parametrize("t_max", [3, 10, 100, 1000])
def test_mean_chrono_gate(t_max):
    """The closed form against the integral over u, and against the gates of 2000 LSTMs (4 sigma)."""
    integral, _ = quad(lambda u: u / (1 + u) / (t_max - 2), 1, t_max - 1, epsrel=1e-12)
    assert chrono_mean_gate(t_max) == pytest.approx(integral, rel=1e-10)
    cell, rng, p = LSTM(1, H), np.random.default_rng(3), {"W": np.zeros((H + 2, 4 * H))}
    means = []
    for _ in range(2000):
        set_chrono_biases(p, cell, rng, t_max)
        means.append(np.mean(1 / (1 + np.exp(-gate_bias(cell, p, "f")))))
    assert np.mean(means) == pytest.approx(chrono_mean_gate(t_max), abs=4 * np.std(means) / np.sqrt(2000))


def test_mean_chrono_gate_of_100_steps():
    """REFERENCE A11."""
    assert chrono_mean_gate(100) == pytest.approx(0.96008, abs=5e-6)


def test_chrono_needs_a_gate_and_a_time():
    cell, p = draw("rnn")
    with pytest.raises(ValueError, match="rnn has none"):
        set_chrono_biases(p, cell, np.random.default_rng(0), 100)
    cell, p = draw("lstm")
    with pytest.raises(ValueError, match="more than 2 steps, not 2"):
        set_chrono_biases(p, cell, np.random.default_rng(0), 2)
    with pytest.raises(ValueError, match="more than 2 steps, not 0"):
        chrono_mean_gate(0)
