"""Data files: those that installed packages carry, checked by digest, and originals that the pipeline fetched.

Packages are read as files; nothing of them is imported.
"""

from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from rnn.errors import DataError


def package_file(package: str, path: str, digest: str) -> bytes:
    """Return the content of a file inside an installed package.

    Raises
    ------
    DataError
        The package is not installed, the file is not in it, or its SHA-256 is another one.
    """
    return package_files(package, path, digest)[path]


def package_files(package: str, pattern: str, digest: str) -> dict[str, bytes]:
    """Return the contents of all files of an installed package that match a pattern, by path, in the paths' order.

    ``digest`` is the SHA-256 of the contents laid end to end in that order.

    Raises
    ------
    DataError
        The package is not installed, no file in it matches, or the digest is another one.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise DataError(
            f"The package {package}, which carries {pattern}, is not installed: run make to install data.lock."
        )
    folder = Path(spec.submodule_search_locations[0])
    files = sorted(path for path in folder.glob(pattern) if path.is_file())
    if not files:
        raise DataError(f"{package} does not hold {pattern}: run make clean, then make, to install data.lock anew.")
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    found = sha256(b"".join(contents.values())).hexdigest()
    if found != digest:
        raise DataError(
            f"{pattern} of {package} has SHA-256 {found}, not {digest}, so it was changed: "
            "run make clean, then make, to install it anew."
        )
    return contents


def original_file(folder: Path | None, name: str) -> bytes:
    """Return the content of an original file; who fetched it has checked its digest.

    Raises
    ------
    DataError
        No folder is named, or the file is not in it.
    """
    if folder is None:
        raise DataError(f"{name} is not in an installed package: run an experiment that names it in its `files`.")
    path = folder / name
    if not path.is_file():
        raise DataError(f"{path} is missing: put the original file there, or run an experiment that fetches it.")
    return path.read_bytes()
