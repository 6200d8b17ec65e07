"""The embedded Reber grammar: strings by a regular expression, expected values by enumeration (REFERENCE A15)."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.tasks import TASKS
from rnn.tasks.reber import (
    EMBEDDED,
    LONGEST,
    ORDER,
    REBER,
    SYMBOLS,
    bits,
    examples,
    legal_bits,
    legal_targets,
    mistakes,
    ngram_scores,
)

# the diagram written down a second way: the upper path TS*X, the lower PT*V, and their crossings X T* V (P X T* V)*
LOWER = "T*V(PXT*V)*(PS|V)"
WHOLE = f"B(TS*X(S|X{LOWER})|P{LOWER})E"
PATTERNS = {"reber": (REBER, re.compile(WHOLE)), "embedded": (EMBEDDED, re.compile(f"B(T{WHOLE}T|P{WHOLE}P)E"))}


def strings_up_to(grammar, longest):
    """All strings of at most ``longest`` symbols with their probabilities."""
    open_, closed = {("", 0): 1.0}, {}
    for _ in range(longest):
        reached = {}
        for (string, state), probability in open_.items():
            for symbol, after in grammar.states[state].items():
                share = probability / len(grammar.states[state])
                if after == len(grammar.states):
                    closed[string + symbol] = share
                else:
                    reached[string + symbol, after] = share
        open_ = reached
    return closed


def test_expected_values_of_the_embedded_grammar():
    assert EMBEDDED.mean_length == pytest.approx(12, rel=1e-12)
    assert EMBEDDED.shortest == 9
    assert EMBEDDED.entropy == pytest.approx(7, rel=1e-12)
    assert EMBEDDED.bits_a_symbol == pytest.approx(7 / 11, rel=1e-12)


def test_expected_values_of_the_plain_grammar():
    """Four symbols and one bit less."""
    assert REBER.mean_length == pytest.approx(8, rel=1e-12)
    assert REBER.shortest == 5
    assert REBER.entropy == pytest.approx(6, rel=1e-12)


def test_expected_values_by_enumeration():
    """All strings of up to 28 symbols, .997 of the probability: bounds that close on the exact values."""
    found = strings_up_to(REBER, 28)
    total = math.fsum(found.values())
    assert 0.997 < total < 1
    assert math.fsum(p * len(string) for string, p in found.items()) == pytest.approx(8, abs=0.15)
    assert math.fsum(-p * math.log2(p) for p in found.values()) == pytest.approx(6, abs=0.1)
    assert min(map(len, found)) == 5


@pytest.mark.parametrize("name", PATTERNS)
def test_every_string_is_of_the_language_and_the_language_is_reached(name):
    grammar, pattern = PATTERNS[name]
    found = strings_up_to(grammar, 14)
    assert all(pattern.fullmatch(string) for string in found)
    rng = np.random.default_rng(0)
    drawn = {grammar.draw(rng) for _ in range(4000)}
    assert all(pattern.fullmatch(string) for string in drawn)
    assert {string for string, p in found.items() if p > 0.01} <= drawn


@pytest.mark.parametrize("name", PATTERNS)
def test_lengths_of_drawn_strings(name):
    """Mean and shortest of 20,000 strings (4 sigma)."""
    grammar, _ = PATTERNS[name]
    rng = np.random.default_rng(1)
    lengths = [len(grammar.draw(rng)) for _ in range(20_000)]
    assert min(lengths) == grammar.shortest
    assert np.mean(lengths) == pytest.approx(grammar.mean_length, abs=4 * np.std(lengths) / math.sqrt(20_000))


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_sequences_and_their_legal_targets(seed, n):
    """The second symbol is the last but one; each target is legal; choices are two, everything else is one."""
    rng = np.random.default_rng(seed)
    strings = [EMBEDDED.draw(rng) for _ in range(n)]
    split, legal = examples(strings), legal_targets(strings)
    assert split.x.shape == split.y.shape == legal.shape[:2]
    assert legal.shape[2] == len(SYMBOLS) == 7
    for string, x, y, steps, allowed in zip(strings, split.x, split.y, split.n, legal, strict=True):
        assert string[1] == string[-2]
        assert "".join(SYMBOLS[symbol] for symbol in x[:steps]) == string[:-1]
        assert "".join(SYMBOLS[symbol] for symbol in y[:steps]) == string[1:]
        assert allowed[np.arange(steps), y[:steps]].all()
        assert set(allowed[:steps].sum(axis=1)) <= {1, 2}
        assert not x[steps:].any()
        assert not y[steps:].any()
        assert not allowed[steps:].any()


def test_bits_a_symbol_are_reached_by_who_knows_the_grammar():
    """log2 of the number of legal targets, over 5000 strings: 7/11 within 4 sigma of a ratio of means."""
    rng = np.random.default_rng(2)
    strings = [EMBEDDED.draw(rng) for _ in range(5000)]
    steps = examples(strings).n
    bits = np.log2(np.maximum(legal_targets(strings).sum(axis=2), 1)).sum(axis=1)
    sigma = np.std(bits - 7 / 11 * steps) / math.sqrt(5000) / 11
    assert bits.sum() / steps.sum() == pytest.approx(EMBEDDED.bits_a_symbol, abs=4 * sigma)


def test_legal_symbols_of_a_string():
    assert REBER.legal_next("BTXSE") == ["TP", "SX", "XS", "E", ""]
    assert EMBEDDED.legal_next("BP") == ["TP", "B"]
    assert EMBEDDED.legal_next("BPBTXSE")[-1] == "P"


@pytest.mark.parametrize(
    ("string", "word"),
    [
        ("BTXSS", "'S' is not legal as symbol 5"),
        ("TX", "'T' is not legal as symbol 1"),
        ("BTXSEB", "'B' is not legal as symbol 6"),
    ],
)
def test_illegal_symbols_are_named(string, word):
    with pytest.raises(ValueError, match=word):
        REBER.legal_next(string)
    with pytest.raises(ValueError, match=word):
        legal_targets([string], REBER)


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("longest", [4, 8, 9, 14, 24])
def test_probability_of_longer_strings_by_enumeration(name, longest):
    grammar, _ = PATTERNS[name]
    shorter = math.fsum(strings_up_to(grammar, longest).values())
    assert grammar.longer_than(longest) == pytest.approx(1 - shorter, abs=1e-12)


def test_more_steps_are_padding():
    short, long = examples(["BTBTXSETE"]), examples(["BTBTXSETE"], 12)
    assert (short.x.shape, long.x.shape) == ((1, 8), (1, 12))
    for part in ("x", "y", "legal"):
        np.testing.assert_array_equal(getattr(long, part)[:, :8], getattr(short, part))
        assert not getattr(long, part)[:, 8:].any()


def test_one_symbol_out_of_place_is_a_mistake():
    """Two strings and scores that are right, then wrong by little, by a tie, and in the padding."""
    split = examples(["BTBTXSETE", "BPBPTVVEPE"])
    right = split.legal + np.zeros(split.legal.shape)
    assert mistakes(right, split) == 0
    for value, share in ((0.99, 0.0), (1.0, 0.5), (1.01, 0.5)):
        wrong = right.copy()
        wrong[1, 4, SYMBOLS.index("B")] = value
        assert mistakes(wrong, split) == share
    choice = right.copy()
    choice[0, 1:3, SYMBOLS.index("P")] = -0.01  # legal at the step after the second B, an illegal one is 0
    assert mistakes(choice, split) == 0.5
    padding = right.copy()
    padding[0, 8:] = 5
    assert mistakes(padding, split) == 0


def test_bits_by_hand():
    """BTBTXSETE: eight predicted symbols, of which T, T, X and S are one of two."""
    split = examples(["BTBTXSETE"])
    assert legal_bits(split) == pytest.approx(4 / 8)
    assert bits(split, np.full(split.legal.shape, 1 / 7)) == pytest.approx(math.log2(7))


TASK = TASKS["reber"]


@pytest.fixture(scope="module")
def data():
    return TASK.prepare(LONGEST, 3)


def texts(split):
    """The strings of a split, from inputs and the last target."""
    return [
        "".join(SYMBOLS[symbol] for symbol in (*x[:n], y[n - 1]))
        for x, y, n in zip(split.x, split.y, split.n, strict=True)
    ]


def test_all_strings_are_of_the_grammar_and_none_stands_in_two_splits(data):
    parts = {name: texts(getattr(data, name)) for name in ("train", "valid", "test")}
    _, pattern = PATTERNS["embedded"]
    for name, strings in parts.items():
        assert all(pattern.fullmatch(string) and len(string) <= LONGEST for string in strings), name
        assert name == "train" or len(set(strings)) == len(strings)
        np.testing.assert_array_equal(
            getattr(data, name).legal[:, : max(map(len, strings)) - 1], legal_targets(strings)
        )
    sets = [set(strings) for strings in parts.values()]
    assert len(set.union(*sets)) == sum(map(len, sets))
    assert data.test.x.shape[1] == TASK.n_steps(LONGEST) == LONGEST - 1


def test_training_strings_are_drawn_from_the_grammar(data):
    """The four shortest, a sixteenth each of all strings, in that share of those that are kept (4.5 sigma)."""
    strings = texts(data.train)
    share = 1 / 16 / (1 - EMBEDDED.longer_than(LONGEST))
    found = [strings.count(string) for string in strings_up_to(EMBEDDED, 9)]
    assert len(found) == 4
    np.testing.assert_allclose(found, len(strings) * share, atol=4.5 * math.sqrt(len(strings) * share))


def test_baselines_by_the_rule_of_the_task(data):
    """Frequencies are wrong on every string; contexts without the second symbol cannot tell T from P near the end."""
    assert data.baseline == 1
    scores = ngram_scores(texts(data.train), data.test)
    assert scores.shape == (ORDER, len(data.test), LONGEST - 1, len(SYMBOLS))
    there = np.arange(LONGEST - 1) < data.test.n[:, None]
    np.testing.assert_allclose(scores.sum(axis=-1)[:, there], 1, rtol=1e-12)
    assert mistakes(scores[0], data.test) == 1
    assert data.classical in [mistakes(p, data.test) for p in scores]
    half = 0.5 - 4.5 * math.sqrt(0.25 / len(data.test))
    assert min(data.test.n) >= ORDER + 2, "the second symbol is out of sight at the last but one"
    assert half < data.classical < 1
    assert TASK.criterion(LONGEST) == 1 / len(data.valid)
    assert data.scored_by == "illegal"


def test_bits_of_the_card(data):
    notes = data.card["notes"]
    assert "0.6364 is the grammar's entropy" in notes
    counts = np.bincount([SYMBOLS.index(symbol) for string in texts(data.train) for symbol in string], minlength=7)
    kinds = np.count_nonzero(counts)
    frequency = (counts + kinds / 7) / (counts.sum() + kinds)  # Witten-Bell's
    targets = [SYMBOLS.index(symbol) for string in texts(data.test) for symbol in string[1:]]
    assert f"{-np.mean(np.log2(frequency[targets])):.3f} by symbol frequencies" in notes
    ambiguous = sum(len(symbols) == 2 for string in texts(data.test) for symbols in EMBEDDED.legal_next(string))
    assert f"{ambiguous / len(targets):.3f} with all legal symbols alike" in notes


def test_digest_depends_on_the_experiment(data):
    assert TASK.prepare(LONGEST, 4).sha256 != data.sha256
