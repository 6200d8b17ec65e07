"""A table of phrases: what it learns from few pairs by hand, and when it has no answer."""

from hypothesis import given
from hypothesis import strategies as st

from rnn.tasks.phrases import PhraseTable

PAIRS = {"a": "one", "ab": "one two", "c": "three", "cab": "three one two", "acd": "one three four"}


def test_known_pairs_are_remembered():
    table = PhraseTable(PAIRS)
    assert all(table.translate(source) == target for source, target in PAIRS.items())


def test_what_follows_a_symbol_is_put_behind_a_known_beginning():
    """a, ab teach b after a; a, acd teach cd after a."""
    table = PhraseTable({"a": "one", "ab": "one two", "acd": "one three four", "xa": "ten"})
    assert table.translate("xab") == "ten two"
    assert table.translate("xacd") == "ten three four"


def test_another_symbol_before_a_phrase_teaches_nothing():
    table = PhraseTable({"a": "one", "ab": "one two", "xc": "ten"})
    assert table.translate("xcb") is None
    assert table.translate("b") is None


def test_beginnings_end_with_a_word():
    """six is the beginning of sixty, but sixty is one word."""
    assert PhraseTable({"s": "six", "st": "sixty", "os": "one six"}).translate("ost") is None


def test_the_longest_known_beginning_counts():
    pairs = {"a": "one", "ab": "one two", "abc": "one two three", "x": "ten", "xa": "ten one", "xab": "B"}
    assert PhraseTable(pairs).translate("xabc") == "B three"
    del pairs["xab"]
    assert PhraseTable(pairs | {"abc": "one two three"}).translate("xabc") == "ten one two three"


def test_the_commonest_meaning_counts():
    pairs = {"a": "1", "ab": "1 x", "ca": "2", "cab": "2 y", "da": "3", "dab": "3 y", "ea": "4"}
    assert PhraseTable(pairs).translate("eab") == "4 y"


@given(
    st.dictionaries(st.text("ab", min_size=1, max_size=4), st.text("xy ", min_size=1, max_size=4), max_size=8),
    st.text("ab", min_size=1, max_size=5),
)
def test_an_answer_is_known_or_begins_with_a_known_target(pairs, source):
    answer = PhraseTable(pairs).translate(source)
    if answer is not None and source not in pairs:
        beginnings = [pairs[source[:cut]] for cut in range(1, len(source)) if source[:cut] in pairs]
        assert any(answer.startswith(f"{beginning} ") for beginning in beginnings)
