"""Norms of rows whose squares would leave float64."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def log_norm(rows: Array) -> NDArray[np.float64]:
    """ln of the norm along the last axis, -inf for zeros; divided by the largest entry first: tiny squares are zero."""
    largest = np.abs(rows).max(axis=-1)
    unit = np.where(largest > 0, largest, 1)
    with np.errstate(divide="ignore"):
        return np.asarray(0.5 * np.log(np.add.reduce((rows / unit[..., None]) ** 2, axis=-1)) + np.log(unit))


def multiplied(rows: Array, log_factor: Array) -> tuple[Array, NDArray[np.float64]]:
    """Return rows * exp(log_factor), scaled to norm 1, and ln of their norm; a row of zeros stays, with 0.

    The factors may be so small that they are zero in float64.
    """
    largest = log_factor.max(axis=-1, keepdims=True)
    largest = np.where(np.isneginf(largest), 0, largest)
    rows, log_scale = scaled_to_one(rows * np.exp(log_factor - largest))
    return rows, np.where(rows.any(axis=-1), log_scale + largest[..., 0], 0)


def scaled_to_one(rows: Array) -> tuple[Array, NDArray[np.float64]]:
    """Return rows of norm 1 and the logarithm of what they were divided by; a row of zeros stays, with 0."""
    norm = log_norm(rows)
    norm = np.where(np.isneginf(norm), 0, norm)
    return rows / np.exp(norm)[..., None], norm
