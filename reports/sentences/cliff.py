"""What the one-unit surface says: where it falls off, why, and what gradient steps do there."""

from __future__ import annotations

import numpy as np

from reports import surface
from reports.numbers import counted, listed, significant
from reports.surface import CLIP, NEAR, RATE, START, STEEP, UNIT, UPDATES, WEIGHT
from rnn.cliff import saddle_nodes

BESIDE = 1e-3  # in b: as near to the border as one looks


def plain(value: float, decimals: int = 4) -> str:
    """Return a weight or a bias."""
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".").replace("-", "−")


def jump() -> str:
    """Say where the error jumps at WEIGHT, and how the gradient there compares with that at the saddle-nodes."""
    border, nodes = float(UNIT.border(WEIGHT)), saddle_nodes(WEIGHT)
    below, above = UNIT.error(WEIGHT, np.array([border - BESIDE, border + BESIDE]))
    norms = [significant(float(surface.norm_at(float(node))), 2) for node in nodes]
    return (
        f"At w = {WEIGHT:g} the border lies at b = {plain(border)}: {BESIDE:g} below it the error after {UNIT.steps} "
        f"steps is {significant(float(below), 2)}, {BESIDE:g} above it {significant(float(above), 2)}. On the border "
        f"the gradient has a norm of {significant(float(surface.norm_at(border)), 2)}; at the saddle-nodes, "
        f"b = {plain(float(nodes[0]))} and {plain(float(nodes[1]))}, it has {norms[0]} and {norms[1]}."
    )


def why() -> str:
    """Say what makes the gradient so large on the border, in the factors of the formula."""
    growth = float(UNIT.growth(WEIGHT))
    return (
        f"On the border the state stands still at its start, {UNIT.start:g}, and slope times weight is "
        f"{significant(growth, 4)} at every step; {UNIT.steps} such factors make "
        f"{significant(growth**UNIT.steps, 2)}. Everywhere else the state settles on an attractor, where the factor is "
        "below 1."
    )


def ends() -> str:
    """Say from which weight on there are two attractors, and from which on a border between them."""
    least = UNIT.least_weight
    return (
        f"Two attractors take a weight above 4, and the start lies on the border between them from "
        f"w = {significant(least, 3)} on: there the border begins, on the lower saddle-nodes."
    )


def thin() -> str:
    """Say how thin the wall is."""
    return (
        f"The wall is thin: at w = {WEIGHT:g} the gradient’s norm is above {STEEP:g} on "
        f"{significant(surface.steep_width(), 2)} of b, so many an update jumps over it."
    )


def thrown() -> str:
    """Say what the update at the wall does without clipping."""
    path = surface.one(0)
    wall = surface.at_wall(path)
    w, b = path.points[wall + 1, 0]
    stays = path.outside(surface.LOW, surface.HIGH)[wall + 1 :].all()
    after = (
        f"after {UPDATES} updates the path is still off the map, at an error of {significant(path.error[-1, 0], 2)}"
        if stays
        else f"after {UPDATES} updates the error is {significant(path.error[-1, 0], 2)}"
    )
    return (
        f"From w = {START[0]:g}, b = {plain(START[1])}, at a rate of {RATE:g}, {wall} updates go downhill, past the "
        f"upper saddle-nodes, to an error of {significant(path.error[wall, 0], 2)}. There the gradient’s norm is "
        f"{significant(path.norm[wall, 0], 2)}, {significant(path.norm[wall, 0] / path.norm[wall - 1, 0], 2)} times "
        f"that before it. Without clipping, update {wall + 1} lands at w = {plain(w, 1)}, b = {plain(b, 1)}, where the "
        f"unit saturates and the norm is {significant(path.norm[wall + 1, 0], 2)}; {after}."
    )


def held() -> str:
    """Say what the same update does with clipping."""
    path = surface.one(CLIP)
    wall = surface.at_wall(path)
    shortened = int((path.norm[:-1, 0] > CLIP).sum())
    w, b = path.points[-1, 0]
    return (
        f"Clipped at {CLIP:g}, update {wall + 1} has the same direction and a length of {RATE * CLIP:g}. Of {UPDATES} "
        f"updates {shortened} are shortened; the last one ends at w = {plain(w, 1)}, b = {plain(b, 1)}, with an "
        f"error of {significant(path.error[-1, 0], 2)}."
    )


def starts() -> str:
    """Say how many of many starts are lost with and without clipping, and how many get near an error of 0."""
    free, clipped = surface.many(0), surface.many(CLIP)
    kept = surface.left(clipped)
    return (
        f"The start in the map is chosen to meet it early. Of {counted(len(surface.STARTS), 'start')} on a grid, "
        f"{surface.left(free)} leave the map within {UPDATES} updates without clipping, and {surface.lost(free)} are "
        f"off it at the end; clipped at {CLIP:g}, {kept or 'none'} of them {'leaves' if kept < 2 else 'leave'} it. "
        f"{surface.arrived(free)} end with an error below {NEAR:g} without clipping, {surface.arrived(clipped)} with."
    )


def threshold() -> str:
    """Say which thresholds lose as many paths as no clipping, and which lose none."""
    lost = {threshold: surface.lost(surface.many(threshold)) for threshold in surface.THRESHOLDS}
    free = lost.pop(0)
    useless = [f"{threshold:g}" for threshold, n in lost.items() if n >= free]
    enough = [f"{threshold:g}" for threshold, n in lost.items() if n == 0]
    return " ".join(
        [
            "A threshold must fit the surface.",
            *([f"At {listed(useless)} it loses as many paths as no clipping does."] if useless else []),
            *([f"At {listed(enough)} it loses none."] if enough else []),
        ]
    )
