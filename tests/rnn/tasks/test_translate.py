"""Number words to translate: texts that can be read back from the sequences, the split, feedback and baselines."""

import numpy as np
import pytest

from rnn.tasks import TASKS
from rnn.tasks.numerals import LARGEST, english, korean
from rnn.tasks.phrases import PhraseTable
from rnn.tasks.translate import END, FEEDBACK, N_STEPS, SMALL, START, sequences, split_numbers

NUMBER = {korean(number): number for number in range(LARGEST + 1)}


@pytest.fixture(scope="module")
def data():
    return TASKS["translate"].prepare(N_STEPS, 7)


def texts(data, split):
    """Source and target of each sequence, from its inputs up to the start sign and from its counted targets."""
    found = []
    for x, y, n in zip(split.x, split.y, split.n, strict=True):
        symbols = [data.symbols[i] for i in x[:n]]
        start = symbols.index(START)
        assert (y[:start] == -1).all()
        assert (y[start:n] >= 0).all()
        letters = [data.classes[i] for i in y[start:n]]
        assert letters[-1] == END
        assert symbols[start + 1 :] == letters[:-1], "other letters are fed back than asked for"
        found.append(("".join(symbols[:start]), "".join(letters[:-1])))
    return found


def test_every_number_is_in_one_split_with_its_words(data):
    pairs = [pair for split in (data.train, data.valid, data.test) for pair in texts(data, split)]
    assert len(pairs) == 10_000
    assert {NUMBER[source]: target for source, target in pairs} == {n: english(n) for n in range(10_000)}


def test_numbers_below_100_are_all_in_training(data):
    train = {NUMBER[source] for source, _ in texts(data, data.train)}
    assert train >= set(range(SMALL)) == set(range(100))
    assert (len(data.train), len(data.valid), len(data.test)) == (8500, 500, 1000)


def test_another_seed_splits_otherwise():
    one, other = (split_numbers(np.random.default_rng(seed)) for seed in (0, 1))
    assert set(one["test"]) != set(other["test"])
    for parts in (one, other):
        assert sorted(np.concatenate(list(parts.values()))) == list(range(10_000))


def test_what_is_fed_back_is_the_symbol_of_the_class(data):
    np.testing.assert_array_equal(data.feedback, FEEDBACK)
    assert data.feedback.shape == (data.n_outputs,)
    assert data.classes[0] == END
    assert [data.symbols[symbol] for symbol in data.feedback[1:]] == data.classes[1:]
    for split in (data.train, data.test):
        following = np.arange(1, N_STEPS) < split.n[:, None]
        counted = following & (split.y[:, :-1] >= 0)
        np.testing.assert_array_equal(split.x[:, 1:][counted], FEEDBACK[split.y[:, :-1][counted]])


def test_a_sequence_by_hand():
    split = sequences([11])
    assert split.n.tolist() == [2 + 1 + 6]
    symbols = "영일이삼사오육칠팔구천백십> -adefghilnorstuvwxyz"
    classes = ". -adefghilnorstuvwxyz"
    assert "".join(symbols[i] for i in split.x[0, :9]) == "십일>eleven"
    assert split.y[0, :2].tolist() == [-1, -1]
    assert "".join(classes[i] for i in split.y[0, 2:9]) == "eleven."


def test_the_longest_pair_has_as_many_steps_as_the_task(data):
    """칠천칠백칠십칠: 7 syllables, the start, 42 letters."""
    task = TASKS["translate"]
    assert sequences([7777]).n.tolist() == [50] == [N_STEPS]
    assert task.natural_length == task.n_steps(N_STEPS) == 50
    assert max(split.n.max() for split in (data.train, data.valid, data.test)) == 50


def test_no_translation_of_training_is_ever_right(data):
    """So the trivial baseline is 1, whichever translation is given to all."""
    train, test = ({target for _, target in texts(data, split)} for split in (data.train, data.test))
    assert train.isdisjoint(test)
    assert data.baseline == 1.0


def test_phrase_table_scores_as_counted_from_the_sequences(data):
    table = PhraseTable(dict(texts(data, data.train)))
    answers = [(table.translate(source), target) for source, target in texts(data, data.test)]
    assert data.classical == pytest.approx(np.mean([answer != target for answer, target in answers]), rel=1e-12)
    assert 0 < data.classical < 0.1
    unknown = sum(answer is None for answer, _ in answers)
    assert f"no answer to {unknown} of 1000 test numbers" in data.card["notes"]


def test_balance_counts_the_numbers_by_their_digits(data):
    digits = [len(str(NUMBER[source])) for source, _ in texts(data, data.test)]
    assert f"0 + 0 + {digits.count(3)} + {digits.count(4)} in test" in data.card["notes"]
    assert "10 + 90 + " in data.card["notes"]
