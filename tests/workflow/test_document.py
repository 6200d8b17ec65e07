"""The schema and the page are what the models say now."""

import json
from pathlib import Path

from workflow import document
from workflow.strict_yaml import read_mapping

ROOT = Path(__file__).resolve().parents[2]


def test_the_files_are_up_to_date() -> None:
    again = "run `python -m workflow.document`"
    assert (ROOT / document.SCHEMA).read_text(encoding="utf-8") == document.schema(), again
    assert (ROOT / document.PAGE).read_text(encoding="utf-8") == document.page(), again


def test_editors_find_the_schema_and_it_knows_every_key_of_our_experiments() -> None:
    schema = json.loads(document.schema())
    for path in (ROOT / "experiments").glob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        named = first.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / named).resolve() == ROOT / document.SCHEMA
        assert set(read_mapping(path)) <= set(schema["properties"])
