"""Sentences of the formula's factors turn when the tables do."""

import math

import pytest

from reports.factors import half_from, horizons_over_steps, linear, slopes_cost_more, stretch_by_lag, transients
from reports.figures import transient
from reports.inputs import Setting
from reports.names import INIT, TRAINED
from reports.sentences import contribution, factors, gates, horizon, reference, spectrum
from reports.sentences import linear as linear_sentences
from tests.reports.synthetic import study

TASK = "adding"
HERE = {"task": TASK, "length": 40}
VANILLA = {**HERE, "cell": "rnn", "variant": "default"}


@pytest.fixture
def one():
    """One task, all models, 3 seeds, 5 draws, one length more before training."""
    return study({TASK: [15, 40]}, seeds=3)


@pytest.mark.parametrize(("phase", "networks"), [(INIT, "5 of 5 draws"), (TRAINED, "3 of 3 seeds")])
def test_which_factor_costs_more(one, read, phase, networks):
    for slopes, weights, said in (
        (-0.3, -0.1, f"the slopes take 0.300, the weights take 0.100; the slopes cost more, in {networks}."),
        (-0.1, -0.3, f"the slopes take 0.100, the weights take 0.300; the weights cost more, in {networks}."),
        (-0.5, 0.1, f"the slopes take 0.500, the weights give 0.100 back; the slopes cost more, in {networks}."),
        (0.0, 0.0, "the slopes change nothing, the weights change nothing; neither costs anything."),
    ):
        one.put("rates", "rate_slopes", slopes, **VANILLA)
        one.put("rates", "rate_weights", weights, **VANILLA)
        one.put("rates", "rate_total", slopes + weights, **VANILLA)
        assert factors.costs(read(one), TASK, phase).endswith(said)


def test_a_gradient_shrinks_or_grows(one, read):
    one.put("rates", "rate_total", math.log(0.75), **VANILLA)
    assert "by −0.288 nats a step (25 % less with every step)" in factors.costs(read(one), TASK, INIT)
    one.put("rates", "rate_total", math.log(1.5), **VANILLA)
    assert "by 0.405 nats a step (50 % more with every step)" in factors.costs(read(one), TASK, INIT)


def test_the_summary_says_what_each_factor_costs_in_each_phase(one, read):
    for phase, slopes in ((INIT, -0.3), (TRAINED, -0.05)):
        one.put("rates", "rate_slopes", slopes, **VANILLA, phase=phase)
        one.put("rates", "rate_weights", -0.1, **VANILLA, phase=phase)
    assert factors.costs_in_short(read(one), TASK) == (
        "In the vanilla RNN, in nats a step, before training slopes take 0.300 and weights take 0.100; after training "
        "slopes take 0.050 and weights take 0.100."
    )
    assert factors.costs_in_short(read(study({TASK: [15]}, seeds=1, models=[("gru", "default")])), TASK) == ""


def test_a_network_counts_by_its_own_gradient(one, read):
    one.put("rates", "rate_slopes", 0.9, **VANILLA, seed=1)
    found = slopes_cost_more(read(one), Setting(TASK, "rnn", "default", 40), INIT)
    assert (found.n, found.of) == (4, 5)


def test_what_does_not_add_up_is_seen(one, read):
    assert factors.exact(read(one)).startswith("In all ")
    one.put("rates", "rate_total", 5.0, **VANILLA, seed=0, phase=INIT)
    assert "to within 5." in factors.exact(read(one))
    one.put("rates", "lyapunov_mean", 7.0, **VANILLA, seed=0, phase=INIT)
    assert "to within 7." in spectrum.exact(read(one))


def test_the_matrix_alone_is_the_gradient_or_not(one, read):
    one.put("gradients", "log10_norm_q50", -3.9, **VANILLA, lag=39)
    one.put("rates", "w_spectral_radius", 1.0, **VANILLA)
    one.put("rates", "w_sigma_max", 10.0, **VANILLA)
    for phase in (INIT, TRAINED):
        one.put("gradients", "log10_norm_q50", -3.9, **VANILLA, lag=39, phase=phase)
    said = factors.not_the_gradient(read(one), TASK)
    assert said[0] == (
        "Before training, at lag 39, 1.3 × 10⁻⁴ of the gradient of lag 0 is left; powers of ρ alone would give 1.0 "
        "times that of lag 0, powers of σ_max alone would give 1.0 × 10³⁹ times: too much by factors of 7,900 and "
        "7.9 × 10⁴²."
    )
    assert said[2:] == ["Neither is the gradient."]
    one.put("rates", "w_spectral_radius", 10 ** (-4.1 / 39), **VANILLA, phase=INIT)
    said = factors.not_the_gradient(read(one), TASK)
    assert said[0].endswith("too little by a factor of 1.6 and too much by a factor of 7.9 × 10⁴².")
    assert said[2:] == ["Within a factor of two of it there is only ρ before training."]
    one.put("gradients", "log10_norm_q50", 0.3, **VANILLA, lag=39)
    assert "at lag 39, the gradient is 2.0 times that of lag 0; powers" in factors.not_the_gradient(read(one), TASK)[0]


def test_the_total_is_above_the_largest_exponent_or_below(one, read):
    for length, exponents in ((15, (-0.35, -0.35, -0.35)), (40, (-0.25, -0.3, -0.1))):
        where = {**VANILLA, "length": length, "phase": TRAINED}
        one.put("rates", "rate_total", -0.2, **where)
        for seed, exponent in enumerate(exponents):
            one.put("rates", "lyapunov_max", exponent, **where, seed=seed)
    assert factors.beside_exponent(read(one), TASK, TRAINED) == (
        "After training, on “Adding problem” in the vanilla RNN, total minus λ_max is in the median 0.150 at T = 15 "
        "(above 0 in 3 of 3 seeds) and 0.050 at T = 40 (above 0 in 2 of 3 seeds) nats a step; the longer the sequence, "
        "the smaller the difference."
    )
    one.put("rates", "lyapunov_max", -0.5, **VANILLA, phase=TRAINED)
    assert "smaller" not in factors.beside_exponent(read(one), TASK, TRAINED)
    one.put("rates", "lyapunov_max", None, **{**VANILLA, "length": 40})
    assert "T = 40" not in factors.beside_exponent(read(one), TASK, TRAINED)
    one.put("rates", "lyapunov_max", None)
    assert factors.beside_exponent(read(one), TASK, TRAINED) == ""


def test_linear_networks_follow_the_radius_or_not(one, read):
    where = {"task": TASK, "cell": "rnn", "variant": "linear", "phase": INIT}
    for seed, radius, rate in ((0, 1.2, 0.18), (1, 1.1, 0.09), (2, 0.9, -0.1), (3, 0.8, -0.2), (4, 0.7, 0.01)):
        one.put("rates", "w_spectral_radius", radius, **where, seed=seed)
        one.put("rates", "rate_total", rate, **where, seed=seed)
        one.put("rates", "lyapunov_max", math.log(radius) + 0.02, **where, seed=seed)
    found = linear(read(one), TASK, 120)
    assert (found.grows.n, found.grows.of, found.fades.n, found.fades.of) == (2, 2, 2, 3)
    said = linear_sentences.radius_decides(read(one), TASK)
    assert "differ by at most 0.020 nats a step. From ln ρ the gradient’s growth is off by " in said
    assert " nats at T = 120, in the median. At T = 120, of 5 draws, ρ is above 1 in 2" in said
    assert said.endswith(
        "and the gradient grows in 2 of them and ρ is below 1 in 3, and the gradient fades in 2 of them."
    )


def test_a_transient_is_seen_where_there_is_one(one, read):
    where = {"task": TASK, "cell": "rnn", "variant": "linear", "phase": INIT, "length": 120}
    one.put("rates", "w_spectral_radius", 0.9, **where)
    setting = Setting(TASK, "rnn", "linear", 120)
    share, factor = transients(read(one), setting)
    assert (share.n, share.of) == (5, 5)
    assert factor > 1
    assert "5 of 5 stretch some direction first" in linear_sentences.transient(read(one), setting)
    rows = transient.of_linear(read(one), TASK).spec["datasets"]["rows"]
    assert {row["seed"] for row in rows} == set(range(5))
    assert max(row["lag"] for row in rows) <= transient.STEPS
    assert min(row["lag"] for row in rows) == 1
    for i in one.rows("gradients", **where):
        one.columns["gradients"]["log10_sigma_max"][i] = -0.01
    assert transients(read(one), setting) == (type(share)(0, 5), 1.0)
    assert "None of them stretches any direction" in linear_sentences.transient(read(one), setting)
    one.put("rates", "w_spectral_radius", 1.1, **where, seed=0)
    assert {row["seed"] for row in transient.of_linear(read(one), TASK).spec["datasets"]["rows"]} == {1, 2, 3, 4}
    one.put("rates", "w_spectral_radius", 1.1, **where)
    assert linear_sentences.transient(read(one), setting) == ""
    assert transient.of_linear(read(one), TASK) is None


def test_which_models_stretch_first_and_which_still_do(one, read):
    said = linear_sentences.stretching(read(one), TASK)
    assert said == (
        "Its median is above 1 after one step for tanh, ReLU, linear, the LSTM and the GRU; still, after 119 steps, "
        "for linear only."
    )


def test_a_product_that_is_exactly_zero_ranks_below_all(one, read):
    setting = Setting(TASK, "rnn", "relu", 40)
    where = {"task": TASK, "cell": "rnn", "variant": "relu", "length": 40, "phase": INIT, "lag": 39}
    for seed in (0, 1, 2):
        one.put("gradients", "log10_sigma_max", None, **where, seed=seed)
    assert stretch_by_lag(read(one), setting, INIT).iloc[-1]["median"] == -math.inf


def test_on_which_side_of_zero_exponents_are(one, read):
    said = spectrum.largest_exponents(read(one), TASK)
    assert "nearby states come together in the vanilla RNN, the LSTM and the GRU" in said
    one.put("rates", "lyapunov_max", 0.1, **HERE, cell="rnn")
    one.put("rates", "lyapunov_max", 0.2, **HERE, cell="gru", seed=0)
    said = spectrum.largest_exponents(read(one), TASK)
    assert "come together in the LSTM, they part in the vanilla RNN and the interval has both signs in the GRU" in said


def test_where_half_of_the_weight_gradient_comes_from(one, read):
    where = {**HERE, "cell": "gru", "variant": "default", "phase": TRAINED}
    one.put("gradients", "share", 0.0, **where)
    for lag, share in ((0, 0.2), (1, -0.2), (30, 1.0)):
        one.put("gradients", "share", share, **where, lag=lag)
    inputs = read(one)
    assert half_from(inputs, Setting(TASK, "gru", "default", 40), TRAINED).median == 31
    assert contribution.half(inputs, TASK).endswith("and the last 31 in the GRU.")
    one.put("gradients", "share", None, **where)
    assert not contribution.half(read(one), TASK).endswith("in the GRU.")
    one.put("rates", "cancellation", 3.5, **where)
    assert contribution.cancellation(read(one), TASK).endswith("and 3.50 in the GRU; 1 means that nothing cancels.")


def test_the_gates_alone_lose_more_or_less(one, read):
    where = {**HERE, "cell": "lstm", "variant": "default", "phase": INIT}
    one.put("rates", "rate_total", -0.1, **where)
    for path, said in (
        (-0.3, "add to it in the LSTM"),
        (-0.05, "take away from it in the LSTM"),
        (-0.1, "do not matter in the LSTM"),
    ):
        one.put("rates", "rate_gate_path", path, **where)
        one.put("rates", "rate_gate_path", -9.0, **{**where, "cell": "gru"})
        found = gates.paths(read(one), TASK, INIT)
        assert (
            f"nats a step: LSTM, gates alone {gates.nats(path)}, whole gradient −0.100; GRU, gates alone −9.00" in found
        )
        assert said in found or found.endswith("In both the other paths add to it.")
    one.put("rates", "rate_gate_path", -0.05, **where)
    assert gates.paths(read(one), TASK, INIT).endswith(
        "The other paths take away from it in the LSTM and add to it in the GRU."
    )
    assert "−0.313 nats a step" in gates.bias_alone(read(one))
    assert gates.bias_alone(read(study({TASK: [15]}, seeds=1, models=[("rnn", "default")]))) == ""


def test_horizons_at_the_start_early_and_trained_are_kept_apart(one, read):
    where = {**HERE, "cell": "lstm", "variant": "default"}
    for phase, value in ((INIT, 5), ("early", 7), (TRAINED, 9)):
        one.put("rates", "horizon", value, **where, phase=phase)
        one.put("rates", "horizon_censored", False, **where, phase=phase)
    one.put("rates", "horizon", 8, **where, phase="early", step=1000)
    one.put("rates", "horizon", 99, **where, phase=INIT, seed=4)
    found = horizons_over_steps(read(one), Setting(TASK, "lstm", "default", 40))
    steps = {at: (h.spread.median, h.n) for at, h in found.items() if h.spread}
    assert steps[INIT, 0] == (5, 3)
    assert steps["early", 100] == (7, 3)
    assert steps[TRAINED, -1] == (9, 3)
    assert steps.get(("early", 1000), (8, 3)) == (8, 3)


def test_seeds_that_had_ended_are_said(one, read):
    assert horizon.fewer_seeds(read(one)) == ""
    early = one.rows("rates", **VANILLA, phase="early", step=100, seed=2)
    for column in one.columns["rates"].values():
        del column[early[0]]
    assert horizon.fewer_seeds(read(one)).startswith("At 1 of ")


def test_the_definition_of_the_horizon_matters_or_not(one, read):
    assert horizon.crossings(read(one), TASK).startswith(
        "On “Adding problem” at T = 40 the first and the last crossing"
    )
    one.put("horizons", "horizon", 39, **VANILLA, crossing="last", threshold=0.1, phase=INIT)
    assert "rises above a threshold again in 5 of " in horizon.crossings(read(one), TASK)
    assert horizon.order(read(one), TASK).endswith("; after training no order of two cells depends on it.")
    for cell, threshold, value in (("lstm", 0.1, 3), ("lstm", 0.01, 30), ("gru", 0.1, 5), ("gru", 0.01, 20)):
        where = {**HERE, "cell": cell, "variant": "default", "phase": TRAINED, "threshold": threshold}
        one.put("horizons", "horizon", value, **where)
        one.put("horizons", "censored", False, **where)
    assert horizon.order(read(one), TASK).endswith(
        "; after training, which of the LSTM and the GRU reaches further depends on the definition."
    )


def test_reference_cases_that_fail_are_named(one, read):
    assert reference.agreement(read(one)) == "Met within their tolerance are all 3 values of 3 cases."
    one.put("reference", "ok", False, case="A3")
    one.put("reference", "measured", 2.0, case="A3")
    said = reference.agreement(read(one))
    assert said.startswith("Met within their tolerance are 2 of 3 values of 3 cases. Not met: A3 (")
    assert said.endswith(": 2.000 in place of 3.874).")
    one.columns["reference"] = {name: [] for name in one.columns["reference"]}
    assert reference.agreement(read(one)) == "This experiment has no reference cases."


def test_values_of_our_own_are_counted(one, read):
    assert reference.own(read(one)) == ""
    one.put("reference", "source", "computed for this study, 2000 draws", case="A2")
    assert reference.own(read(one)).startswith(
        "1 of the 3 values is neither: it was computed for this study beforehand"
    )
    one.put("reference", "source", "computed for this study", case="A3")
    assert reference.own(read(one)).startswith("2 of the 3 values are none of these: they were")
