"""Numbers and factors of a recurrent matrix alone: two of them are often taken for the gradient (REFERENCE A3, A4)."""

import numpy as np
from numpy.typing import NDArray


def spectral_radius(w_hh: NDArray[np.floating]) -> float:
    """Return the largest modulus of an eigenvalue of W_hh (H, H)."""
    return float(np.abs(np.linalg.eigvals(w_hh.astype(np.float64))).max())


def sigma_max(w_hh: NDArray[np.floating]) -> float:
    """Return the largest singular value of W_hh (H, H)."""
    return float(np.linalg.norm(w_hh.astype(np.float64), 2))


def polar_factor(w_hh: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the orthogonal factor U of W_hh = U P, the orthogonal matrix nearest to W_hh (Higham 1986)."""
    left, _, right = np.linalg.svd(w_hh.astype(np.float64))
    return np.asarray(left @ right)
