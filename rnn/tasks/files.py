"""Data files: those that installed packages carry, nothing imported, checked by digest; and downloaded originals."""

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
    """Return the content of a downloaded file; its checksum was verified when it came into the folder.

    Raises
    ------
    DataError
        There is no folder, or the file is not in it.
    """
    if folder is None:
        raise DataError(f"{name} is a downloaded file and no folder of downloads is given: run experiment=download.")
    path = folder / name
    if not path.is_file():
        raise DataError(f"{path} is missing: run experiment=download again, which fetches it.")
    return path.read_bytes()
