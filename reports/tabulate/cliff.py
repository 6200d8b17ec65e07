"""Gradient descent beside the cliff by the threshold of clipping."""

from __future__ import annotations

import numpy as np

from reports import surface
from reports.numbers import counted, significant
from reports.sentences.cliff import plain
from reports.surface import HIGH, LOW, NEAR, RATE, STARTS, THRESHOLDS, UPDATES
from reports.tabulate.tabulation import Tabulation

PROVENANCE = "Computed from the unit’s two parameters; no run is involved."


def thresholds() -> Tabulation:
    """Tabulate how many paths leave the map, and where they end, for each threshold."""
    rows = []
    for threshold in THRESHOLDS:
        found = surface.many(threshold)
        longest = np.linalg.norm(np.diff(found.points, axis=0), axis=-1).max()
        rows.append(
            (
                f"{threshold:g}" if threshold else "none",
                significant(float(longest), 2),
                str(surface.left(found)),
                str(surface.lost(found)),
                str(surface.arrived(found)),
                significant(float(np.median(found.error[-1])), 2),
            )
        )
    return Tabulation(
        name="cliff-thresholds",
        caption=f"Gradient descent on the one-unit surface from {counted(len(STARTS), 'start')}, w from "
        f"{STARTS[0][0]:g} to {STARTS[-1][0]:g} and b from {plain(STARTS[0][1])} to {plain(STARTS[-1][1])}: "
        f"{UPDATES} updates at a rate of {RATE:g}. The map is w from {LOW[0]:g} to {HIGH[0]:g}, b from {plain(LOW[1])} "
        f"to {plain(HIGH[1])}.",
        header=(
            "clipped at",
            "longest update",
            "leave the map",
            "off it at the end",
            f"end below {NEAR:g}",
            "median error",
        ),
        rows=tuple(rows),
        provenance=PROVENANCE,
    )
