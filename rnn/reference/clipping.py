"""A19: clipping by the global norm."""

import numpy as np

from rnn.optimise import Clip
from rnn.reference.case import Case

PASCANU = "Pascanu, Mikolov & Bengio 2013, algorithm 1"


def clipping_cases() -> list[Case]:
    """A19: one factor for all parameters together; what is not finite is left to be seen."""
    rng = np.random.default_rng(19)
    gradient = rng.normal(size=(50, 1000)) * np.geomspace(1e-6, 1e6, 50)[:, None]
    threshold = 1.0
    right = np.array([row * min(1, threshold / np.sqrt(np.sum(row**2))) for row in gradient])
    clipped = gradient.copy()
    Clip(threshold)(clipped)
    deviation = np.linalg.norm(clipped - right, axis=1) / np.linalg.norm(right, axis=1)
    broken = rng.normal(size=(3, 1000))
    broken[:, 7] = np.inf, -np.inf, np.nan
    after = broken.copy()
    norm, scaled = Clip(threshold)(after)
    unseen = np.isfinite(norm) | scaled | (after.view(np.uint64) != broken.view(np.uint64)).any(axis=1)
    return [
        Case(
            "A19",
            "Clipping at 1 multiplies the gradient of all parameters by min(1, 1/norm), and so keeps its direction; "
            "largest relative deviation for norms from 1e-5 to 1e7.",
            0,
            float(deviation.max()),
            1e-14,
            PASCANU,
        ),
        Case(
            "A19",
            "Of three gradients with an infinite or undefined entry, so many are scaled or reported as finite.",
            0,
            int(unseen.sum()),
            0,
            PASCANU,
        ),
    ]
