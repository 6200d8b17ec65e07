"""Files: JSON, written whole or not at all, and what a person is told when the disk does not take them."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rnn.errors import DataError
from rnn.files import write_whole


def write_json(path: Path, content: Any) -> None:
    """Write JSON with sorted keys; NaN and infinity are errors."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def read_json(path: Path) -> Any:
    """Read JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Tell in one sentence why a folder did not take a file.

    Raises
    ------
    DataError
        The disk is full, or the folder cannot be written to.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DataError(
                f"The disk of {folder} is full: make room, then give the same command again, which continues."
            ) from error
        raise DataError(
            f"{folder} cannot be written to ({error.strerror}): make it writable, then give the same command again."
        ) from error
