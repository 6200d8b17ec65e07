"""What a claim is, and the file in which all of them are fixed."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator, model_validator

from reports.claims.inference import NULL, TESTS
from reports.claims.statistics import STATISTICS
from reports.tables import TABLES
from rnn.cells import CELLS
from rnn.tasks import TASKS
from rnn.variants import VARIANTS

FILE = Path(__file__).with_name("claims.yaml")
Side = Literal["above", "below"]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


class Needs(_Strict):
    """The data that a claim is about; its statistic is given nothing else.

    Attributes
    ----------
    tasks
        Of these, the ones on which all models were trained; empty: all such tasks.
    models
        "cell/variant", every one of them; where two are compared, the first is the one the claim speaks of.
    activations
        Rows of the phase diagrams.
    columns
        "table.column"; the columns that name a table's rows come with them.
    """

    tasks: list[str] = []
    models: list[str] = []
    activations: list[str] = []
    columns: list[str] = Field(min_length=1)

    @field_validator("tasks")
    @classmethod
    def _known_tasks(cls, names: list[str]) -> list[str]:
        return _known(names, list(TASKS), "task")

    @field_validator("models")
    @classmethod
    def _known_models(cls, names: list[str]) -> list[str]:
        known = [f"{cell}/{name}" for name, variant in VARIANTS.items() for cell in CELLS if cell in variant.cells]
        return _known(names, known, "model")

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, names: list[str]) -> list[str]:
        return _known(names, [f"{name}.{column}" for name, t in TABLES.items() for column in t.schema.names], "column")


class Claim(_Strict):
    """A statement, and what decides it.

    Attributes
    ----------
    popular
        Whether it is one that is often heard, in place of one that the study makes.
    quantity
        What the estimate is, in words, with its unit.
    statistic
        Function that makes the observations, one a ``unit``.
    test
        Function that says how sure it is that the quantity is above or below the margin.
    side
        Where it is if the statement is true; it is refuted on the other side.
    """

    id: str
    statement: str
    popular: bool = False
    quantity: str
    statistic: str
    unit: str
    test: str
    side: Side
    margin: float
    needs: Needs

    @field_validator("statistic")
    @classmethod
    def _known_statistic(cls, name: str) -> str:
        return _known([name], list(STATISTICS), "statistic")[0]

    @field_validator("test")
    @classmethod
    def _known_test(cls, name: str) -> str:
        return _known([name], list(TESTS), "test")[0]

    @model_validator(mode="after")
    def _margin_of_the_test(self) -> Claim:
        if self.margin != NULL.get(self.test, self.margin):
            raise ValueError(f"{self.id}: {self.test} tests against {NULL[self.test]:g} and no other margin")
        return self


def load(file: Path = FILE) -> list[Claim]:
    """Read the claims.

    Raises
    ------
    ValueError
        A key, a name or a value is not known, or two claims have one id.
    """
    claims = TypeAdapter(list[Claim]).validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
    ids = [claim.id for claim in claims]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise ValueError(f"{file} has {', '.join(twice)} twice.")
    return claims


def _known(names: list[str], known: list[str], what: str) -> list[str]:
    for name in names:
        if name not in known:
            raise ValueError(f"there is no {what} {name!r}")
    return names
