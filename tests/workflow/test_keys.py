"""One canonical form of a key: what is written is read back, and nothing else is a key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.keys import Key, Stack

names = st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True)
keys = st.builds(Key, names, names, names, st.integers(1, 10**6), st.integers(0, 10**6))


@given(keys)
def test_a_key_survives_the_round_trip(key: Key) -> None:
    assert Key.parse(str(key)) == key
    assert Stack.parse(str(key.stack)) == key.stack


def test_keys_sort_lengths_and_seeds_as_numbers() -> None:
    texts = ["a/b/c/100/2", "a/b/c/25/10", "a/b/c/25/2"]
    assert [str(key) for key in sorted(map(Key.parse, texts))] == ["a/b/c/25/2", "a/b/c/25/10", "a/b/c/100/2"]


@pytest.mark.parametrize(
    "text",
    ["", "a/b/c/1", "a/b/c/1/2/3", "a/b/c/1.0/2", "a/b/c/01/2", "a/b/c/+1/2", "a/b/c/1/ 2", "a//c/1/2", "a/b/c/1_0/2"],
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not"):
        Key.parse(text)
