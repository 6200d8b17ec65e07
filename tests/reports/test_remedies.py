"""The chapter on remedies: where they stand, pairs against the default, words that follow."""

import json
from copy import deepcopy

import pytest

import reports
from reports import ablations, remedies
from reports.ablations import Pairs
from reports.figures import remedies as figures
from reports.figures import truncation
from reports.inputs import Setting
from reports.learning import beyond_window
from reports.names import INIT, TRAINED
from reports.sentences import remedies as sentences
from reports.tabulate import remedies as tables
from tests.reports.synthetic import study
from tests.reports.synthetic_remedies import CELLS, REMEDIES, add, with_remedies

ORTHOGONAL = Setting("adding", "rnn", "orthogonal", 40)
NO_CLIPPING = Setting("adding", "rnn", "clip-0", 40)


@pytest.fixture(scope="module")
def original():
    return with_remedies()


@pytest.fixture
def made(original):
    return deepcopy(original)


def where(setting):
    return {"task": setting.task, "cell": setting.cell, "variant": setting.variant, "length": setting.length}


def put_runs(made, setting, solved, steps, skill=0.5):
    """Set how the runs of a setting ended, seed by seed."""
    for seed, (one, at) in enumerate(zip(solved, steps, strict=True)):
        for column, value in {
            "solved": one,
            "steps": at,
            "skill": skill,
            "stopped_by": "solved" if one else "budget",
        }.items():
            made.put("runs", column, value, **where(setting), seed=seed)


def test_remedies_stand_beside_the_default_where_more_than_an_activation_or_a_dose_was_trained(made, read):
    made.drop_variants("reviews", but=("default", "bias-0"))
    inputs = read(made)
    assert ablations.tasks(inputs) == ["adding", "order"]
    assert ablations.lengths(inputs, "adding", "lstm") == [20, 40]
    assert ablations.remedies(inputs, "adding", "lstm", 40) == ["bias-0", "no-forget", "truncated-20"]
    assert len(ablations.every_setting(inputs)) == 2 * 2 * len(REMEDIES)


def test_the_overview_has_of_each_cell_the_length_at_which_most_remedies_were_trained(made, read):
    for name in ("runs", "rates", "curves", "gradients", "horizons", "spectra"):
        columns = made.columns[name]
        dropped = set(made.rows(name, task="adding", cell="lstm", variant="no-forget", length=40))
        made.columns[name] = {c: [v for i, v in enumerate(of) if i not in dropped] for c, of in columns.items()}
    inputs = read(made)
    assert ablations.main_length(inputs, "adding", "lstm") == 20
    assert ablations.main_length(inputs, "adding", "rnn") == 40
    assert "adding at T = 40 (vanilla RNN and GRU) and T = 20 (LSTM)" in figures.reach(inputs).caption


@pytest.mark.parametrize(
    ("solved", "steps", "expected"),
    [
        ([True] * 8, [500] * 8, Pairs(8, 8, 0, 2 / 2**8)),
        ([True] * 4 + [False] * 4, [900] * 4 + [4000] * 4, Pairs(8, 4, 4, 1.0)),
        ([True] * 8, [4000] * 4 + [900] * 4, Pairs(8, 4, 4, 1.0)),
        ([False] * 8, [4000] * 8, Pairs(8, 0, 4, 2 / 2**4)),
        ([False] * 4 + [True] * 4, [4000] * 4 + [800] * 4, Pairs(8, 0, 0, 1.0)),
    ],
)
def test_a_run_that_is_solved_sooner_is_better_and_one_that_is_not_is_worse(made, read, solved, steps, expected):
    put_runs(made, ablations.default_of(ORTHOGONAL), [False] * 4 + [True] * 4, [4000] * 4 + [800] * 4)
    put_runs(made, ORTHOGONAL, solved, steps)
    assert ablations.learning(read(made), ORTHOGONAL) == expected


def test_runs_that_are_not_solved_are_ranked_by_their_skill(made, read):
    put_runs(made, ablations.default_of(ORTHOGONAL), [False] * 8, [4000] * 8, skill=0.2)
    put_runs(made, ORTHOGONAL, [False] * 8, [4000] * 8, skill=0.3)
    assert ablations.learning(read(made), ORTHOGONAL).verdict == 1


def test_pairs_are_of_one_seed(made, read):
    """All differences vanish when the same values are dealt to the same seeds, and not when dealt to others."""
    setting = Setting("reviews", "gru", "reset-before", 50)
    default = [0.1 * seed for seed in range(8)]
    for seed, skill in enumerate(default):
        made.put("runs", "skill", skill, **where(ablations.default_of(setting)), seed=seed)
        made.put("runs", "skill", skill, **where(setting), seed=seed)
    assert ablations.learning(read(made), setting) == Pairs(8, 0, 0, 1.0)
    for seed, skill in enumerate(default):
        made.put("runs", "skill", skill, **where(setting), seed=(seed + 1) % 8)
    assert ablations.learning(read(made), setting) == Pairs(8, 1, 7, pytest.approx(2 * 9 / 2**8))


def test_a_censored_horizon_is_longer_than_any_other_and_ties_with_a_censored_one(made, read):
    default = where(ablations.default_of(ORTHOGONAL))
    for names, horizon, censored in ((default, 40, True), (where(ORTHOGONAL), 39, False)):
        made.put("rates", "horizon", horizon, **names, phase="trained")
        made.put("rates", "horizon_censored", censored, **names, phase="trained")
    assert ablations.horizons(read(made), ORTHOGONAL, TRAINED) == Pairs(8, 0, 8, 2 / 2**8)
    made.put("rates", "horizon_censored", True, **where(ORTHOGONAL), phase="trained")
    assert ablations.horizons(read(made), ORTHOGONAL, TRAINED) == Pairs(8, 0, 0, 1.0)


def test_a_seed_without_a_horizon_makes_no_pair(made, read):
    made.put("rates", "horizon", None, **where(ORTHOGONAL), phase="trained", seed=3)
    made.put("rates", "horizon_censored", None, **where(ORTHOGONAL), phase="trained", seed=3)
    assert ablations.horizons(read(made), ORTHOGONAL, TRAINED).n == 7


@pytest.mark.parametrize(("seeds", "enough"), [(5, False), (6, True)])
def test_with_five_seeds_no_difference_can_be_seen_and_the_text_says_so(read, seeds, enough):
    said = sentences.how_seen(read(with_remedies(seeds)))
    assert "at least 6 pairs that all point the same way" in said
    assert ("more than the 5 seeds of this experiment can give" not in said) is enough


def test_where_nothing_differs_the_text_says_so(made, read):
    inputs = read(made)
    assert sentences.effects(inputs, "matrix") == [
        "No difference from the default is seen anywhere: vanilla RNN, orthogonal."
    ]
    assert sentences.clipping_reach(inputs) == (
        "Clipping is seen to lengthen the memory horizon of trained networks in none of 6 comparisons."
    )
    assert sentences.divergence(inputs).startswith("No run diverged, neither without clipping nor with it, in 48 pairs")
    assert "better than the default’s in 0 and worse in 0." in sentences.learned_in_all(inputs)


def test_what_a_remedy_changes_is_said_with_its_numbers_and_its_direction(made, read):
    made.put("rates", "horizon", 9, **where(ORTHOGONAL), phase="init")
    put_runs(made, ORTHOGONAL, [True] * 8, [500] * 8)
    put_runs(made, ablations.default_of(ORTHOGONAL), [False] * 8, [4000] * 8)
    made.put("rates", "horizon", 7, **where(ablations.default_of(ORTHOGONAL)), phase="init")
    assert sentences.effects(read(made), "matrix") == [
        "Vanilla RNN, orthogonal: the memory horizon before training is longer on “adding” at T = 40 (9 against 7 "
        "steps; pairs 10 to 0); what is learned is better on “adding” at T = 40 (8 of 8 seeds solved against 0; pairs "
        "8 to 0); no difference is seen in the memory horizon after training."
    ]
    made.put("rates", "horizon", 5, **where(ORTHOGONAL), phase="init")
    put_runs(made, ORTHOGONAL, [False] * 8, [4000] * 8, skill=-0.5)
    (said,) = sentences.effects(read(made), "matrix")
    assert "before training is shorter on “adding” at T = 40 (5 against 7 steps; pairs 0 to 10)" in said
    assert "what is learned is worse on “adding” at T = 40 (median skill −0.50 against 0.50; pairs 0 to 8)" in said


def test_of_training_alone_no_horizon_before_training_is_told(made, read):
    made.put("rates", "horizon", 1, **where(NO_CLIPPING), phase="init")
    assert sentences.effects(read(made), "clipping") == [
        "No difference from the default is seen anywhere: vanilla RNN, no clipping; vanilla RNN, clipped at 0.1."
    ]


@pytest.mark.parametrize(("bare", "said"), [(3, "in 1 of 6"), (30, "in none of 6 comparisons, and to shorten it in 1")])
def test_whether_clipping_lengthens_the_horizon_follows_the_pairs(made, read, bare, said):
    for names, horizon in ((where(ablations.default_of(NO_CLIPPING)), 12), (where(NO_CLIPPING), bare)):
        made.put("rates", "horizon", horizon, **names, phase="trained")
        made.put("rates", "horizon_censored", False, **names, phase="trained")
    assert said in sentences.clipping_reach(read(made))


@pytest.mark.parametrize(
    ("bare", "usual", "said"),
    [
        (8, 0, "Without clipping 8 of 48 runs diverged, with it 0, so clipping prevents it"),
        (0, 8, "Without clipping 0 of 48 runs diverged, with it 8, so clipping causes it"),
        (2, 0, "Without clipping 2 of 48 runs diverged, with it 0, and no difference is seen"),
    ],
)
def test_whether_clipping_prevents_divergence_follows_the_pairs(made, read, bare, usual, said):
    for names, n in ((where(NO_CLIPPING), bare), (where(ablations.default_of(NO_CLIPPING)), usual)):
        for seed in range(n):
            made.put("runs", "status", "diverged", **names, seed=seed)
    inputs = read(made)
    assert sentences.divergence(inputs).startswith(said)
    assert sentences.divergence(inputs).endswith(f"p = {'0.50' if bare == 2 else '0.0078'}).")


def test_the_share_of_clipped_updates_and_the_threshold_are_those_of_the_experiment(made, read):
    made.put("curves", "clipped", 0.25, cell="rnn", variant="default")
    made.put("curves", "clipped", 1.0, cell="rnn", variant="clip-0-1")
    inputs = read(made)
    assert sentences.clipped(inputs) == (
        "Clipping shortens the gradient in 25 % of the updates of the vanilla RNN (100 % with a threshold of 0.1)."
    )
    assert sentences.threshold(inputs) == "The default of this experiment clips at a norm of 1."
    made.provenance["configuration"]["tasks"]["order"]["clip"] = 2.5
    assert sentences.threshold(read(made)) == (
        "The default of this experiment clips at a norm of 1 on “adding” and “reviews” and at a norm of 2.5 on “order”."
    )


def test_evidence_is_beyond_the_window_where_no_gradient_of_it_arrives(made, read):
    """Of 20 steps the farthest stands 19 before the loss; the nearest relevant symbol of "order" at 50 stands 20."""
    setting = Setting("order", "lstm", "truncated-20", 50)
    assert beyond_window(setting.task, setting.variant, setting.length)
    assert not beyond_window("reviews", "truncated-20", 19)
    assert beyond_window("reviews", "truncated-20", 20)
    assert beyond_window("adding", "truncated-20", 200) is None
    put_runs(made, ablations.default_of(setting), [True] * 8, [500] * 8)
    put_runs(made, setting, [True] * 3 + [False] * 5, [500] * 3 + [4000] * 5)
    beyond, inside = sentences.window(read(made)).split(" Where ")
    assert beyond.startswith("Where the nearest evidence stands beyond the window of 20 steps, no gradient leads back")
    assert "“order” at T = 50, a lag of 20, solved are 3 of 8 seeds of the LSTM (8 with the whole gradient)" in beyond
    assert "“reviews” at k = 50, a lag of 50, above chance are " in beyond
    assert "“order” at T = 20" in inside


def test_the_figure_of_the_window_needs_lags_on_both_of_its_sides(made, read):
    figure = truncation.by_required_lag(read(made))
    rows = [row for row in figure.spec["datasets"]["rows"] if row["kind"] == "accuracy" and "truncated" in row]
    assert {(row["panel"], row["lag"]) for row in rows} == {
        ("reviews", 10),
        ("reviews", 50),
        ("order", 8),
        ("order", 20),
    }
    alone = study({"order": [50], "reviews": [50]}, seeds=3, models=CELLS)
    add(alone, "lstm", "truncated-20", ("order", "reviews"))
    assert truncation.by_required_lag(read(alone)) is None


def test_a_row_of_the_table_is_what_the_runs_say(made, read):
    put_runs(made, ablations.default_of(ORTHOGONAL), [True] * 3 + [False] * 5, [500] * 3 + [4000] * 5)
    put_runs(made, ORTHOGONAL, [True] * 8, [600] * 4 + [700] * 4, skill=0.98)
    made.put("runs", "learning_rate", 1e-2, **where(ORTHOGONAL))
    made.put("runs", "status", "diverged", **where(ORTHOGONAL), seed=0)
    for phase, horizon, censored in ((INIT, 12, False), (TRAINED, 40, True)):
        made.put("rates", "horizon", horizon, **where(ORTHOGONAL), phase=phase)
        made.put("rates", "horizon_censored", censored, **where(ORTHOGONAL), phase=phase)
    table = tables.beside_default(read(made), "adding")
    _, row = (i for i, row in enumerate(table.rows) if row[0] == "orthogonal")
    assert table.rows[row][1:] == ("12 → ≥ 40", "8/8", "650", "0.98", "0.01", "10 %", "1", "5 : 3, p = 0.73")
    _, default = (row for row in table.rows if row[0] == "tanh")
    assert default[2:4] == ("3/8", ">4,000")
    assert (row, 8) not in table.emphasised
    assert [words for _, words in table.headings][:2] == ["vanilla RNN, T = 20", "vanilla RNN, T = 40"]
    put_runs(made, ORTHOGONAL, [True] * 8, [400] * 8)
    assert (row, 8) in tables.beside_default(read(made), "adding").emphasised


def test_a_table_without_a_criterion_has_no_columns_of_what_is_solved(made, read):
    table = tables.beside_default(read(made), "reviews")
    assert "solved" not in table.header
    assert all(len(row) == len(table.header) for row in table.rows)


def test_shares_have_their_exact_interval_and_horizons_their_bound(made, read):
    put_runs(made, ORTHOGONAL, [True] * 8, [500] * 8)
    made.put("rates", "horizon", 40, **where(ORTHOGONAL), phase="trained")
    made.put("rates", "horizon_censored", True, **where(ORTHOGONAL), phase="trained")
    inputs = read(made)
    (row,) = rows_of(figures.learned(inputs), "vanilla RNN, orthogonal", "adding")
    # Clopper and Pearson, all of n: the lower end is (alpha / 2)^(1/n)
    assert (row["low"], row["value"], row["high"]) == (pytest.approx(0.025 ** (1 / 8), abs=1e-4), 1, 1)
    before, after = rows_of(figures.reach(inputs), "vanilla RNN, orthogonal", "adding")
    assert (before["series"], after["series"]) == ("before training", "after training")
    assert (after["censored"], after["value"], after["words"]) == (True, 40, "at least 40")


def rows_of(figure, row, panel):
    return [of for of in figure.spec["datasets"]["rows"] if (of["row"], of["panel"]) == (row, panel)]


def test_every_figure_has_its_words_and_nothing_that_the_page_would_set_otherwise(made, read):
    found = [figure for of_section in remedies.figures(read(made)).values() for figure in of_section]
    assert [figure.name for figure in found] == ["remedies-horizon", "remedies-learned", "remedies-window"]
    for figure in found:
        assert all(words.strip() for words in (figure.caption, figure.alt, figure.provenance))
        text = json.dumps(figure.spec, allow_nan=False, ensure_ascii=False)
        assert not any(word in text for word in ("W_hh", "CO2", "λ_max", "σ_max", "L_T"))


@pytest.mark.parametrize("parts", [(), ("orthogonal",), ("truncated-20",), ("clip-0",)])
def test_each_part_stands_where_its_remedies_were_trained(tmp_path, parts):
    made = study({"order": [20]}, seeds=2, models=CELLS)
    for variant in parts:
        add(made, "lstm", variant, ("order",))
    made.write(tmp_path)
    reports.build(tmp_path, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert ("Does a longer reach help?" in page) is bool(parts)
    for variant, heading in {
        "orthogonal": "Where the recurrent matrix and the slopes start",
        "truncated-20": "Truncated back-propagation",
        "clip-0": "</span> Clipping<",
        "bias-0": "The bias of the gate that keeps",
        "no-forget": "Older and other forms of the cells",
    }.items():
        assert (heading in page) is (variant in parts), heading
