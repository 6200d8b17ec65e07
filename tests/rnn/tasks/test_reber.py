"""The embedded Reber grammar: strings by a regular expression, expected values by enumeration (REFERENCE A15)."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.tasks.reber import EMBEDDED, REBER, SYMBOLS, examples, legal_targets

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
