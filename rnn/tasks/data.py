"""Prepared data of a task at one length: splits, what they are, and what simple predictors reach on them."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.files import write_whole

Array = NDArray[Any]
SPLITS = ("train", "valid", "test")
PARTS = ("x", "y", "n", "legal")


@dataclass(frozen=True)
class Split:
    """N examples: ``x`` (N, T, D) or symbols (N, T); targets ``y``; lengths ``n`` (N,).

    ``legal`` (N, T, K) says which classes may come at each step, where the data are scored by that; None elsewhere.
    """

    x: Array
    y: Array
    n: NDArray[np.int64]
    legal: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.n)

    def take(self, index: NDArray[np.intp] | slice) -> Split:
        """Return some of the examples."""
        legal = None if self.legal is None else self.legal[index]
        return Split(self.x[index], self.y[index], self.n[index], legal)

    def longest_first(self) -> Split:
        """Return the same examples by descending length: steps that a whole batch lacks behind its end cost nothing."""
        if np.all(self.n[1:] <= self.n[:-1]):
            return self
        return self.take(np.argsort(-self.n, kind="stable"))


@dataclass(frozen=True)
class Data:
    """A task's splits at one length.

    ``train`` is None where training examples are generated as they are needed. The metric is ``scored_by`` (one of
    ``rnn.scores``) times ``metric_scale``, which turns it into the metric's unit; ``tolerance`` is what it allows,
    where it allows something. ``symbols`` and ``classes`` say what an input symbol and a class are called, where the
    texts may be printed; None elsewhere. ``feedback`` holds the input that stands for each class, symbols (K,) or rows
    (K, D), where a network reads what it has written; class 0 then ends what is written. ``card`` says in JSON-able
    values what the data are: source, licence, split, example, baselines.
    """

    task: str
    length: int
    inputs: str  # "dense", "one-hot" or "embedding"
    n_inputs: int
    n_outputs: int
    loss: str  # "mse", "cross-entropy" or "binary cross-entropy"
    at: str  # "last" or "every"
    metric_scale: float
    valid: Split
    test: Split
    train: Split | None
    card: dict[str, Any]
    scored_by: str = "loss"
    tolerance: float = 0.0
    dimension: int = 0  # of the vectors of an embedding; 0 for other inputs
    symbols: list[str] | None = None
    classes: list[str] | None = None
    feedback: Array | None = None

    @property
    def baseline(self) -> float:
        """Test score of the trivial predictor."""
        return float(self.card["baselines"][self.card["trivial"]])

    @property
    def classical(self) -> float | None:
        """Test score of the classical baseline, where there is one."""
        name = self.card["classical"]
        return None if name is None else float(self.card["baselines"][name])

    @cached_property
    def sha256(self) -> str:
        """Digest of every array, every description and every baseline."""
        digest = sha256(self._description().encode())
        for name, array in self._arrays().items():
            digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def save(self, path: Path) -> None:
        """Write one .npz file, whole or not at all."""
        memory = io.BytesIO()
        np.savez_compressed(
            memory, allow_pickle=False, **{"description": np.array(self._description())} | self._arrays()
        )
        write_whole(path, lambda temporary: temporary.write_bytes(memory.getvalue()))

    @classmethod
    def load(cls, path: Path) -> Data:
        """Read what ``save`` wrote."""
        with np.load(path) as file:
            fields = json.loads(str(file["description"]))
            splits: dict[str, Any] = {
                name: Split(**{part: file[f"{name}.{part}"] for part in PARTS if f"{name}.{part}" in file})
                if f"{name}.x" in file
                else None
                for name in SPLITS
            }
            feedback = file.get("feedback")
        return cls(**fields | splits, feedback=feedback)

    def _description(self) -> str:
        plain = {name: value for name, value in vars(self).items() if name not in (*SPLITS, "feedback", "sha256")}
        return json.dumps(plain, sort_keys=True, ensure_ascii=False)

    def _arrays(self) -> dict[str, Array]:
        splits = {name: getattr(self, name) for name in SPLITS}
        found = {
            f"{name}.{part}": getattr(split, part)
            for name, split in splits.items()
            if split is not None
            for part in PARTS
        }
        found["feedback"] = self.feedback
        return {name: array for name, array in found.items() if array is not None}
