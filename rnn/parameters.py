"""All parameters of a stack of seeds in one flat array, with named views into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Parameters:
    """``flat`` (S, P) is what optimisers and clipping see, ``named`` holds views (S, *shape) for the network."""

    flat: Array
    named: dict[str, Array]

    @classmethod
    def zeros(cls, shapes: Mapping[str, tuple[int, ...]], seeds: int, dtype: DTypeLike = np.float32) -> "Parameters":
        """Reserve parameters for S seeds."""
        return cls.wrap(np.zeros((seeds, sum(prod(shape) for shape in shapes.values())), dtype), shapes)

    @classmethod
    def wrap(cls, flat: Array, shapes: Mapping[str, tuple[int, ...]]) -> "Parameters":
        """See a flat (S, P) array as named parameters."""
        named, start = {}, 0
        for name, shape in shapes.items():
            named[name] = flat[:, start : start + prod(shape)].reshape(len(flat), *shape)
            start += prod(shape)
        return cls(flat, named)

    @classmethod
    def stack(cls, seeds: Sequence[Mapping[str, Array]], dtype: DTypeLike) -> "Parameters":
        """Join the parameters of single seeds, as ``of_seed`` returns them."""
        stacked = cls.zeros({name: array.shape for name, array in seeds[0].items()}, len(seeds), dtype)
        for name, array in stacked.named.items():
            array[...] = np.stack([seed[name] for seed in seeds])
        return stacked

    def keep(self, index: NDArray[np.intp]) -> "Parameters":
        """Return a copy with only these seeds."""
        return self.wrap(self.flat[index], {name: array.shape[1:] for name, array in self.named.items()})

    def of_seed(self, s: int) -> dict[str, Array]:
        """Return a copy of one seed's named parameters."""
        return {name: array[s].copy() for name, array in self.named.items()}
