"""Downloaded original files: kept for all experiments and clones of a user, named by their digests."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pooch
from tqdm import tqdm

from rnn.errors import DataError
from workflow.download import REMEDY, download
from workflow.files import writing_to
from workflow.lock import alone
from workflow.originals import Original, digest_of, has_digest

PROJECT = "rnn-gradient-study"


def cached(name: str, original: Original, bar: tqdm[Any]) -> Path:
    """Return a verified file of the cache, downloaded if it is not there.

    Raises
    ------
    DataError
        It cannot be downloaded, is not the file that is meant, or the cache does not take it.
    """
    folder = pooch.os_cache(PROJECT)
    kept = folder / original.digest.replace(":", "-")
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder / ".lock"):
            if not has_digest(kept, original.digest):
                _complete(name, original, kept, bar)
    return kept


def _complete(name: str, original: Original, kept: Path, bar: tqdm[Any]) -> None:
    part = kept.with_name(f"{kept.name}.part")
    for _ in range(2):  # once more, where parts may be of different states of the file
        pieced = download(original.url, part, bar)
        file = _taken_out(part, original) if original.member else part
        if has_digest(file, original.digest):
            file.replace(kept)
            part.unlink(missing_ok=True)
            return
        found = f"{file.stat().st_size} bytes with {digest_of(file, original.digest.partition(':')[0])}"
        file.unlink()
        part.unlink(missing_ok=True)
        if not pieced:
            break
    raise DataError(
        f"{name} from {original.url} is not the file that is meant: it has {found}, not {original.digest}, so "
        f"it was changed at its source or on its way. Correct the experiment file if the new one is right, {REMEDY}."
    )


def _taken_out(archive: Path, original: Original) -> Path:
    """Take one file out of a zip or tar archive."""
    taken = archive.with_suffix(".member")
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as opened:
                taken.write_bytes(opened.read(original.member))
        else:
            with tarfile.open(archive) as opened:
                found = opened.extractfile(original.member)
                if found is None:
                    raise KeyError(original.member)
                taken.write_bytes(found.read())
    except (KeyError, tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        archive.unlink()
        raise DataError(
            f"{original.url} is not an archive that holds {original.member}, so it was changed at its source or on its "
            f"way. Correct the experiment file if the new one is right, {REMEDY}."
        ) from error
    return taken
