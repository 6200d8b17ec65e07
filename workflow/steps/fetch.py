"""Fetch an original file: from a folder that stands in for the network, the user's cache, or where it is published."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tqdm import tqdm

from rnn.errors import DataError
from rnn.files import write_whole
from workflow.cache import cached
from workflow.files import writing_to
from workflow.originals import has_digest
from workflow.settings import load
from workflow.steps import command


def put(source: Path, output: Path, digest: str) -> None:
    """Copy a file, whole and verified or not at all.

    Raises
    ------
    DataError
        The copy has another digest, or the disk does not take it.
    """

    def write(temporary: Path) -> None:
        shutil.copyfile(source, temporary)
        if not has_digest(temporary, digest):
            raise DataError(f"{source} does not have {digest}: put the original file there.")

    with writing_to(output.parent):
        write_whole(output, write)


def main() -> str:
    """Fetch, verify and save."""
    parser = command.parser(__doc__)
    parser.add_argument("--name", required=True, help="one of the experiment's `files`")
    parser.add_argument("--mirror", type=Path, help="folder that holds it; without one, it is downloaded")
    parser.add_argument(
        "--terminal", type=int, default=2, help="descriptor that shows a progress bar, if it is a terminal"
    )
    command.add_paths(parser, experiment="the experiment file", output="the verified copy")
    options = parser.parse_args()
    files = load(options.experiment).files
    if options.name not in files:
        raise DataError(f"{options.experiment} does not name {options.name} in its `files`: add it there.")
    original = files[options.name]
    if options.mirror:
        source = options.mirror / options.name
        if not source.is_file():
            raise DataError(f"{source} is missing: put the original file there.")
    else:
        shown = os.isatty(options.terminal)
        with (
            open(options.terminal if shown else os.devnull, "w", closefd=not shown) as terminal,
            # pooch takes a bar without a total for none
            tqdm(
                total=1, desc=options.name, unit="B", unit_scale=True, leave=False, file=terminal, disable=not shown
            ) as bar,
        ):
            source = cached(options.name, original, bar)
    put(source, options.output, original.digest)
    return f"{options.output.stat().st_size} bytes, {original.digest[:19]}"


if __name__ == "__main__":
    command.run(main)
