"""Data files that installed packages carry: read as files, nothing imported, checked by digest."""

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
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise DataError(
            f"The package {package}, which carries {path}, is not installed: run make to install data.lock."
        )
    file = Path(spec.submodule_search_locations[0]) / path
    if not file.is_file():
        raise DataError(f"{package} does not hold {path}: run make clean, then make, to install data.lock anew.")
    content = file.read_bytes()
    found = sha256(content).hexdigest()
    if found != digest:
        raise DataError(
            f"{path} of {package} has SHA-256 {found}, not {digest}, so it was changed: "
            "run make clean, then make, to install it anew."
        )
    return content
