"""Exponents of power laws."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import t as student


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> tuple[float, float, float]:
    """Fit ``seconds = a sizes^e`` by least squares of the logarithms; return e and its 95 % interval.

    Raises
    ------
    ValueError
        Fewer than three points, of which no interval can be made.
    """
    if len(sizes) < 3:
        raise ValueError(f"An exponent with its interval needs at least 3 sizes, not {len(sizes)}.")
    x, y = np.log(sizes), np.log(seconds)
    x = x - x.mean()
    slope = float(x @ y / (x @ x))
    residual = y - y.mean() - slope * x
    freedom = len(x) - 2
    half = float(student.ppf(0.975, freedom) * np.sqrt(residual @ residual / freedom / (x @ x)))
    return slope, slope - half, slope + half
