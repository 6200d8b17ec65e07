"""Chance on a test set, and the distance at which a model falls back to it, on tables made to order."""

from fractions import Fraction
from math import comb

import pytest

from reports import chance
from reports.chance import FallBack
from reports.inputs import Setting
from reports.sentences import distance
from reports.tabulate import text as text_tables
from tests.reports.synthetic import Synthetic, study
from tests.reports.text_cases import AT_CHANCE, DISTANCES, NAMES, reviews_alone


@pytest.fixture
def reviews() -> Synthetic:
    return reviews_alone()


@pytest.mark.parametrize(("n", "p"), [(10, 0.5), (30, 0.25), (200, 0.45), (1600, 0.5), (700, 0.497)])
def test_the_limit_of_chance_is_the_exact_binomial_one(n: int, p: float) -> None:
    right = Fraction(str(p))

    def at_most(errors: int) -> Fraction:
        return sum((comb(n, i) * right**i * (1 - right) ** (n - i) for i in range(errors + 1)), Fraction(0))

    limit = chance.most_errors(n, p)
    assert at_most(limit) <= chance.LEVEL < at_most(limit + 1)


def test_in_a_tiny_test_set_even_no_error_is_chance() -> None:
    assert chance.most_errors(4, 0.5) == -1
    assert chance.most_errors(5, 0.5) == 0


def test_a_seed_at_the_limit_is_above_chance_and_one_error_more_is_not(reviews, read) -> None:
    n = 1700
    limit = chance.most_errors(n, 0.5)
    for seed, errors in enumerate((limit, limit + 1, limit, 900)):
        reviews.put("runs", "value", errors / n, cell="gru", length=10, seed=seed)
    inputs = read(reviews)
    setting = Setting("reviews", "gru", "default", 10)
    assert chance.n_above(inputs, setting) == 2
    assert not chance.mostly_above(inputs, setting), "half of the seeds are not most"
    assert chance.limit(inputs, "reviews", 10) == limit / n


@pytest.mark.parametrize(
    ("above", "expected", "cell_of_table", "said"),
    [
        (DISTANCES, FallBack(None, (), False), "never within k = 50", "the GRU is still above chance at k = 50"),
        ([0, 10], FallBack(25, (), False), "k = 25", "the GRU falls back to chance at k = 25"),
        ([0, 10, 25], FallBack(50, (), False), "k = 50", "the GRU falls back to chance at k = 50"),
        ([], FallBack(0, (), True), "never above it", "the GRU is above chance at no distance"),
        (
            [0, 25],
            FallBack(50, (10,), False),
            "k = 50 (at chance also at k = 10)",
            "the GRU falls back to chance at k = 50 (and is at chance at k = 10 too)",
        ),
        (
            [50],
            FallBack(None, (0, 10, 25), False),
            "never within k = 50 (at chance also at k = 0, 10 and 25)",
            "the GRU is still above chance at k = 50 (and is at chance at k = 0, 10 and 25 too)",
        ),
    ],
)
def test_where_a_model_falls_back(reviews, read, above, expected, cell_of_table, said) -> None:
    for length in DISTANCES:
        if length not in above:
            reviews.put("runs", "value", AT_CHANCE, cell="gru", length=length)
    inputs = read(reviews)
    assert chance.fall_back(inputs, "reviews", "gru", "default") == expected
    table = text_tables.accuracies(inputs, "reviews")
    row = next(row for row in table.rows if row[0] == "GRU")
    assert row[-1] == cell_of_table
    bold = [DISTANCES[j - 1] for i, j in table.emphasised if table.rows[i][0] == "GRU"]
    assert bold == above
    sentence = distance.falls_back(inputs, "reviews")
    assert sentence.startswith("The vanilla RNN is still above chance at k = 50; ")
    assert sentence.endswith(f"; {said}.")


def test_models_that_were_not_trained_on_reviews_have_no_row(read) -> None:
    made = study({"adding": [15], "reviews": [0, 10]}, seeds=2)
    made.drop_variants("reviews")
    rows = text_tables.accuracies(read(made), "reviews").rows
    assert [row[0] for row in rows] == [*NAMES.values(), "majority class", "bag of words"]


def test_accuracies_are_printed_with_both_simple_predictors(reviews, read) -> None:
    reviews.put("runs", "value", 0.2345, cell="lstm", length=10)
    table = text_tables.accuracies(read(reviews), "reviews")
    rows = {row[0]: row[1:] for row in table.rows}
    assert table.header == ("model", "k = 0", "k = 10", "k = 25", "k = 50", "falls back to chance at")
    assert rows["LSTM"][:2] == ("70.0 (4/4)", "76.6 (4/4)")
    assert rows["majority class"] == ("50.0",) * 4 + ("–",)
    assert rows["bag of words"] == ("76.0",) * 4 + ("–",)
