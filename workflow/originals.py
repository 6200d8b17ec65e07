"""Original files of tasks: where they are, and the digests that say whether a file is the one that is meant."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, Field

from rnn.errors import DataError
from workflow.strict_model import Strict

CHUNK = 1 << 20  # bytes


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or str(path) != name or name == ".":
        raise ValueError("names no file inside a folder: write it like `texts/one.txt`")
    return name


def _text(pattern: str, words: str) -> AfterValidator:
    def match(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"is {value!r} and must be {words}")
        return value

    return AfterValidator(match)


FileName = Annotated[str, AfterValidator(_inside)]


class Original(Strict):
    """One file: a URL that serves it, or an archive that holds it, and its digest."""

    url: Annotated[str, _text(r"https?://[^\s/]+/\S*", "an address like https://example.org/file.txt")] = Field(
        description="Serves the file itself, at a state that does not change, or an archive that holds it."
    )
    sha256: Annotated[str, _text("[0-9a-f]{64}", "64 hexadecimal digits, in lower case and in quotes")] = Field(
        default=None, description="SHA-256 of the file, in hexadecimal."
    )
    git_blob: Annotated[str, _text("[0-9a-f]{40}", "40 hexadecimal digits, in lower case and in quotes")] = Field(
        default=None, description="Where no SHA-256 is published: the file's id in a git repository, a SHA-1."
    )
    member: Annotated[str, _text(".+", "a path in the archive")] = Field(
        default=None, description="Path of the file in the archive (zip or tar) that the URL serves; the digest is its."
    )

    @property
    def digest(self) -> str:
        """The digest with its kind: ``sha256:...`` or ``git-blob:...``."""
        return f"sha256:{self.sha256}" if self.sha256 else f"git-blob:{self.git_blob}"


def digest_of(path: Path, kind: str) -> str:
    """Return a file's digest of a kind, ``sha256`` or ``git-blob``, with its kind.

    A git blob's id is the SHA-1 of ``blob``, a blank, the number of bytes in decimal, a zero byte, and the content.
    """
    found = hashlib.sha256() if kind == "sha256" else hashlib.sha1(f"blob {path.stat().st_size}\0".encode())
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return f"{kind}:{found.hexdigest()}"


def has_digest(path: Path, digest: str) -> bool:
    """Say whether a file is there and has a digest."""
    return path.is_file() and digest_of(path, digest.partition(":")[0]) == digest


def check(folder: Path, digests: Mapping[str, str]) -> None:
    """Check files of a folder by their digests.

    Raises
    ------
    DataError
        A file is missing or has another digest.
    """
    for name, digest in digests.items():
        path = folder / name
        if not path.is_file():
            raise DataError(f"{path} is missing: run the experiment again.")
        found = digest_of(path, digest.partition(":")[0])
        if found != digest:
            raise DataError(
                f"{path} has {found}, not {digest}, so it was changed: delete it and run the experiment again."
            )
