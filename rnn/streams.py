"""Independent random streams, one for each purpose: never shared, never dependent on the order of calls."""

from hashlib import sha256

import numpy as np


def stream(purpose: str, *key: str | int) -> np.random.Generator:
    """Return the generator of a purpose ("weights", "splits", "training"...) and a key.

    The entropy of its ``SeedSequence`` is the SHA-256 of purpose and key, so that two keys never share numbers,
    whatever their lengths.
    """
    digest = sha256("\0".join((purpose, *map(str, key))).encode()).digest()
    return np.random.default_rng(np.random.SeedSequence(np.frombuffer(digest, np.uint32).tolist()))
