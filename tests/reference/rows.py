"""The measured cases of a row, once a test run: some rows take seconds."""

from functools import cache

from rnn.reference import ROWS, Case


@cache
def measured(row: str) -> tuple[Case, ...]:
    return tuple(ROWS[row]())


def assert_row(row: str) -> None:
    """Every case of a row holds; a failure prints its sentence and both numbers."""
    failed = [
        f"{case.statement} expected {case.expected!r}, measured {case.measured!r}, tolerance {case.tolerance:g}"
        for case in measured(row)
        if not case.ok
    ]
    assert not failed, "\n".join(failed)
