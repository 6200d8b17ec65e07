"""The table of reference cases itself."""

import math

import pytest

from rnn import reference
from rnn.reference import ROWS, TITLES, Case, measure_cases
from rnn.reference.case import largest_deviation, relative_deviation
from tests.reference.rows import measured

ALL_ROWS = [f"A{n}" for n in range(1, 23)]


def test_every_row_has_cases_in_order():
    assert list(ROWS) == list(TITLES) == ALL_ROWS
    for row in ALL_ROWS:
        assert measured(row)
        assert {case.case for case in measured(row)} == {row}


def test_a_case_is_known_by_its_row_and_sentence():
    named = [(case.case, case.statement) for row in ALL_ROWS for case in measured(row)]
    assert len(named) == len(set(named))


def test_sentences_sources_and_numbers():
    """Sentences end with a full stop, numbers are plain and finite, tolerances are given."""
    for row in ALL_ROWS:
        for case in measured(row):
            assert case.statement.endswith("."), case
            assert case.statement == " ".join(case.statement.split()), case
            assert case.source, case
            assert case.tolerance >= 0, case
            numbers = (case.expected, case.measured, case.tolerance)
            assert all(isinstance(number, int | float) and math.isfinite(number) for number in numbers), case


def test_a_wider_tolerance_is_explained():
    wider = [case for case in measured("A7") if "noise variance" in case.statement and case.tolerance > 0.005]
    assert [case.expected for case in wider] == [0.065217]
    assert wider[0].statement.endswith(
        "; the tolerance is wider, because fluctuations are slow near the onset of chaos."
    )


def test_measure_cases_joins_the_rows(monkeypatch):
    cases = {row: [Case(row, "One.", 1, 1, 0, "here"), Case(row, "Two.", 2, 3, 0, "here")] for row in ("A1", "A2")}
    monkeypatch.setattr(reference, "ROWS", {row: lambda found=found: found for row, found in cases.items()})
    assert measure_cases() == cases["A1"] + cases["A2"]


@pytest.mark.parametrize(
    ("value", "ok"),
    [(1.0, True), (1.25, True), (0.75, True), (1.26, False), (math.nan, False), (math.inf, False)],
)
def test_ok_is_within_the_tolerance(value, ok):
    assert Case("A1", "One.", 1, value, 0.25, "here").ok is ok


@pytest.mark.parametrize(
    ("found", "right", "deviation"),
    [([1.0, 2.0], [1.5, 2.0], 0.5), ([0.0, -3.0], [0.0, 1.0], 4.0), ([math.nan, 1.0], [1.0, 1.0], math.nan)],
)
def test_largest_deviation(found, right, deviation):
    assert largest_deviation(found, right) == pytest.approx(deviation, nan_ok=True)


def test_relative_deviation():
    assert relative_deviation([1.0, -7.0], [1.0, -8.0]) == 1 / 8
