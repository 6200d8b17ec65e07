"""The chapter on real text: what it says of scores, and which parts it has."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import reports
from reports import real_text, tables
from reports.document import document, figures
from reports.inputs import Inputs
from reports.load import load
from reports.sentences import characters, distance, training
from rnn.errors import StudyError
from tests.reports.synthetic import Synthetic, study
from tests.reports.text_cases import MODELS, reviews_alone


@pytest.fixture
def reviews() -> Synthetic:
    return reviews_alone()


@pytest.fixture
def plays() -> Synthetic:
    return study({"shakespeare": [25, 50]}, seeds=2, models=MODELS)


def test_the_limit_is_said_for_the_test_set_at_hand(reviews, read) -> None:
    assert distance.limit(read(reviews), "reviews") == (
        "Here, with 1,700 test sentences and a majority class that is right in 50.0 % of them, a seed is above chance "
        "from an accuracy of 52.1 % on."
    )


def test_the_bare_sentence_and_the_bag_of_words(reviews, read) -> None:
    reviews.put("runs", "value", 0.2, cell="gru", length=0)
    inputs = read(reviews)
    assert distance.nearest(inputs, "reviews") == (
        "On the bare sentence (k = 0) the median accuracy is 70.0 % in the vanilla RNN, 70.0 % in the LSTM and 80.0 % "
        "in the GRU."
    )
    assert distance.against_classical(inputs, "reviews", 0) == "At k = 0 the GRU beats the bag of words (76.0 %)."
    assert distance.against_classical(inputs, "reviews", 10) == "At k = 10 no cell beats the bag of words (76.0 %)."


def test_the_summary_says_what_the_bare_sentence_is_worth_and_where_cells_fall_back(reviews, read) -> None:
    reviews.put("runs", "value", 0.5, cell="rnn", length=10)
    reviews.put("runs", "value", 0.5, cell="rnn", length=50)
    assert distance.in_short(read(reviews), "reviews") == (
        "On the bare sentence (k = 0) the median accuracy is 70.0 % in the vanilla RNN, 70.0 % in the LSTM and 70.0 % "
        "in the GRU (76.0 % with the bag of words); at chance are the vanilla RNN at k = 10 and from k = 50 on, the "
        "LSTM nowhere and the GRU nowhere."
    )


@pytest.mark.parametrize("distances", [[0, 10], [10, 50]])
def test_how_far_from_the_loss_words_stand_follows_from_the_lags_that_sentences_have(read, distances) -> None:
    made = study({"reviews": distances}, seeds=2, models=MODELS)
    assert distance.least(read(made), "reviews") == (
        "A sentence has 22 words in the median (at most 58, of those on which gradients were measured; marks count as "
        "words), so its words stand k to about k + 21 steps before the loss."
    )


def test_more_words_of_a_review_may_help_or_not(read) -> None:
    made = study({"reviews-long": [25, 200]}, seeds=3, models=MODELS)
    for cell, (few, many) in {"rnn": (0.3, 0.4), "lstm": (0.3, 0.25), "gru": (0.3, 0.15)}.items():
        made.put("runs", "value", few, cell=cell, length=25)
        made.put("runs", "value", many, cell=cell, length=200)
    inputs = read(made)
    said = distance.longer_reviews(inputs, "reviews-long")
    assert said == (
        "From the last 25 to the last 200 words of a review the median accuracy goes from 70.0 % to 60.0 % in the "
        "vanilla RNN, from 70.0 % to 75.0 % in the LSTM, from 70.0 % to 85.0 % in the GRU and from 83.0 % to 83.0 % "
        "with the bag of words. From end to end, by its median, more words help the LSTM and the GRU."
    )
    assert "the GRU beats the bag of words" in distance.against_classical(inputs, "reviews-long", 200)
    made.put("runs", "value", 0.45, length=200)
    assert distance.longer_reviews(read(made), "reviews-long").endswith("more words help none of the 3.")


def test_a_setback_between_the_ends_is_said(read) -> None:
    made = study({"reviews-long": [25, 50, 200]}, seeds=3, models=MODELS)
    for length, error in ((25, 0.3), (50, 0.35), (200, 0.2)):
        made.put("runs", "value", error, cell="rnn", length=length)
    said = distance.longer_reviews(read(made), "reviews-long")
    assert said.endswith("In between the median gets worse in the vanilla RNN from T = 25 to 50.")


def test_networks_that_never_began_are_told_from_those_that_learned_by_heart(reviews, read) -> None:
    reviews.put("runs", "value", 0.3)
    assert distance.training_at_chance(read(reviews), "reviews") == ""
    reviews.put("runs", "value", 0.5, cell="rnn", length=10)
    reviews.put("runs", "value", 0.5, cell="rnn", length=50)
    reviews.put("runs", "value", 0.5, cell="gru", length=50)
    reviews.put("curves", "train_loss", 0.69, length=50)
    reviews.put("curves", "train_loss", 0.1, length=10)
    said = distance.training_at_chance(read(reviews), "reviews")
    assert said.startswith(
        "Some of the networks at chance (the vanilla RNN at k = 50; the GRU at k = 50) did no better than guessing "
        "on their own training sentences either (training loss within 5 % of ln 2 after "
    )
    assert said.endswith(
        "learn. So where a cell falls back depends on the budget and on the learning rate, which was chosen at k = 10 "
        "and kept for every k. At chance on test sentences, but not on their own training sentences: the vanilla RNN "
        "at k = 10."
    )


def test_how_much_of_the_plays_was_read(plays, read) -> None:
    settings = plays.provenance["configuration"]["tasks"]["shakespeare"]
    settings |= {"steps": 100, "batch": 32, "log_every": 10}
    for length, windows in (("25", 12800), ("50", 6400)):
        plays.cards["shakespeare"][length]["split"]["train"] = windows
    plays.put("runs", "best_step", 100)
    said = characters.read_in_training(read(plays), "shakespeare")
    assert said.startswith(
        "With the same number of updates the networks read 80,000 characters at T = 25, 25 % of the training text"
    )
    assert "the budget ends while they still get better." in said
    assert said.endswith("these runs do not tell the two apart.")
    plays.put("runs", "best_step", 50)
    assert "still get better" not in characters.read_in_training(read(plays), "shakespeare")


def test_a_rate_that_was_drawn_is_said(reviews, read) -> None:
    reviews.put("tuning", "valid_value", 0.3)
    assert training.rates_at_chance(read(reviews)) == ""
    reviews.put("tuning", "valid_value", 0.495, cell="rnn")
    assert training.rates_at_chance(read(reviews)).startswith(
        "At chance with every rate, so that the choice was a draw: vanilla RNN"
    )


def test_bits_of_every_cell_and_of_both_simple_models(plays, read) -> None:
    for cell, (short, long) in {"rnn": (3.0, 2.9), "lstm": (2.7, 2.5), "gru": (2.6, 2.65)}.items():
        plays.put("runs", "value", short, cell=cell, length=25)
        plays.put("runs", "value", long, cell=cell, length=50)
    assert characters.bits(read(plays), "shakespeare") == (
        "From T = 25 to T = 50 the median goes, in bits a character, from 3.00 to 2.90 in the vanilla RNN, from 2.70 "
        "to 2.50 in the LSTM and from 2.60 to 2.65 in the GRU. At T = 50 it is 4.60 with the unigram model and 2.20 "
        "with the n-gram model."
    )


def test_the_caption_says_where_the_n_gram_model_wins(plays, read) -> None:
    def caption() -> str:
        return real_text.figures(read(plays))["text_characters"][0].caption

    assert "n-gram" in caption()
    assert "at every length." in caption()
    plays.put("runs", "value", 2.0, cell="gru", length=50)
    assert "at T = 25." in caption()


def test_without_texts_there_is_no_chapter(unchanged) -> None:
    text = unchanged.document
    assert not any(findings for part, findings in text["sentences"].items() if part.startswith("text_"))
    assert not any(names for part, names in text["figures_of"].items() if part.startswith("text_"))
    assert not any(names for part, names in text["tables_of"].items() if part.startswith("text_"))


PARTS = {
    "reviews": ["How far from the evidence?", "What a prediction looks at"],
    "reviews-long": ["More words, more evidence"],
    "shakespeare": ["The next character", "What a prediction looks at"],
    "adding": [],
}


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundles")


@pytest.mark.parametrize("task", PARTS)
def test_each_part_stands_where_its_task_was_trained(tmp_path: Path, bundles: Path, task: str) -> None:
    study({task: [10, 20]}, seeds=1, models=MODELS[1:]).write(tmp_path)
    reports.build(tmp_path, tmp_path, bundles)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert ("Real text" in page) is bool(PARTS[task])
    for heading in {heading for parts in PARTS.values() for heading in parts}:
        assert (heading in page) is (heading in PARTS[task])


def test_no_word_of_reviews_without_a_licence_is_printed(read: Callable[[Synthetic], Inputs]) -> None:
    made = study({"reviews": [0, 10], "reviews-long": [25]}, seeds=2, models=MODELS)
    for name, value in {
        "key": "reviews-long/gru/default/25/0",
        "sentence": 3,
        "position": 0,
        "token": "unlicensed",
        "target": "positive",
        "log10_norm": 0.0,
    }.items():
        made.columns["attribution"][name].append(value)
    inputs = read(made)
    drawn = figures(inputs)
    specs = [figure.spec for of_section in drawn.values() for figure in of_section]
    assert "unlicensed" not in json.dumps([document(inputs, drawn), specs])


@pytest.mark.parametrize("column", tables.ATTRIBUTION.schema.names)
def test_a_missing_column_is_named(reviews, tmp_path, column) -> None:
    reviews.write(tmp_path)
    file = tables.ATTRIBUTION.file(tmp_path)
    pq.write_table(pq.read_table(file).drop_columns([column]), file)
    with pytest.raises(StudyError, match=f"'{column}' is missing in table attribution"):
        load(tmp_path)
