"""How much each word matters: shares, the chosen sentence, sentences that turn, and what is drawn."""

import math
from itertools import pairwise
from typing import Any

import pytest

from reports import attributions, real_text
from reports.figures.typeset import in_lines
from reports.inputs import Inputs, Setting
from reports.sentences import attribution
from reports.tabulate import text as text_tables
from tests.reports.synthetic import Synthetic, study
from tests.reports.text_cases import AT_CHANCE, MODELS, NAMES, reviews_alone, weigh


@pytest.fixture
def reviews() -> Synthetic:
    return reviews_alone()


def test_the_share_of_the_last_tokens_is_that_of_the_sum_of_norms(reviews, read) -> None:
    even = [1.0] * 20
    steep = [0.0] * 14 + [1.0, 1.0, 1.0, 1.0, 1.0, 5.0]  # 9 of 10 on the last five
    weigh(reviews, {"rnn": {0: steep, 1: steep, 7: even}, "gru": {0: even, 1: even, 7: even}}, "reviews", 0)
    inputs = read(reviews)
    rnn, gru = (Setting("reviews", cell, "default", 0) for cell in ("rnn", "gru"))
    assert attributions.share_of_last(inputs, rnn, 5).median == pytest.approx(0.9)
    assert attributions.share_before_last(inputs, rnn, 5, inputs.seeds).median == pytest.approx(0.1)
    assert attributions.share_of_last(inputs, gru, 5).median == pytest.approx(0.25)
    assert attributions.share_of_last(inputs, Setting("reviews", "lstm", "default", 0), 5) is None
    assert attribution.short_sighted(inputs, "reviews", 0, "word") == (
        "Of the sum of all norms the last 5 words hold 90 % in the vanilla RNN and 25 % in the GRU (medians over "
        "the 3 stored sequences); it would be 25 % if every word mattered the same. Most short-sighted is the vanilla "
        "RNN."
    )
    weigh(reviews, {"rnn": {0: even}, "gru": {0: even}}, "reviews", 0)
    assert attribution.short_sighted(read(reviews), "reviews", 0, "word").endswith(
        "The cells differ by less than 5 % of the sum."
    )


def test_norms_far_below_the_smallest_float_still_have_their_shares(reviews, read) -> None:
    weigh(reviews, {"rnn": {0: [1.0, 3.0]}}, "reviews", 0)
    columns = reviews.columns["attribution"]
    columns["log10_norm"] = [value - 5000 for value in columns["log10_norm"]]
    share = attributions.share_of_last(read(reviews), Setting("reviews", "rnn", "default", 0), 1)
    assert share.median == pytest.approx(0.75)


def test_a_sentence_without_any_gradient_is_left_out(reviews, read) -> None:
    weigh(reviews, {"rnn": {0: [0.0, 0.0], 1: [1.0, 3.0]}}, "reviews", 0)
    inputs = read(reviews)
    setting = Setting("reviews", "rnn", "default", 0)
    assert attributions.share_of_last(inputs, setting, 1).median == pytest.approx(0.75)
    assert attributions.relative(inputs, setting, 0).empty
    assert list(attributions.relative(inputs, setting, 1)["value"]) == pytest.approx([math.log10(1 / 3), 0])


def filled(k: int, on_sentence: float, words: int = 5) -> list[float]:
    """Return norms of a sentence with k filler words of which the sentence has a given share."""
    return [on_sentence / words] * words + [(1 - on_sentence) / k] * k


def test_evidence_against_filler_where_a_cell_is_still_above_chance(reviews, read) -> None:
    shares = {"rnn": 1e-20, "lstm": 0.2, "gru": 0.7}
    reviews.put("runs", "value", AT_CHANCE, length=50)
    reviews.put("runs", "value", AT_CHANCE, cell="rnn", length=25)
    weigh(reviews, {cell: {0: filled(25, share)} for cell, share in shares.items()}, "reviews", 25)
    columns_at_25 = reviews.columns["attribution"]
    weigh(reviews, {cell: {0: filled(50, share / 10)} for cell, share in shares.items()}, "reviews", 50)
    for name, values in reviews.columns["attribution"].items():
        values.extend(columns_at_25[name])
    inputs = read(reviews)
    assert attribution.on_evidence(inputs, "reviews") == (
        "At k = 25, the greatest distance at which a cell is still above chance, the sentence holds of the sum of all "
        "norms with the vanilla RNN below 1 % in the 4 seeds at chance; with the LSTM 20 % in the 4 seeds above "
        "chance; with the GRU 70 % in the 4 seeds above chance (medians). The rest falls on the filler, which says "
        "nothing. If every word mattered the same, the sentence would hold 17 %. Above chance, furthest from the "
        "evidence is the LSTM."
    )
    table = text_tables.on_sentence(inputs, "reviews")
    assert table.header == ("cell", "seeds", "k = 25", "k = 50")
    assert table.rows == (
        ("vanilla RNN", "at chance", "below 1 % (4)", "below 1 % (4)"),
        ("LSTM", "above chance", "20 % (4)", "–"),
        ("LSTM", "at chance", "–", "2 % (4)"),
        ("GRU", "above chance", "70 % (4)", "–"),
        ("GRU", "at chance", "–", "7 % (4)"),
        ("if every word mattered the same", "", "17 %", "9 %"),
    )
    reviews.put("runs", "value", AT_CHANCE)
    said = attribution.on_evidence(read(reviews), "reviews")
    assert said.startswith("At k = 25, the smallest distance, at which no cell is above chance, the sentence holds")
    assert "Above chance" not in said


def test_seeds_above_chance_and_at_chance_have_their_own_shares(reviews, read) -> None:
    reviews.put("runs", "value", AT_CHANCE, cell="lstm", length=25, seed=2)
    weigh(reviews, {"lstm": {0: filled(25, 0.6)}}, "reviews", 25)
    columns = reviews.columns["attribution"]
    for i, key in enumerate(columns["key"]):
        if key == "reviews/lstm/default/25/2" and columns["position"][i] < 5:
            columns["log10_norm"][i] -= 3
    said = attribution.on_evidence(read(reviews), "reviews")
    assert "with the LSTM 60 % in the 3 seeds above chance and below 1 % in 1 seed at chance (medians)." in said


def test_as_much_filler_is_shown_as_there_is_room_for(reviews, read) -> None:
    columns: dict[str, list[Any]] = {}
    for length in (0, 10, 50):
        weigh(reviews, {"gru": {0: [1.0] * (20 + length)}}, "reviews", length)
        for name, values in reviews.columns["attribution"].items():
            columns.setdefault(name, []).extend(values)
    reviews.columns["attribution"] = columns
    inputs = read(reviews)
    assert attributions.longest_shown(inputs, "reviews", 70) == 50
    assert attributions.longest_shown(inputs, "reviews", 69) == 10
    assert attributions.longest_shown(inputs, "reviews", 5) == 0


@pytest.mark.parametrize(
    ("sizes", "chosen"), [({3: 4, 5: 9, 8: 20}, 5), ({3: 4, 5: 6}, 3), ({2: 9, 4: 7, 6: 8, 9: 8}, 6)]
)
def test_the_sentence_that_is_shown_is_of_middling_length_and_the_first_of_ties(reviews, read, sizes, chosen) -> None:
    weigh(reviews, {"gru": {sentence: [1.0] * n for sentence, n in sizes.items()}}, "reviews", 0)
    inputs = read(reviews)
    assert attributions.middling(inputs, "reviews", 0) == chosen
    assert f"Of {len(sizes)} stored test sentences" in attribution.which_sentence(inputs, "reviews", 0)


def test_what_is_predicted_is_said_for_each_cell_unless_all_agree(reviews, read) -> None:
    weigh(reviews, {"rnn": {0: [1.0]}, "gru": {0: [1.0]}}, "reviews", 0)
    assert attribution.predicted(read(reviews), "reviews", 0, 0) == "Every seed predicts “positive”."
    reviews.columns["attribution"]["target"][0] = "negative"
    assert attribution.predicted(read(reviews), "reviews", 0, 0) == (
        "Predicted most often is “positive” in 3 of 4 seeds of the vanilla RNN and “positive” in 4 of 4 seeds of the "
        "GRU."
    )


def drawn_rows(inputs: Inputs, section: str) -> list[dict[str, Any]]:
    (figure,) = real_text.figures(inputs)[section]
    return figure.spec["datasets"]["rows"]


def test_every_word_is_drawn_for_every_cell_with_its_norm(reviews, read) -> None:
    norms = [0.5, 0.0, 2.0]
    weigh(reviews, {cell: {0: norms} for cell in NAMES}, "reviews", 0)
    rows = drawn_rows(read(reviews), "text_matters_words")
    assert [(row["series"], row["token"]) for row in rows] == [
        (NAMES[cell], f"w{i}") for cell in NAMES for i in range(3)
    ]
    assert [(row["norm"], row["words"], row["lag"]) for row in rows[:3]] == [
        (0.25, "0.25", 2),
        (0, "exactly 0", 1),
        (1, "1.0", 0),
    ]
    assert {row["panel"] for row in rows} == {"lags 2 to 0"}


def test_at_most_sixty_characters_are_drawn(read) -> None:
    made = study({"shakespeare": [80]}, seeds=2, models=MODELS)
    rows = [row for row in drawn_rows(read(made), "text_matters_characters") if row["series"] == "GRU"]
    assert [row["lag"] for row in rows] == list(range(59, -1, -1))
    assert max(row["right"] for row in rows) <= 246


def test_lines_are_filled_evenly_and_nothing_overlaps() -> None:
    tokens = ["word"] * 11
    places = in_lines(tokens, width=200, size=10, padding=3, gap=2)
    lines = [place.line for place in places]
    assert lines == sorted(lines)
    assert [lines.count(line) for line in sorted(set(lines))] == [6, 5]
    for before, after in pairwise(places):
        assert after.left == 0 if after.line > before.line else after.left == pytest.approx(before.right + 2, abs=0.11)
    assert all(place.right <= 200 for place in places)


def test_a_token_wider_than_a_line_has_a_line_of_its_own() -> None:
    places = in_lines(["a", "incomprehensibilities", "b"], width=40, size=10, padding=3, gap=2)
    assert [place.line for place in places] == [0, 1, 2]
