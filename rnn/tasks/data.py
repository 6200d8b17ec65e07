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


@dataclass(frozen=True)
class Split:
    """N examples: ``x`` (N, T, D) or symbols (N, T); targets ``y``; lengths ``n`` (N,)."""

    x: Array
    y: Array
    n: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.n)

    def take(self, index: NDArray[np.intp] | slice) -> Split:
        """Return some of the examples."""
        return Split(self.x[index], self.y[index], self.n[index])

    def longest_first(self) -> Split:
        """Return the same examples by descending length: steps that a whole batch lacks behind its end cost nothing."""
        if np.all(self.n[1:] <= self.n[:-1]):
            return self
        return self.take(np.argsort(-self.n, kind="stable"))


@dataclass(frozen=True)
class Data:
    """A task's splits at one length.

    ``train`` is None where training examples are generated as they are needed. The metric is ``scored_by`` times
    ``metric_scale``, which turns it into the metric's unit. ``symbols`` and ``classes`` say what an input symbol and a
    class are called, where the texts may be printed; None elsewhere. ``card`` says in JSON-able values what the data
    are: source, licence, split, example, baselines.
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
    scored_by: str = "loss"  # "loss", the mean of the loss, or "errors", the share of wrong classes
    dimension: int = 0  # of the vectors of an embedding; 0 for other inputs
    symbols: list[str] | None = None
    classes: list[str] | None = None

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
                name: Split(file[f"{name}.x"], file[f"{name}.y"], file[f"{name}.n"]) if f"{name}.x" in file else None
                for name in SPLITS
            }
        return cls(**fields | splits)

    def _description(self) -> str:
        plain = {name: value for name, value in vars(self).items() if name not in (*SPLITS, "sha256")}
        return json.dumps(plain, sort_keys=True, ensure_ascii=False)

    def _arrays(self) -> dict[str, Array]:
        splits = {name: getattr(self, name) for name in SPLITS}
        return {
            f"{name}.{part}": getattr(split, part)
            for name, split in splits.items()
            if split is not None
            for part in "xyn"
        }
