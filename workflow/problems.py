"""Turning pydantic's errors into sentences that name the key, the place and the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

KINDS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "text",
    "string_pattern_mismatch": "one line of text",
    "list_type": "a list, like [a, b]",
    "model_type": "`key: value` lines",
    "dict_type": "`key: value` lines",
    "too_short": "a list with at least one entry",
    "too_long": "an empty list",
}
BOUNDS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the most similar of the words, None where none is similar."""
    close = difflib.get_close_matches(word, list(words), n=1, cutoff=0.5)
    return close[0] if close else None


def sentences(path: Path, model: type[BaseModel], error: ValidationError) -> list[str]:
    """Return one sentence for each thing to mend; a misspelt key is not told again as a missing one."""
    problems = error.errors()
    misspelt = {
        (*place, nearest(str(key), _keys(model, place)))
        for *place, key in (problem["loc"] for problem in problems if problem["type"] == "extra_forbidden")
    }
    return [
        f"{path}: {_sentence(model, problem)}."
        for problem in problems
        if problem["type"] != "missing" or problem["loc"] not in misspelt
    ]


def _sentence(model: type[BaseModel], problem: Any) -> str:
    kind, place, context = problem["type"], problem["loc"], problem.get("ctx", {})
    if kind == "extra_forbidden":
        *parents, key = place
        owner = f"`{_name(parents)}`" if parents else "an experiment"
        keys = _keys(model, parents)
        close = nearest(str(key), keys)
        return f"`{key}` is not a key of {owner}; " + (
            f"the nearest is `{close}`" if close else f"its keys are {', '.join(keys)}"
        )
    where, value = f"`{_name(place)}`", problem["input"]
    if kind == "missing":
        return f"{where} is missing: add it"
    if kind == "value_error":
        return f"{where} {context['error']}"
    found = f"{where} is {'empty' if value is None else _short(value)} and must be "
    if kind == "literal_error":
        names = [name.strip("'") for name in context["expected"].replace(" or ", ", ").split(", ")]
        close = nearest(str(value), names)
        return found + " or ".join(names) + (f"; the nearest is `{close}`" if close else "")
    if kind in BOUNDS:
        bound, words = BOUNDS[kind]
        return f"{found}{words} {context[bound]:g}"
    if kind in KINDS:
        return found + KINDS[kind]
    return f"{where} is {_short(value)}: {problem['msg']}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."


def _name(place: Sequence[Any]) -> str:
    text = ""
    for part in place:
        if part == "[key]":  # pydantic's word for an error of the key that stands before it
            continue
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text


def _keys(model: type[BaseModel], place: Sequence[Any]) -> list[str]:
    parts = iter(place)
    for part in parts:
        annotation = model.model_fields[part].annotation
        if get_origin(annotation) in (list, dict):
            annotation = get_args(annotation)[-1]
            next(parts)  # an entry's number or name
        assert isinstance(annotation, type)
        assert issubclass(annotation, BaseModel)
        model = annotation
    return list(model.model_fields)
