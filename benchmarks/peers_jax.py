"""JAX as a user would write it: ``lax.scan`` over steps, the whole training step compiled."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from benchmarks.problem import BETA1, BETA2, CLIP, EPSILON, RATE, Problem, Setting, common

Array = NDArray[Any]
Tree = dict[str, jax.Array]


def vanilla(p: Tree, state: tuple[jax.Array, ...], drive: jax.Array) -> tuple[jax.Array, ...]:
    """h = tanh(z)."""
    return (jnp.tanh(drive + state[0] @ p["W_hh"]),)


def lstm(p: Tree, state: tuple[jax.Array, ...], drive: jax.Array) -> tuple[jax.Array, ...]:
    """Gates i, f, o, g."""
    h, c = state
    z_i, z_f, z_o, z_g = jnp.split(drive + h @ p["W_hh"], 4, axis=-1)
    c = jax.nn.sigmoid(z_f) * c + jax.nn.sigmoid(z_i) * jnp.tanh(z_g)
    return jax.nn.sigmoid(z_o) * jnp.tanh(c), c


def gru(p: Tree, state: tuple[jax.Array, ...], drive: jax.Array) -> tuple[jax.Array, ...]:
    """Gates r, u and the candidate, its recurrent bias inside the reset gate."""
    (h,) = state
    x_r, x_u, x_n = jnp.split(drive, 3, axis=-1)
    r, u, a = jnp.split(h @ p["W_hh"], 3, axis=-1)
    n = jnp.tanh(x_n + jax.nn.sigmoid(x_r + r) * (a + p["b_a"]))
    u = jax.nn.sigmoid(x_u + u)
    return (n + u * (h - n),)


STEPS = {"rnn": (vanilla, 1), "lstm": (lstm, 2), "gru": (gru, 1)}


def loss(s: Setting, p: Tree, x: jax.Array, y: jax.Array) -> jax.Array:
    """One seed's loss; x (T, B, D), y (B, K) or (T, B, K)."""
    cell, parts = STEPS[s.cell]

    def step(state: tuple[jax.Array, ...], drive: jax.Array) -> tuple[tuple[jax.Array, ...], jax.Array | None]:
        state = cell(p, state, drive)
        return state, state[0] if s.at == "every" else None

    zero = jnp.zeros((s.batch, s.hidden), jnp.float32)
    last, every = jax.lax.scan(step, (zero,) * parts, x @ p["W_xh"] + p["b"])
    rows = every if s.at == "every" else last[0]
    return jnp.mean(jnp.square(rows @ p["W_ho"] + p["b_o"] - y))


def update(s: Setting, p: Tree, m: Tree, v: Tree, count: jax.Array, x: jax.Array, y: jax.Array) -> tuple[Any, ...]:
    """One seed's training step: gradient, clipping, Adam."""
    grad = jax.grad(partial(loss, s))(p, x, y)
    norm = jnp.sqrt(sum(jnp.sum(jnp.square(g)) for g in grad.values()))
    scale, count = jnp.minimum(1.0, CLIP / norm), count + 1
    grad = {name: g * scale for name, g in grad.items()}
    m = {name: BETA1 * m[name] + (1 - BETA1) * g for name, g in grad.items()}
    v = {name: BETA2 * v[name] + (1 - BETA2) * jnp.square(g) for name, g in grad.items()}
    rate, grown = RATE / (1 - BETA1**count), 1 - BETA2**count
    p = {name: a - rate * m[name] / (jnp.sqrt(v[name] / grown) + EPSILON) for name, a in p.items()}
    return p, m, v, count


@cache
def gradient_of_all(s: Setting) -> Callable[..., Tree]:
    """Return the gradient of all seeds, compiled once for both forms."""
    return jax.jit(jax.vmap(jax.grad(partial(loss, s))))


class _Jax:
    """What both forms share; buffers are donated, so that nothing is copied."""

    def __init__(self, problem: Problem) -> None:
        s = self.setting = problem.setting
        p = common(s.cell, s.hidden, problem.weights.named)
        self.p = {name: jnp.array(array) for name, array in p.items()}
        self.x = jnp.array(problem.batch.x.swapaxes(1, 2))
        self.y = jnp.array(problem.batch.y.swapaxes(1, 2) if s.at == "every" else problem.batch.y)

    def gradient(self) -> dict[str, Array]:
        """Return the gradient before clipping, under common names."""
        grad = gradient_of_all(self.setting)(self.p, self.x, self.y)
        return {name: np.asarray(g) for name, g in grad.items()}


class JaxVmap(_Jax):
    """All seeds in one compiled step, by ``vmap``."""

    name = "jax vmap"

    def __init__(self, problem: Problem) -> None:
        """Compile at the first step."""
        super().__init__(problem)
        zeros = jax.tree.map(jnp.zeros_like, self.p)
        start = jnp.zeros(self.setting.seeds, jnp.float32)
        self.state = (jax.tree.map(jnp.copy, self.p), zeros, jax.tree.map(jnp.copy, zeros), start)
        self.compiled = jax.jit(jax.vmap(partial(update, self.setting)), donate_argnums=(0, 1, 2, 3))

    def step(self) -> None:
        """Take one training step of all seeds."""
        self.state = jax.block_until_ready(self.compiled(*self.state, self.x, self.y))


class JaxLoop(_Jax):
    """One compiled step, called seed by seed."""

    name = "jax"

    def __init__(self, problem: Problem) -> None:
        """Compile at the first step, once for all seeds."""
        super().__init__(problem)
        self.states = []
        for seed in range(self.setting.seeds):
            p = {name: jnp.copy(array[seed]) for name, array in self.p.items()}
            m, v = (jax.tree.map(jnp.zeros_like, p) for _ in range(2))
            self.states.append((p, m, v, jnp.zeros((), jnp.float32)))
        self.batches = [(self.x[seed], self.y[seed]) for seed in range(self.setting.seeds)]
        self.compiled: Callable[..., Any] = jax.jit(partial(update, self.setting), donate_argnums=(0, 1, 2, 3))

    def step(self) -> None:
        """Take one training step of every seed; the end waits for all."""
        self.states = [self.compiled(*state, *batch) for state, batch in zip(self.states, self.batches, strict=True)]
        jax.block_until_ready(self.states)
