"""What became of the claims: how many hold, and each in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.claims import INCONCLUSIVE, REFUTED, SUPPORTED, Claim, load
from reports.claims.inference import TEST_NAMES
from reports.inputs import Inputs
from reports.names import cell_name, short, variant_name
from reports.numbers import MINUS, counted, listed, significant, with_interval
from reports.sentences.words import capital

SIGNS = {"above": ">", "below": "<"}


def estimate(row: dict[str, Any]) -> str:
    """Return a claim's estimate with its interval."""
    return with_interval(row["estimate"], row["ci_low"], row["ci_high"])


def left_out(inputs: Inputs) -> list[Claim]:
    """Return the claims that an experiment has not the data for."""
    decided = {row["id"] for row in inputs.claims}
    return [claim for claim in load() if claim.id not in decided]


def needed(claim: Claim) -> str:
    """Return in words what a claim cannot be decided without."""
    needs = claim.needs
    if needs.activations:
        return f"random networks with {listed(needs.activations)}"
    variants: dict[str, list[str]] = {}
    for model in needs.models:
        cell, _, variant = model.partition("/")
        variants.setdefault(cell, []).append(variant_name(cell, variant))
    models = listed([f"{cell_name(cell)} ({listed(names)})" for cell, names in variants.items()])
    return f"{models} on {listed([short(task) for task in needs.tasks], 'or')}" if needs.tasks else models


def summary(inputs: Inputs) -> str:
    """Say how many claims are supported, refuted and left open, and how many are left out."""
    rows = inputs.claims
    absent = len(left_out(inputs))
    if not rows:
        return "This experiment has not what any of the claims needs."
    popular = [row for row in rows if row["popular"]]
    parts = [f"Of {counted(len(rows), 'claim')}, {_counts(rows)}."]
    if popular:
        parts.append(f"Of the popular statements among them, {_counts(popular)}.")
    if absent:
        parts.append(f"{counted(absent, 'claim needs', 'claims need')} data that this experiment has not.")
    return " ".join(parts)


def refuted_popular(inputs: Inputs) -> str:
    """Name the popular statements that are refuted; empty where none is."""
    found = [row for row in inputs.claims if row["popular"] and row["verdict"] == REFUTED]
    return f"Refuted here: {' '.join('“' + row['statement'] + '”' for row in found)}" if found else ""


def in_short(inputs: Inputs) -> str:
    """Say how many claims hold and name the popular statements that do not; empty where none could be decided."""
    if not inputs.claims:
        return ""
    refuted = [row["statement"] for row in inputs.claims if row["popular"] and row["verdict"] == REFUTED]
    named = listed([f"“{statement.removesuffix('.')}”" for statement in refuted])
    popular = f" Refuted popular {'statement' if len(refuted) == 1 else 'statements'}: {named}." if refuted else ""
    return f"Of {counted(len(inputs.claims), 'claim')} written beforehand, {_counts(inputs.claims)}.{popular}"


def each(inputs: Inputs) -> list[str]:
    """Say of each claim what was found and how sure it is."""
    return [_one(row) for row in inputs.claims]


def margin(row: dict[str, Any]) -> str:
    """Return a claim's margin as it stands in its file."""
    return f"{row['margin']:g}".replace("-", MINUS)


def _one(row: dict[str, Any]) -> str:
    why = f", since {row['reason']}" if row["verdict"] == INCONCLUSIVE else ""
    return (
        f"{row['statement']} {capital(row['verdict'])}{why}. {capital(row['quantity'])}: {estimate(row)}, where the "
        f"statement asks for a value {row['side']} {margin(row)}; {counted(row['n'], 'observation')}, one for each "
        f"{row['unit']}; {TEST_NAMES[row['test']]}, corrected p {significant(row['p_corrected'], 2)}."
    )


def _counts(rows: Sequence[dict[str, Any]]) -> str:
    verdicts = [row["verdict"] for row in rows]
    counts = [(verdicts.count(name), name) for name in (SUPPORTED, REFUTED, INCONCLUSIVE)]
    return listed([f"{n} {'is' if n == 1 else 'are'} {name}" for n, name in counts if n])
