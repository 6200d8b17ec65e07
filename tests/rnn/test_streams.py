"""Random streams: one for each purpose and key, the same everywhere, never shared (DESIGN 7)."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.streams import stream


def numbers(*key):
    return stream(*key).random(4).tolist()


def test_the_same_key_gives_the_same_numbers():
    assert numbers("weights", 7, "adding", 3) == numbers("weights", 7, "adding", 3)


@pytest.mark.parametrize(
    "other",
    [
        ("training", 7, "adding", 3),
        ("weights", 8, "adding", 3),
        ("weights", 7, "co2", 3),
        ("weights", 7, "adding", 4),
        ("weights", 7, "adding"),
        ("weights", 7, "adding", 3, 0),
        ("weights", "adding", 7, 3),
    ],
)
def test_another_purpose_or_key_gives_other_numbers(other):
    assert numbers(*other) != numbers("weights", 7, "adding", 3)


def test_parts_of_a_key_do_not_run_together():
    assert numbers("a", "bc") != numbers("ab", "c")
    assert numbers("a", 1, 23) != numbers("a", 12, 3)
    assert numbers("a", "") != numbers("a")


keys = st.tuples(
    st.sampled_from(["weights", "training", "splits"]),
    st.integers(0, 10**6),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=8),
    st.integers(0, 1000),
)


@given(keys, keys)
def test_numbers_are_equal_exactly_when_the_keys_are(one, other):
    assert (numbers(*one) == numbers(*other)) == (one == other)


def test_streams_do_not_depend_on_the_order_of_calls():
    first = stream("a"), stream("b")
    second = stream("b"), stream("a")
    a = first[0].random(3)
    second[0].random(100)
    np.testing.assert_array_equal(second[1].random(3), a)


def test_another_process_draws_the_same_numbers():
    """Python's own hash differs from process to process; the stream must not."""
    code = "from rnn.streams import stream; print(stream('weights', 7, 'adding', 3).random(4).tolist())"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(numbers("weights", 7, "adding", 3))
