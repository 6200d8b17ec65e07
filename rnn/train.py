"""Training a stack of seeds, each exactly as if it were alone."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.evaluate import evaluate, stack
from rnn.initialise import initial_parameters
from rnn.network import Network
from rnn.optimise import OPTIMISERS, Clip
from rnn.parameters import Parameters
from rnn.setup import Setup, build_network
from rnn.streams import stream
from rnn.tasks import TASKS
from rnn.tasks.data import Data
from rnn.variants import VARIANTS

Array = NDArray[Any]
CURVES = ("step", "train_loss", "valid_loss", "valid_metric", "grad_norm", "clipped")


@dataclass(frozen=True)
class Trained:
    """What one seed's run came to; a diverged or unsolved run is a result like any other."""

    seed: int
    learning_rate: float
    status: str  # "ok" or "diverged"
    stopped_by: str  # "solved", "stalled", "budget" or "diverged"
    first_bad_step: int | None  # the update whose loss or gradient norm was not finite
    solved: bool | None  # None where the task has no criterion
    best_step: int  # best on validation, among the checks
    steps: int  # updates made
    n_parameters: int
    valid_value: float  # metric at best_step
    value: float  # metric on the test set at best_step
    curves: dict[str, NDArray[np.float64]]  # one entry a check; NaN where there is no value
    initial: dict[str, Array]
    best: dict[str, Array]  # parameters at best_step
    wall_s: float  # this seed's share of the stack's time


@dataclass
class _Run:
    """A seed's state while it trains."""

    seed: int
    best: Array  # flat parameters
    best_value: float = np.inf
    best_step: int = 0
    wall_s: float = 0.0
    stopped_by: str = ""
    steps: int = 0
    first_bad_step: int | None = None
    rows: list[tuple[float, ...]] = field(default_factory=list)
    since_check: list[tuple[float, float, bool]] = field(default_factory=list)  # loss, gradient norm, clipped

    def check(self, step: int, loss: float, value: float, flat: Array) -> None:
        """Log a check on validation and keep the parameters if they are the best so far."""
        done = np.array(self.since_check, dtype=np.float64).reshape(-1, 3)
        train_loss, norm, clipped = done.mean(axis=0) if len(done) else (np.nan,) * 3
        self.rows.append((step, train_loss, loss, value, norm, clipped))
        self.since_check.clear()
        if value < self.best_value:
            self.best_value, self.best_step, self.best = value, step, flat.copy()


def train(setup: Setup, data: Data, learning_rates: Sequence[float], seeds: Sequence[int]) -> list[Trained]:
    """Train one run for each pair of rate and seed, all in one stack.

    A run ends when it is solved, has stalled, has diverged or has used its budget, and leaves the stack; the others
    do not notice (their bits do not depend on it). Weights come from the stream of (experiment seed, task, cell,
    variant, length, seed), training examples from (experiment seed, task, length, seed), so cells see the same data
    pair by pair.
    """
    task, network = TASKS[setup.task], build_network(setup, data)
    initial = [initial_weights(setup, network, seed) for seed in seeds]
    p = Parameters.stack(initial, np.float32)
    grad = Parameters.zeros(network.shapes(), len(seeds))
    examples = [stream("training", setup.experiment_seed, setup.task, setup.length, seed) for seed in seeds]
    optimiser = OPTIMISERS[setup.optimiser](np.asarray(learning_rates, np.float64))
    clip = Clip(setup.clip)
    tape = network.tape(len(seeds), data.valid.x.shape[1], setup.batch)
    runs = [_Run(seed, flat.copy()) for seed, flat in zip(seeds, p.flat, strict=True)]
    active = np.arange(len(seeds))
    started = time.perf_counter()

    def check(step: int) -> None:
        losses = evaluate(network, p, data.valid, tape)
        for i, run in enumerate(runs[r] for r in active):
            value = float(losses[i]) * data.metric_scale
            run.check(step, float(losses[i]), value, p.flat[i])
            if task.solved_below is not None and value < task.solved_below:
                run.stopped_by = "solved"
            elif setup.patience and step - run.best_step >= setup.patience:
                run.stopped_by = "stalled"

    with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is looked for below
        check(0)
        for step in range(1, setup.steps + 1):
            batch = stack([task.batch(data, examples[r], setup.batch) for r in active])
            loss, _ = network.gradient(p.named, batch, tape, grad.named)
            norm, clipped = clip(grad.flat)
            for i, run in enumerate(runs[r] for r in active):
                if np.isfinite(loss[i]) and np.isfinite(norm[i]):
                    run.since_check.append((float(loss[i]), float(norm[i]), bool(clipped[i])))
                    run.steps = step
                else:
                    run.stopped_by, run.first_bad_step = "diverged", step
            optimiser.update(p.flat, grad.flat)
            if step % setup.log_every == 0 or step == setup.steps:
                check(step)
            if step == setup.steps:
                for run in runs:
                    run.stopped_by = run.stopped_by or "budget"
            staying = np.array([not runs[r].stopped_by for r in active])
            if not staying.all():
                share = (time.perf_counter() - started) / len(active)
                started = time.perf_counter()
                for r in active:
                    runs[r].wall_s += share
                kept = np.flatnonzero(staying)
                if not len(kept):
                    break
                active = active[kept]
                p, grad, tape = p.keep(kept), grad.keep(kept), tape.first(len(kept))
                optimiser.keep(kept)
        best = Parameters.wrap(np.stack([run.best for run in runs]), network.shapes())
        test = evaluate(network, best, data.test, network.tape(len(seeds), data.test.x.shape[1], setup.batch))
    return [
        Trained(
            seed=run.seed,
            learning_rate=float(learning_rates[r]),
            status="diverged" if run.stopped_by == "diverged" else "ok",
            stopped_by=run.stopped_by,
            first_bad_step=run.first_bad_step,
            solved=None if task.solved_below is None else run.best_value < task.solved_below,
            best_step=run.best_step,
            steps=run.steps,
            n_parameters=network.n_parameters,
            valid_value=run.best_value,
            value=float(test[r]) * data.metric_scale,
            curves=dict(zip(CURVES, np.array(run.rows, dtype=np.float64).T, strict=True)),
            initial=initial[r],
            best=best.of_seed(r),
            wall_s=run.wall_s,
        )
        for r, run in enumerate(runs)
    ]


def initial_weights(setup: Setup, network: Network, seed: int) -> dict[str, Array]:
    """Draw a seed's initial parameters, float32."""
    variant = VARIANTS[setup.variant]
    rng = stream("weights", setup.experiment_seed, setup.task, setup.cell, setup.variant, setup.length, seed)
    drawn = initial_parameters(network, rng, variant.recurrent, gate_bias=variant.gate_bias)
    return {name: array.astype(np.float32) for name, array in drawn.items()}
