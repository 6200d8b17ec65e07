"""What all steps share: arguments, ending with the run, and errors told in one sentence."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

from rnn.errors import StudyError
from rnn.setup import Setup


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the argument that ``workflow.steps`` has acted on already."""
    arguments = argparse.ArgumentParser(description=description, allow_abbrev=False)
    arguments.add_argument(
        "--portable", action="store_true", help="pin kernels that every x86-64 machine since 2013 has"
    )
    return arguments


def add_setup(arguments: argparse.ArgumentParser, **known: Any) -> None:
    """Add one required argument for each field of a ``Setup`` whose value is not known."""
    for name, kind in get_type_hints(Setup).items():
        if name not in known:
            arguments.add_argument(f"--{name.replace('_', '-')}", type=kind, required=True)
    arguments.set_defaults(**known)


def setup_of(values: argparse.Namespace) -> Setup:
    """Return the ``Setup`` that ``add_setup`` made arguments for."""
    return Setup(**{field.name: getattr(values, field.name) for field in fields(Setup)})


def add_paths(arguments: argparse.ArgumentParser, **helps: str) -> None:
    """Add required path arguments with their help texts."""
    for name, text in helps.items():
        arguments.add_argument(f"--{name.replace('_', '-')}", type=Path, required=True, help=text)


def run(step: Callable[[], str]) -> None:
    """Run a step; its last line says what it found and is shown as progress. Other errors keep their traceback."""
    try:
        print(step(), flush=True)
    except StudyError as error:
        sys.exit(str(error))
