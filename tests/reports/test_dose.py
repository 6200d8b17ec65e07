"""The chapter on the causal test: what a dose is, how horizon and learning go together, and words that follow."""

import json
import re

import pytest
from scipy import stats

import reports
from reports import dose, dose_response
from reports.figures import dose as dose_figures
from reports.sentences import dose as sentences
from reports.tabulate import dose as tables
from rnn.tasks import TASKS
from tests.reports.synthetic import study
from tests.reports.synthetic_doses import BIASES, GAINS, give

ORDER, ADDING = 50, 40
LENGTHS = {"order": ORDER, "adding": ADDING}
LAG = TASKS["order"].required_lag(ORDER)
SHORT, LONG = LAG, LAG + 1  # a horizon is the first lag with less than the threshold
SKILLS = (0.1, 0.3, 0.5, 0.7, 0.9)
SEEDS = 6


@pytest.fixture
def made():
    """A study of three cells on two tasks: gains on one length of "order", and on "adding" all unsolved."""
    found = study(
        {"adding": [15, ADDING], "order": [20, ORDER]},
        seeds=SEEDS,
        models=[("rnn", "default"), ("lstm", "default"), ("gru", "default")],
        initial_lengths={},
    )
    for task, horizon in (("order", (5, 10, SHORT, LONG, 45)), ("adding", (5, 10, 15, 20, 25))):
        set_gains(found, task, horizon=horizon, horizon_censored=(False,) * 5, skill=SKILLS, solved=(False,) * 5)
    return found


def set_gains(made, task="order", **columns):
    """Set columns of all gains on a task, of ``runs`` or of ``rates`` before training."""
    give(made, task, LENGTHS[task], "rnn", GAINS, **columns)


def the_trial(inputs, task="order", cell="rnn"):
    (found,) = (t for t in dose_response.trials(inputs) if (t.task, t.cell) == (task, cell))
    return found


def rows_of(figure, kind="median"):
    return [row for row in figure.spec["datasets"]["rows"] if row["kind"] == kind]


# --- what a dose is ---------------------------------------------------------------------------------------------------


def test_doses_are_variants_that_differ_in_the_gain_or_the_bias_alone(made, read):
    give(made, "order", ORDER, "lstm", (*BIASES, "chrono", "orthogonal", "clip-0"))
    give(made, "order", ORDER, "gru", ("bias-0", "default"))
    found = dose_response.trials(read(made))
    assert [(t.task, t.length, t.cell) for t in found] == [
        ("adding", ADDING, "rnn"),
        ("order", ORDER, "rnn"),
        ("order", ORDER, "lstm"),
    ]
    assert found[1].doses == tuple(zip(GAINS, (0.5, 0.9, 1.0, 1.2, 1.5), strict=True))
    assert found[2].doses == tuple(zip(BIASES, (-2.0, 0.0, 1.0, 2.0, 4.0), strict=True))
    assert [t.knob for t in found] == ["gain", "gain", "gate bias"]
    assert [t.required_lag for t in found] == [None, LAG, LAG]


def test_the_vanilla_cell_has_no_gate_bias_and_a_gated_cell_no_gain(made, read):
    give(made, "order", ORDER, "lstm", ("gain-0-5", "gain-1-5", "default"))
    assert dose_response.cells(read(made)) == ["rnn"]


# --- how horizon and learning go together -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("skills", "rho", "said"), [(SKILLS, 1.0, "more"), (SKILLS[::-1], -1.0, "less"), ((0.5,) * 5, None, "undefined")]
)
def test_the_correlation_has_the_direction_of_the_tables(made, read, skills, rho, said):
    set_gains(made, skill=skills)
    inputs = read(made)
    found = dose_response.correlation(inputs, the_trial(inputs))
    assert (None if found is None else (found.median, found.low, found.high, found.n)) == (
        None if rho is None else (pytest.approx(rho), pytest.approx(rho), pytest.approx(rho), SEEDS)
    )
    assert sentences.direction(inputs, the_trial(inputs)) == said
    words = sentences.response(inputs, "rnn")
    assert {
        "more": f"more was learned the longer the horizon on “adding” at T = {ADDING} (1.00) and “order” at T = ",
        "less": f"less was learned the longer the horizon on “order” at T = {ORDER} (−1.00)",
        "undefined": f"nothing can be said on “order” at T = {ORDER}, where all doses have one horizon or one result",
    }[said] in words
    counts = {"more": "In 2 of 2 trials", "less": "in 1 less.", "undefined": "in 0 less; in 1 no direction is seen."}
    assert counts[said] in sentences.summary(inputs)


def test_seeds_that_disagree_show_no_direction(made, read):
    for seed in range(0, SEEDS, 2):
        for variant, skill in zip(GAINS, SKILLS[::-1], strict=True):
            made.put("runs", "skill", skill, task="order", length=ORDER, cell="rnn", variant=variant, seed=seed)
    inputs = read(made)
    assert sentences.direction(inputs, the_trial(inputs)) == "open"
    assert f"no direction is seen on “order” at T = {ORDER} (0.00)" in sentences.response(inputs, "rnn")


def test_solved_runs_rank_by_their_updates_before_all_others(made, read):
    set_gains(made, solved=(True, True, True, True, False), steps=(100, 200, 300, 400, 500), skill=(0.95,) * 4 + (1,))
    inputs = read(made)
    assert dose_response.correlation(inputs, the_trial(inputs)).median == pytest.approx(-1)
    assert [level.dose for level in dose_response.best(inputs, the_trial(inputs))] == [0.5]


def test_one_seed_shows_no_direction(read):
    made = study({"order": [ORDER]}, seeds=1, models=[("rnn", "default")], initial_lengths={})
    set_gains(made, horizon=(5, 10, 15, 20, 25), skill=SKILLS, solved=(False,) * 5)
    inputs = read(made)
    assert dose_response.correlation(inputs, the_trial(inputs)).median == pytest.approx(1)
    assert sentences.direction(inputs, the_trial(inputs)) == "open"


# --- the best dose, and longer horizons that did not help -------------------------------------------------------------


def test_a_longer_horizon_that_learned_less_is_named(made, read):
    set_gains(made, skill=(0.1, 0.3, 0.9, 0.7, 0.2))
    inputs = read(made)
    assert [level.dose for level in dose_response.worse_though_longer(inputs, the_trial(inputs))] == [1.2, 1.5]
    said = sentences.response(inputs, "rnn")
    assert f"1 on “order” at T = {ORDER} (skill 0.90)" in said
    assert "A long horizon is not enough: less was learned, at a horizon at least as long as that of the best" in said
    assert f"1.2 and 1.5 on “order” at T = {ORDER}." in said


def test_what_one_seed_does_not_confirm_is_no_less(made, read):
    set_gains(made, skill=(0.1, 0.3, 0.9, 0.7, 0.2))
    made.put("runs", "skill", 0.99, task="order", length=ORDER, cell="rnn", variant="gain-1-5", seed=3)
    inputs = read(made)
    assert [level.dose for level in dose_response.worse_though_longer(inputs, the_trial(inputs))] == [1.2]


def test_a_best_dose_with_the_longest_horizon_leaves_nothing_to_name(made, read):
    inputs = read(made)
    assert dose_response.as_long_as_best(inputs, the_trial(inputs)) == []
    said = sentences.response(inputs, "rnn")
    assert said.endswith("No other dose is known to have had a horizon at least as long as the best.")


def test_a_longer_horizon_at_which_seeds_disagree_is_not_seen_to_be_less(made, read):
    set_gains(made, skill=(0.1, 0.3, 0.5, 0.9, 0.8))
    made.put("runs", "skill", 0.99, task="order", length=ORDER, cell="rnn", variant="gain-1-5", seed=3)
    said = sentences.response(read(made), "rnn")
    assert said.endswith("At no dose with a horizon at least as long as at the best was less seen to be learned.")


def test_a_censored_horizon_is_at_least_as_long_as_any_that_is_known(made, read):
    set_gains(made, horizon=(5, 10, 20, 50, 50), horizon_censored=(False, False, False, True, True))
    set_gains(made, skill=(0.1, 0.3, 0.9, 0.7, 0.2))
    made.put("rates", "rate_total", None, cell="rnn")  # which the horizons alone decide
    inputs = read(made)
    assert [level.dose for level in dose_response.worse_though_longer(inputs, the_trial(inputs))] == [1.2, 1.5]


@pytest.mark.parametrize(
    ("rates", "longer"),
    [((-0.2, -0.1, 0.1), [1.5]), ((0.1, -0.1, -0.2), [1.0]), ((-0.2, -0.1, -0.15), []), ((0.1, None, 0.2), [])],
)
def test_two_censored_horizons_are_compared_by_the_rate(made, read, rates, longer):
    set_gains(made, horizon=(5, 10, 50, 50, 50), horizon_censored=(False, False, True, True, True))
    set_gains(made, skill=(0.1, 0.3, 0.7, 0.9, 0.2), rate_total=(-0.5, -0.4, *rates))
    inputs = read(made)
    assert [level.dose for level in dose_response.worse_though_longer(inputs, the_trial(inputs))] == longer
    said = sentences.response(inputs, "rnn")
    assert ("A long horizon is not enough" in said) == bool(longer)
    assert ("No other dose is known to have had a horizon at least as long as the best." in said) == (not longer)


def put_skills(made, variant, skills):
    for seed, skill in enumerate(skills):
        made.put("runs", "skill", skill, task="order", length=ORDER, cell="rnn", variant=variant, seed=seed)


def test_of_two_middle_runs_the_lower_stands_for_a_dose(made, read):
    # half of the seeds solved: the mean of a skill and a solved run's rank would be above every skill
    set_gains(made, skill=(0.1, 0.2, 0.3, 0.4, 0.5))
    for seed in range(SEEDS // 2):
        made.put("runs", "solved", True, task="order", length=ORDER, cell="rnn", variant="default", seed=seed)
    inputs = read(made)
    assert [level.learned for level in dose_response.levels(inputs, the_trial(inputs))] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert [level.dose for level in dose_response.best(inputs, the_trial(inputs))] == [1.5]


def test_a_tie_goes_to_the_dose_with_more_seeds_solved(made, read):
    set_gains(made, solved=(False, False, True, True, True), steps=(100, 100, 200, 200, 200))
    made.put("runs", "solved", False, task="order", length=ORDER, cell="rnn", variant="default", seed=0)
    said = sentences.response(read(made), "rnn")
    assert f"1.2 or 1.5 on “order” at T = {ORDER} (6 of 6 seeds solved)" in said


def test_ties_with_different_results_are_told_with_each(made, read):
    put_skills(made, "gain-1-2", (0.1, 0.2, 0.9, 0.94, 0.95, 0.96))
    put_skills(made, "gain-1-5", (0.1, 0.2, 0.9, 0.9, 0.95, 0.96))
    assert f"1.2 (skill 0.92) or 1.5 (skill 0.90) on “order” at T = {ORDER}" in sentences.response(read(made), "rnn")


def test_where_nothing_beats_guessing_no_dose_is_best(made, read):
    made.put("runs", "skill", -0.1, task="adding", length=ADDING, cell="rnn")
    inputs = read(made)
    assert dose_response.best(inputs, the_trial(inputs, "adding")) == []
    assert f"On “adding” at T = {ADDING} no dose does better than the trivial predictor." in sentences.response(
        inputs, "rnn"
    )


# --- against the required lag -----------------------------------------------------------------------------------------


def test_runs_are_split_at_the_required_lag_and_tested_as_published(made, read):
    set_gains(made, solved=(False, False, True, True, True))
    inputs = read(made)
    found = dose_response.split(inputs, the_trial(inputs))
    assert (found.reaching, found.short) == ((2 * SEEDS, 2 * SEEDS), (SEEDS, 3 * SEEDS))
    # the hypergeometric probability of this table, and of those that are no more probable
    tables_of = stats.hypergeom(5 * SEEDS, 3 * SEEDS, 2 * SEEDS)
    at = tables_of.pmf(2 * SEEDS)
    every = [tables_of.pmf(k) for k in range(2 * SEEDS + 1)]
    assert found.p == pytest.approx(sum(p for p in every if p <= at * (1 + 1e-9)))
    row = tables.correlations(inputs).rows[1]
    assert row[:3] == (f"order, T = {ORDER}", "vanilla RNN", "5")
    assert row[5:8] == (str(LAG), "12/12", "6/18")
    assert "12 of 12 runs whose horizon was beyond the required lag before training and 6 of 18 of the others" in (
        sentences.at_required_lag(inputs, "rnn")
    )


def test_a_task_that_also_asks_for_near_steps_is_not_split(made, read):
    inputs = read(made)
    assert dose_response.split(inputs, the_trial(inputs, "adding")) is None
    assert tables.correlations(inputs).rows[0][5:] == ("–",) * 4


@pytest.mark.parametrize("solved", [False, True])
def test_there_is_no_test_where_nothing_could_differ(made, read, solved):
    set_gains(made, solved=(solved,) * 5)
    inputs = read(made)
    assert dose_response.split(inputs, the_trial(inputs)).p is None
    assert bool(sentences.at_required_lag(inputs, "rnn")) == solved


def test_runs_that_solved_from_a_short_horizon_are_counted_with_what_training_made_of_it(made, read):
    assert sentences.lengthened(read(made)) == ""
    set_gains(made, solved=(False, False, False, True, True))
    assert sentences.lengthened(read(made)) == "No run whose horizon was short of the required lag solved its task."
    set_gains(made, solved=(True, False, False, True, True))
    for seed in range(SEEDS):
        after = LONG if seed < 2 else SHORT
        at = {"task": "order", "length": ORDER, "cell": "rnn", "variant": "gain-0-5", "phase": "trained", "seed": seed}
        made.put("rates", "horizon", after, **at)
    assert sentences.lengthened(read(made)) == (
        "6 runs solved their task from a horizon short of the required lag; after training 2 of 6 have one beyond it."
    )


def test_a_run_without_a_horizon_is_on_neither_side(made, read):
    set_gains(made, solved=(False, False, True, True, True))
    at = {"task": "order", "length": ORDER, "cell": "rnn", "variant": "gain-1-5", "phase": "init", "seed": 0}
    made.put("rates", "horizon", None, **at)
    inputs = read(made)
    found = dose_response.split(inputs, the_trial(inputs))
    assert (found.reaching[1], found.short[1]) == (2 * SEEDS - 1, 3 * SEEDS)


# --- whether the dose sets the horizon --------------------------------------------------------------------------------


def test_steps_of_the_dose_are_counted_by_what_they_do_to_the_horizon(made, read):
    rising = (-0.5, -0.4, -0.3, -0.2, -0.1)
    set_gains(made, horizon=(5, 10, 8, 50, 50), horizon_censored=(False, False, False, True, True), rate_total=rising)
    set_gains(made, "adding", rate_total=rising)
    said = sentences.horizon_set(read(made), "rnn")
    assert said == (
        f"In the vanilla RNN the median horizon before training, in steps, is 5 at a gain of 0.5 and 25 at a gain of "
        f"1.5 on “adding” at T = {ADDING} and 5 and at least 50 on “order” at T = {ORDER}. Of 8 steps from one gain to "
        "the next 6 make it longer and 1 shorter, and 1 leaves it the same or beyond the lags that there are. The "
        "gradient’s rate, which has no such limit, rises at 8 of 8."
    )


def test_the_caption_of_the_horizons_counts_the_steps_of_all_cells_of_a_knob(made, read):
    for cell, horizons in (("lstm", (5, 10, 20, 30, 40)), ("gru", (5, 10, 10, 30, 20))):
        give(made, "order", ORDER, cell, BIASES, horizon=horizons, horizon_censored=(False,) * 5)
    caption = dose_figures.horizon_set(read(made), "gate bias").caption
    assert (
        "Of 8 steps from one gate bias to the next 6 make the median horizon longer and 1 shorter, and 1 leaves it the "
        "same or beyond the lags that there are."
    ) in caption


def test_networks_whose_gradient_grows_and_whose_states_part_are_counted_at_the_highest_dose(made, read):
    for task, sign in (("adding", 1), ("order", -1)):
        set_gains(made, task, rate_total=(0.1,) * 4 + (0.1 * sign,), lyapunov_max=(0.1,) * 4 + (-0.1 * sign,))
    n = SEEDS + 2  # draws
    assert sentences.set_besides(read(made)) == (
        f"At the highest dose, before training, the gradient grows with the lag instead of fading in {n} of {2 * n} "
        f"networks of the vanilla RNN (gain 1.5); nearby states part (the largest Lyapunov exponent is above zero) in "
        f"{n} of {2 * n} networks of the vanilla RNN."
    )


# --- figures, tables, and the whole -----------------------------------------------------------------------------------


def test_the_response_shows_shares_with_exact_intervals_where_a_run_is_solved_else_skills(made, read):
    set_gains(made, solved=(False, False, False, False, True))
    figure = dose_figures.response(read(made))
    panel = {row["dose"]: row for row in rows_of(figure) if row["panel"] == f"order, T = {ORDER}, solved"}
    assert [panel[f"gain {dose}"]["learned"] for dose in ("0.5", "0.9", "1", "1.2", "1.5")] == [0, 0, 0, 0, 1]
    assert panel["gain 1.5"]["low"] == pytest.approx(0.025 ** (1 / SEEDS), abs=1e-4)  # Clopper-Pearson, all solved
    assert panel["gain 0.5"]["high"] == pytest.approx(1 - 0.025 ** (1 / SEEDS), abs=1e-4)
    assert [row["horizon"] for row in panel.values()] == [5, 10, SHORT, LONG, 45]
    skills = [row["learned"] for row in rows_of(figure) if row["panel"] == f"adding, T = {ADDING}, skill"]
    assert skills == list(SKILLS)
    assert [(row["panel"], row["horizon"]) for row in rows_of(figure, "lag")] == [(f"order, T = {ORDER}, solved", LAG)]


def test_a_censored_median_is_hollow_at_its_bound(made, read):
    set_gains(made, horizon=(5, 10, 20, 50, 50), horizon_censored=(False, False, False, True, True))
    inputs = read(made)
    for figure in (dose_figures.response(inputs), dose_figures.horizon_set(inputs, "gain")):
        drawn = [
            (row["horizon"], row.get("censored", False)) for row in rows_of(figure) if row["panel"].startswith("order")
        ]
        assert drawn == [(5, False), (10, False), (20, False), (50, True), (50, True)]
    assert [row[1] for row in tables.levels(inputs, "rnn").rows][-5:] == ["5", "10", "20", "≥ 50", "≥ 50"]


def test_updates_are_those_until_half_of_all_seeds_are_solved_not_of_the_solved_alone(made, read):
    set_gains(made, solved=(True,) * 5, steps=(100, 200, 300, 400, 500))
    for variant, n in (("gain-0-9", SEEDS // 2 - 1), ("gain-1-2", SEEDS - 1)):  # how many seeds are solved
        for seed in range(n, SEEDS):
            made.put("runs", "solved", False, task="order", length=ORDER, cell="rnn", variant=variant, seed=seed)
    inputs = read(made)
    budget = inputs.provenance["configuration"]["tasks"]["order"]["steps"]
    updates = [row[5] for row in tables.levels(inputs, "rnn").rows][-5:]
    assert updates == ["100", f">{budget:,}", "300", "400", "500"]


def test_the_best_dose_is_bold(made, read):
    inputs = read(made)
    assert tables.levels(inputs, "rnn").emphasised == ((4, 0), (9, 0))
    set_gains(made, skill=(0.1, 0.9, 0.5, 0.7, 0.3))
    assert tables.levels(read(made), "rnn").emphasised == ((4, 0), (6, 0))


def test_claims_are_told_by_their_verdict_or_not_at_all(made, read):
    assert sentences.verdicts(read(made)) == ""
    claim = {"id": "horizon-dose-by-gain", "statement": "More is learned.", "estimate": 0.5, "ci_low": 0.4}
    claim |= {"ci_high": 0.6, "margin": 0.1, "verdict": "supported", "reason": "it is so", "popular": False}
    claim |= {"n": 10, "quantity": "rho", "side": "above", "unit": "seed", "test": "wilcoxon", "p_corrected": 0.01}
    made.claims = [claim]
    said = (
        "“More is learned.” {}: the mean rank correlation is 0.50 (0.40–0.60), where the claim asks for more than 0.1."
    )
    assert sentences.verdicts(read(made)) == said.format("Supported")
    made.claims = [claim | {"verdict": "inconclusive"}]
    assert sentences.verdicts(read(made)) == said.format("Inconclusive, since it is so")


def test_every_figure_is_drawn_with_its_words_and_nothing_that_the_page_would_set_otherwise(made, read):
    give(made, "order", ORDER, "lstm", BIASES)
    found = [figure for of_section in dose.figures(read(made)).values() for figure in of_section]
    assert [figure.name for figure in found] == ["dose-gain", "dose-gate-bias", "dose-response"]
    for figure in found:
        assert all(words.strip() for words in (figure.caption, figure.alt, figure.provenance))
        text = json.dumps(figure.spec, allow_nan=False, ensure_ascii=False)
        assert not any(word in text for word in ("W_hh", "CO2", "λ_max", "σ_max", "L_T"))


def test_what_is_undefined_stops_nothing(made, read):
    made.put("rates", "horizon", None, task="order", length=ORDER, cell="rnn", variant="gain-1-5")
    made.put("rates", "rate_total", None, cell="rnn")
    made.put("rates", "lyapunov_max", None, cell="rnn")
    inputs = read(made)
    assert [level.dose for level in dose_response.levels(inputs, the_trial(inputs))] == [0.5, 0.9, 1.0, 1.2]
    assert sentences.set_besides(inputs) == ""
    for found in (*tables.levels(inputs, "rnn").rows, *tables.correlations(inputs).rows):
        assert not re.search(r"nan|None|inf", " ".join(found))
    json.dumps([figure.spec for of in dose.figures(inputs).values() for figure in of if figure], allow_nan=False)


def test_the_chapter_is_printed_where_there_are_doses(made, tmp_path):
    made.write(tmp_path)
    reports.build(tmp_path, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "A causal test" in page
    assert 'data-spec="spec-dose-response"' in page


def test_without_doses_there_is_no_chapter(edition, unchanged):
    assert "A causal test" not in (edition / "report.html").read_text(encoding="utf-8")
    for kind in ("figures_of", "tables_of", "sentences"):
        found = {name: of for name, of in unchanged.document[kind].items() if name.startswith("dose_")}
        assert found
        assert not any(found.values())
