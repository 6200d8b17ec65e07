"""Write what the models of experiment files say: a schema for editors and a page for readers.

``python -m workflow.document`` after a change of the models; a test fails while the files differ from them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rnn.files import write_whole
from workflow.originals import Original
from workflow.settings import Experiment, TaskSettings

SCHEMA = Path("workflow/schema/experiment.schema.json")
PAGE = Path("docs/experiments.md")
INTRODUCTION = """\
# Experiment files

An experiment is one file, `experiments/<name>.yaml`; its name is the file's name.
`snakemake --config experiment=<name>` runs it and writes `results/<name>/`. An edit re-runs what depends on the edited
value and nothing else; what leaves the file leaves the tables and MLflow. Errors are told all at once, before anything
runs. Editors that know the YAML language server complete and check the keys from the first line of each file.

With `data_mirror=<folder>` beside the name, nothing is downloaded: the files of `files` are taken from that folder, by
the same names, and a task whose files are not there is left out.

This page is made from the models in `workflow/settings.py` by `python -m workflow.document`.
"""


def schema() -> str:
    """Return the JSON schema of an experiment file."""
    content = _without_null_defaults(Experiment.model_json_schema())
    content = {"$schema": "https://json-schema.org/draft/2020-12/schema", **content}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def page() -> str:
    """Return the documentation as Markdown."""
    content = Experiment.model_json_schema()
    parts = content["$defs"]
    return "\n".join(
        [
            INTRODUCTION,
            *_table("An experiment", content),
            *_table("`tuning`: the grid of learning rates", parts["Tuning"]),
            *_table("`variants`: ablations of a cell", parts["Variants"]),
            *_table("`ablations`: ablations at some lengths of a task", parts["Ablations"]),
            *_table("`phase`: the networks of the phase diagrams", parts["PhaseSettings"]),
            *_tasks(content),
            *_table("`tasks.<name>`: a task's lengths and budget", TaskSettings.model_json_schema()),
            *_table("`files.<name>`: where an original file is, and its digest", Original.model_json_schema()),
        ]
    )


def _table(heading: str, model: dict[str, Any]) -> Iterator[str]:
    yield f"## {heading}\n"
    yield "| key | value | default | meaning |\n| --- | --- | --- | --- |"
    for name, field in model["properties"].items():
        default = f"`{json.dumps(field['default'])}`" if field.get("default") is not None else ""
        if name in model.get("required", []):
            default = "(must be given)"
        yield f"| `{name}` | {_value(field)} | {default} | {field.get('description', '')} |"
    yield ""


def _tasks(content: dict[str, Any]) -> Iterator[str]:
    yield "## `tasks`: what is learned\n"
    yield "| key | its `lengths` | task |\n| --- | --- | --- |"
    for name, field in content["$defs"]["Tasks"]["properties"].items():
        model = content["$defs"][field["$ref"].rpartition("/")[2]]
        yield f"| `{name}` | {_value(model['properties']['lengths'])} | {model['description']} |"
    yield ""


def _value(field: dict[str, Any]) -> str:
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return " or ".join(f"`{name}`" for name in field["enum"])
    if "$ref" in field:
        return "keys, see its own table"
    if field.get("type") == "array":
        return f"list: {_value(field['items'])}"
    if "additionalProperties" in field and field["type"] == "object":
        return "a file's name, and under it keys, see its own table"
    words = {"integer": "whole number", "number": "number", "boolean": "`true` or `false`", "string": "text"}
    bounds = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}
    limits = ", ".join(f"{sign} {field[name]:g}" for name, sign in bounds.items() if name in field)
    return words[field["type"]] + (f" {limits}" if limits else "")


def _without_null_defaults(node: Any) -> Any:
    # a task that is left out has no settings; `null` would be refused
    if isinstance(node, dict):
        return {key: _without_null_defaults(value) for key, value in node.items() if (key, value) != ("default", None)}
    if isinstance(node, list):
        return [_without_null_defaults(value) for value in node]
    return node


def main() -> None:
    """Write both."""
    for path, text in ((SCHEMA, schema()), (PAGE, page())):
        write_whole(path, lambda temporary, text=text: temporary.write_text(text, encoding="utf-8"))


if __name__ == "__main__":
    main()
