"""Reading YAML without its traps: keys that are written twice, and ``1e-3``, which PyYAML takes for text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from rnn.errors import StudyError


class _Loader(yaml.SafeLoader):
    """A safe loader that keeps account of repeated keys."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.problems: list[str] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: dict[Any, int] = {}
        for key_node, _ in node.value:
            key, line = self.construct_object(key_node, deep=True), key_node.start_mark.line + 1
            if not isinstance(key, str):
                self.problems.append(
                    f"line {line}: the key {key_node.value!r} is not a name; put it in quotes if it is meant"
                )
            elif key in seen:
                self.problems.append(
                    f"line {line}: the key `{key}` stands on line {seen[key]} already; keep one of the two"
                )
            seen[str(key)] = line
        return super().construct_mapping(node, deep)


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)[eE][-+]?\d+$"),
    list("-+.0123456789"),
)


def read_mapping(path: Path) -> dict[str, Any]:
    """Return a file's top-level mapping.

    Raises
    ------
    StudyError
        One sentence for each problem, one a line: not readable, not YAML, keys that repeat, or not a mapping.
    """
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        content = loader.get_single_data()
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"{path} cannot be read as UTF-8 text: {error}.") from error
    except yaml.MarkedYAMLError as error:
        where = f"line {error.problem_mark.line + 1}" if error.problem_mark else "its end"
        raise StudyError(f"{path} is not valid YAML at {where}: {error.problem}.") from error
    except yaml.YAMLError as error:
        raise StudyError(f"{path} is not valid YAML: {' '.join(str(error).split())}.") from error
    if loader.problems:
        raise StudyError("\n".join(f"{path}, {problem}." for problem in loader.problems))
    if not isinstance(content, dict):
        raise StudyError(
            f"{path} must hold `key: value` lines; it holds {'nothing' if content is None else repr(content)}."
        )
    return content
