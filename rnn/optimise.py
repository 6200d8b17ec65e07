"""Optimisers on the flat parameters of a stack of seeds, each seed with its own learning rate, and clipping."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]
Scalar = np.floating[Any]


class Optimiser(Protocol):
    """Updates parameters (S, P) in place from gradients (S, P)."""

    def update(self, flat: Array, grad: Array) -> None:
        """Take one step."""
        ...

    def keep(self, index: NDArray[np.intp]) -> None:
        """Forget all seeds but these."""
        ...


@dataclass
class Adam:
    """Adam (Kingma & Ba 2015, algorithm 1); ``rates`` (S,)."""

    rates: Array
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    step: int = 0
    _m: Array | None = field(default=None, repr=False)
    _v: Array | None = field(default=None, repr=False)

    def update(self, flat: Array, grad: Array) -> None:
        """m, v: running means of the gradient and its square, both corrected for their start at zero."""
        if self._m is None or self._v is None:
            self._m, self._v = np.zeros_like(flat), np.zeros_like(flat)
        self.step += 1
        rates = (self.rates / (1 - self.beta1**self.step)).astype(flat.dtype)
        # scalars of the same type, or the kernel would compute in float64
        numbers = map(flat.dtype.type, (1 - self.beta1, 1 - self.beta2, 1 - self.beta2**self.step, self.epsilon))
        _adam(flat, grad, self._m, self._v, rates, *numbers)

    def keep(self, index: NDArray[np.intp]) -> None:
        """Forget all seeds but these."""
        self.rates = self.rates[index]
        if self._m is not None and self._v is not None:
            self._m, self._v = self._m[index], self._v[index]


@njit(cache=True, fastmath={"contract"}, error_model="numpy")
def _adam(
    flat: Array, grad: Array, m: Array, v: Array, rates: Array, new_m: Scalar, new_v: Scalar, grown: Scalar, eps: Scalar
) -> None:
    """Go over all parameters once, where NumPy would go a dozen times: an embedding makes them many."""
    for s in range(flat.shape[0]):
        for j in range(flat.shape[1]):
            m[s, j] += new_m * (grad[s, j] - m[s, j])
            v[s, j] += new_v * (grad[s, j] * grad[s, j] - v[s, j])
            flat[s, j] -= rates[s] * m[s, j] / (np.sqrt(v[s, j] / grown) + eps)


@dataclass
class SGD:
    """Stochastic gradient descent with (heavy-ball) momentum; ``rates`` (S,)."""

    rates: Array
    momentum: float = 0.9
    _velocity: Array | None = field(default=None, repr=False)

    def update(self, flat: Array, grad: Array) -> None:
        """v = momentum v + gradient; parameters move by -rate v."""
        if self._velocity is None:
            self._velocity = np.zeros_like(flat)
        self._velocity *= self.momentum
        self._velocity += grad
        flat -= self.rates.astype(flat.dtype)[:, None] * self._velocity

    def keep(self, index: NDArray[np.intp]) -> None:
        """Forget all seeds but these."""
        self.rates = self.rates[index]
        if self._velocity is not None:
            self._velocity = self._velocity[index]


OPTIMISERS: dict[str, type[Adam] | type[SGD]] = {"adam": Adam, "sgd": SGD}


@dataclass(frozen=True)
class Clip:
    """Global-norm clipping (Pascanu, Mikolov & Bengio 2013, algorithm 1), each seed on its own."""

    threshold: float  # 0: never

    def __call__(self, grad: Array) -> tuple[Array, NDArray[np.bool_]]:
        """Scale each row of ``grad`` (S, P) in place by min(1, threshold / norm).

        Returns
        -------
        The norms before clipping (S,) in float64, and which rows were scaled. A norm that is not finite is returned as
        it is and its row left alone: it is for the caller to see, never silently zeroed.
        """
        # add.reduce along the row: einsum's order of summation depends on the number of rows
        norm = np.sqrt(np.add.reduce(np.square(grad, dtype=np.float64), axis=1))
        clipped = np.isfinite(norm) & (norm > self.threshold) & (self.threshold > 0)
        if clipped.any():
            grad[clipped] *= (self.threshold / norm[clipped]).astype(grad.dtype)[:, None]
        return norm, clipped
