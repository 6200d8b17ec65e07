"""Claims: supported by tables in which they are true, refuted by others, decided by no fewer units than needed."""

import json
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from reports import claims
from reports.claims import INCONCLUSIVE, REFUTED, SUPPORTED, Evidence, decide, load
from reports.claims.inference import TESTS, logrank, wilcoxon
from reports.claims.verdict import holm
from reports.tables import TABLES
from tests.reports.claim_cases import CASES, ENOUGH, LENGTHS, TOO_FEW, write

CLAIMS = {claim.id: claim for claim in load()}
ROW = {"id", "statement", "popular", "quantity", "side", "margin", "test", "unit", "n", "estimate", "ci_low", "ci_high"}
ROW |= {"p", "p_corrected", "verdict", "reason"}
POPULAR = 6  # statements that DESIGN section 6 names


@pytest.fixture
def decided(tmp_path):
    """Return what one claim comes to in tables of its own."""

    def decide_one(claim, columns, seeds):
        rows, lacking = decide([claim], Evidence.read(write(tmp_path, claim, columns, seeds)))
        assert not lacking
        return rows[0]

    return decide_one


def test_there_are_enough_claims_and_each_has_its_cases():
    assert set(CASES) == set(CLAIMS)
    assert len(CLAIMS) >= 15
    assert sum(claim.popular for claim in CLAIMS.values()) == POPULAR


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_is_supported_where_it_is_true(decided, name):
    row = decided(CLAIMS[name], CASES[name][0], ENOUGH[CLAIMS[name].test])
    assert row["verdict"] == SUPPORTED, row
    assert row["p"] < 0.05


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_is_refuted_where_it_is_false(decided, name):
    row = decided(CLAIMS[name], CASES[name][1], ENOUGH[CLAIMS[name].test])
    assert row["verdict"] == REFUTED, row
    assert row["ci_low"] <= row["estimate"] <= row["ci_high"]
    assert (row["ci_high"] < row["margin"]) if row["side"] == "above" else (row["ci_low"] > row["margin"])


@pytest.mark.parametrize("name", CLAIMS)
@pytest.mark.parametrize("case", [0, 1], ids=["true", "false"])
def test_too_few_units_decide_nothing(decided, name, case):
    claim = CLAIMS[name]
    row = decided(claim, CASES[name][case], TOO_FEW[claim.test])
    assert row["verdict"] == INCONCLUSIVE, row
    assert row["reason"].endswith("cannot decide")


def test_the_correction_decides_how_many_units_are_needed(tmp_path):
    """Six seeds give p = 1/32, which is enough for one claim and not for two."""
    claim = CLAIMS["orthogonal-lasts-longer"]
    evidence = Evidence.read(write(tmp_path, claim, CASES[claim.id][0], 6))
    twin = claim.model_copy(update={"id": "twin"})
    assert [row["verdict"] for row in decide([claim], evidence)[0]] == [SUPPORTED]
    rows, _ = decide([claim, twin], evidence)
    assert [(row["p"], row["p_corrected"], row["verdict"]) for row in rows] == [(1 / 32, 1 / 16, INCONCLUSIVE)] * 2
    assert rows[0]["reason"] == "6 observations cannot decide"


def test_holm():
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}) == pytest.approx(
        {"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06}
    )
    assert holm({"a": 0.9, "b": 0.8}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


@pytest.mark.parametrize("test", TESTS)
def test_what_lies_at_the_margin_on_both_sides_is_inconclusive(test):
    x = {
        "binomial": np.repeat([0.0, 1.0], 10),
        "mcnemar": np.repeat([-1.0, 1.0], 10),
        "logrank": np.tile(np.arange(10.0), (2, 1)),
    }.get(test, np.linspace(-1, 2, 20))
    found = TESTS[test](x, 0.5, np.random.default_rng(0))
    assert found.low < 0.5 < found.high
    assert found.p > 0.5


@pytest.mark.parametrize("test", TESTS)
def test_one_unit_has_an_estimate_and_decides_nothing(test):
    x = np.array([[1.0], [2.0]]) if test == "logrank" else np.array([1.0])
    found = TESTS[test](x, 0.5, np.random.default_rng(0))
    assert found.low <= found.estimate <= found.high
    assert found.p > 0.05
    assert found.least > 0.05


def test_times_that_are_all_the_same_speak_for_no_side():
    found = logrank(np.full((2, 10), 300.0), 0.5, np.random.default_rng(0))
    assert (found.above, found.below, found.p, found.estimate) == (1, 1, 1, 0.5)


def test_nothing_is_learned_from_runs_of_which_none_solved():
    found = logrank(np.full((2, 10), np.inf), 0.5, np.random.default_rng(0))
    assert (found.estimate, found.low, found.high, found.p, found.decisive) == (0.5, 0.5, 0.5, 1, 0)


def test_units_at_the_margin_speak_for_no_side():
    found = wilcoxon(np.full(10, 0.5), 0.5, np.random.default_rng(0))
    assert (found.n, found.decisive, found.p, found.least) == (10, 0, 1, 1)


def test_no_claim_of_the_experiment_depends_on_the_order_of_its_rows(tmp_path):
    claim = CLAIMS["trained-horizon-goes-with-learning"]
    found = Evidence.read(write(tmp_path, claim, CASES[claim.id][0], 12))
    turned = Evidence(*(getattr(found, name).iloc[::-1] for name in ("runs", "rates", "gradients", "phase")))
    assert decide([claim], found) == decide([claim], turned)


@pytest.mark.parametrize(
    ("name", "other", "lacks"),
    [
        ("orthogonal-lasts-longer", "slopes-shrink", "no run on adding has rnn/orthogonal"),
        ("clipping-cures-vanishing", "slopes-shrink", "no run on any one task has rnn/clip-0"),
        ("chrono-sooner", "lstm-solves-more", "no run on order has lstm/chrono and lstm/default"),
        ("tanh-cannot-explode", "bound-is-not-boundary", "there is no phase diagram of tanh"),
    ],
)
def test_missing_data_are_said(tmp_path, name, other, lacks):
    evidence = Evidence.read(write(tmp_path, CLAIMS[other], CASES[other][0], 12))
    assert decide([CLAIMS[name]], evidence) == ([], {name: lacks})


def test_a_claim_without_any_unit_is_left_out(tmp_path):
    claim = CLAIMS["sigma-max-explodes"]
    columns = CASES[claim.id][0] | {"rates.w_sigma_max": lambda row: 0.5}
    rows, lacking = decide([claim], Evidence.read(write(tmp_path, claim, columns, 12)))
    assert rows == []
    assert lacking[claim.id].startswith("there is no untrained network with sigma_max above 1")


@pytest.mark.parametrize("name", CLAIMS)
def test_values_that_are_not_defined_are_no_observations(tmp_path, name):
    claim = CLAIMS[name]
    undefined = [column for column in claim.needs.columns if nullable(column)]
    empty = dict.fromkeys(undefined, lambda row: None)
    rows, lacking = decide([claim], Evidence.read(write(tmp_path, claim, CASES[name][0] | empty, 3)))
    assert rows == [] if undefined else len(rows) == 1
    assert list(lacking) == [name] if undefined else lacking == {}


def nullable(column: str) -> bool:
    table, _, name = column.partition(".")
    return TABLES[table].schema.field(name).nullable


@pytest.mark.parametrize(
    "name", ["sigmoid-vanishes-faster", "orthogonal-lasts-longer", "lstm-solves-more", "chrono-sooner"]
)
def test_the_greatest_length_is_one_that_all_models_have(tmp_path, name):
    """An ablation may stand at one length only, beside a default that has greater ones."""
    whole = Evidence.read(write(tmp_path, CLAIMS[name], CASES[name][0], 12))
    cell, variant = CLAIMS[name].needs.models[0].split("/")

    def shortened(frame):
        return frame[(frame.length == LENGTHS[0]) | (frame.cell != cell) | (frame.variant != variant)]

    ((row,), _), ((other,), _) = (
        decide([CLAIMS[name]], evidence)
        for evidence in (whole, replace(whole, runs=shortened(whole.runs), rates=shortened(whole.rates)))
    )
    assert (other["n"], other["verdict"]) == (row["n"], SUPPORTED)


def test_a_statistic_gets_only_what_its_claim_names(tmp_path):
    claim = CLAIMS["slopes-shrink"]
    own = Evidence.read(write(tmp_path, claim, CASES[claim.id][0], 2)).of(claim.needs)
    assert list(own.rates) == ["task", "cell", "variant", "length", "seed", "phase", "step", "rate_slopes"]
    assert list(own.runs) == ["task", "cell", "variant", "length", "seed"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("statistic: slopes_rate", "statistic: slope_rate", "no statistic 'slope_rate'"),
        ("test: wilcoxon", "test: guess", "no test 'guess'"),
        ("models: [rnn/linear]", "models: [lstm/linear]", "no model 'lstm/linear'"),
        ("columns: [rates.rate_slopes]", "columns: [rates.slopes]", "no column 'rates.slopes'"),
        ("tasks: [order]", "tasks: [orders]", "no task 'orders'"),
        ("test: mcnemar\n  side: above\n  margin: 0.5", "test: mcnemar\n  side: above\n  margin: 0.6", "against 0.5"),
        ("id: slopes-shrink", "id: linear-rate", "linear-rate twice"),
        ("side: below", "side: beside", "above"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path, old, new, message):
    text = claims.claim.FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "claims.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load(file)


def test_the_step_writes_the_same_file_twice(tmp_path):
    claim = CLAIMS["sigma-max-explodes"]
    write(tmp_path, claim, CASES[claim.id][1], 12)
    command = [sys.executable, "-m", "workflow.steps.claims", "--results", str(tmp_path)]
    texts = []
    for _ in range(2):
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        texts.append((tmp_path / "claims.json").read_bytes())
    assert texts[0] == texts[1]
    rows = {row["id"]: row for row in json.loads(texts[0])}
    assert rows[claim.id]["verdict"] == REFUTED
    assert all(set(row) == ROW for row in rows.values())
    assert "chrono-sooner is left out: no run on order has lstm/chrono and lstm/default." in said
    assert re.search(r"\d+ claims: \d+ supported, \d+ refuted, \d+ inconclusive; \d+ left out\n$", said)
