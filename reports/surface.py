"""The one-unit surface that the chapter on the cliff shows: what is drawn, and the paths on it, computed once."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rnn.cliff import Descent, SigmoidUnit, descend

Array = NDArray[np.float64]

UNIT = SigmoidUnit()
WEIGHT = 5.0  # of the cut through the surface (REFERENCE A18)
LOW, HIGH = (3.4, -3.2), (5.8, -1.2)  # corners of the map, as (w, b)

START = (5.0, -1.9)  # meets the wall within a few updates, before rounding could matter
STARTS = tuple(itertools.product(np.linspace(4.4, 5.6, 13).round(2), np.linspace(-3, -1.6, 15).round(2)))
RATE = 1.0
CLIP = 0.3
THRESHOLDS = (0, 3, 1, CLIP, 0.1)  # 0: never clipped
UPDATES = 100
NEAR = 0.01  # an error below that of any attractor beside the cliff
STEEP = 1.0  # a gradient norm that is ordinary nowhere but at the wall


@cache
def one(threshold: float) -> Descent:
    """Return the path from START."""
    return descend(UNIT, np.array([START]), RATE, threshold, UPDATES)


@cache
def many(threshold: float) -> Descent:
    """Return the paths from STARTS."""
    return descend(UNIT, np.array(STARTS), RATE, threshold, UPDATES)


def left(descent: Descent) -> int:
    """Return how many paths leave the map."""
    return int(descent.outside(LOW, HIGH).any(axis=0).sum())


def lost(descent: Descent) -> int:
    """Return how many paths are off the map at the end."""
    return int(descent.outside(LOW, HIGH)[-1].sum())


def arrived(descent: Descent) -> int:
    """Return how many paths end with an error below NEAR."""
    return int((descent.error[-1] < NEAR).sum())


def at_wall(descent: Descent) -> int:
    """Return after how many updates a lone path first stands where the surface is steep."""
    return int(np.argmax(descent.norm[:, 0] > STEEP))


def norm_at(b: Array | float, w: float = WEIGHT) -> Array:
    """Return the norm of the gradient by w and b."""
    return np.asarray(np.linalg.norm(UNIT.gradient(w, b), axis=0))


@cache
def steep_width() -> float:
    """Return the width in b of what is steep around the border, at WEIGHT."""
    grid = np.linspace(-0.02, 0.02, 40_001)
    steep = norm_at(float(UNIT.border(WEIGHT)) + grid) > STEEP
    return float(np.count_nonzero(steep) * (grid[1] - grid[0]))
