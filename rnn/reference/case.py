"""One reference case: what a correct program must give, and what this one gives."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

CLOSED_FORM = "closed form"
OWN = "computed for this study"  # beforehand, by simulations apart from this library


@dataclass(frozen=True)
class Case:
    """A number that is known beside the same number as measured now.

    Where whole arrays must agree, ``expected`` is 0 and ``measured`` their largest deviation.
    """

    case: str  # the row, "A1" to "A22"
    statement: str  # one sentence; it names the case among those of its row
    expected: float
    measured: float
    tolerance: float  # absolute
    source: str  # paper and place in it, "closed form", "lecture" or OWN

    @property
    def ok(self) -> bool:
        """Whether the measured value is within the tolerance; never if it is NaN."""
        return abs(self.measured - self.expected) <= self.tolerance


def largest_deviation(found: ArrayLike, right: ArrayLike) -> float:
    """Return the largest absolute difference of two arrays of one shape; NaN where either has one."""
    return float(np.abs(np.subtract(found, right)).max())


def relative_deviation(found: ArrayLike, right: ArrayLike) -> float:
    """Return the largest absolute difference of two arrays divided by the largest entry of the right one."""
    return largest_deviation(found, right) / float(np.abs(right).max())
