"""Two numbers of a recurrent matrix that are often taken for the gradient, and are not (REFERENCE A3, A4)."""

import numpy as np
from numpy.typing import NDArray


def spectral_radius(w_hh: NDArray[np.floating]) -> float:
    """Return the largest modulus of an eigenvalue of W_hh (H, H)."""
    return float(np.abs(np.linalg.eigvals(w_hh.astype(np.float64))).max())


def sigma_max(w_hh: NDArray[np.floating]) -> float:
    """Return the largest singular value of W_hh (H, H)."""
    return float(np.linalg.norm(w_hh.astype(np.float64), 2))
