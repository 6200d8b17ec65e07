"""Result tables that obey the schemas, and the report built from them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import reports
from reports.document import document, figures
from reports.figures.figure import Figure
from reports.inputs import Inputs
from reports.load import load
from tests.reports.synthetic import Synthetic, add_trouble, study

LENGTHS = {"hello": [4], "adding": [15, 40], "co2": [13, 26]}
EVERY = LENGTHS | {"sunspots": [11, 22], "reviews": [0, 10, 200], "reviews-long": [25, 50], "shakespeare": [25, 50]}


@pytest.fixture
def made() -> Synthetic:
    """A study in small, without trouble."""
    return study(LENGTHS, seeds=3)


@pytest.fixture
def every() -> Synthetic:
    """All tasks in small, ablations on some of them."""
    made = study(EVERY, seeds=3)
    made.drop_variants("reviews-long", "shakespeare")
    return made


@pytest.fixture
def inputs(made: Synthetic, tmp_path: Path) -> Inputs:
    return load(made.write(tmp_path))


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Synthetic], Inputs]:
    """Write tables and read them back."""
    return lambda made: load(made.write(tmp_path))


@pytest.fixture
def printed(read: Callable[[Synthetic], Inputs]) -> Callable[[Synthetic], dict]:
    """Return the document that tables lead to."""

    def document_of(made: Synthetic) -> dict:
        inputs = read(made)
        return document(inputs, figures(inputs))

    return document_of


@dataclass(frozen=True)
class Printed:
    """A whole document with what it was made from; shared, so no test may change it."""

    inputs: Inputs
    drawn: dict[str, list[Figure]]
    document: dict[str, Any]


def print_whole(results: Path) -> Printed:
    inputs = load(results)
    drawn = figures(inputs)
    return Printed(inputs, drawn, document(inputs, drawn))


@pytest.fixture(scope="session")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """What the study ``made`` leads to as it is."""
    return print_whole(study(LENGTHS, seeds=3).write(tmp_path_factory.mktemp("unchanged")))


@pytest.fixture(scope="session")
def troubled_print(troubled: Path) -> Printed:
    """What the troubled tables lead to."""
    return print_whole(troubled)


@pytest.fixture(scope="session")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Result tables of all tasks with everything that can go wrong in a run."""
    return add_trouble(study(EVERY, seeds=3)).write(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="session")
def edition(troubled: Path) -> Path:
    """The folder of a report built from them."""
    reports.build(troubled, troubled)
    return troubled
