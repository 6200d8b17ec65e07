"""Errors whose message is one sentence for the person at the keyboard."""


class StudyError(Exception):
    """Something the user can mend: the message says what, where, and what to do."""


class DataError(StudyError):
    """A data set is missing, changed, or does not fit what was asked of it."""
