"""Training a stack of seeds, each exactly as if it were alone."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.evaluate import evaluate, join
from rnn.initialise import initial_parameters, set_chrono_biases
from rnn.network import Network
from rnn.optimise import OPTIMISERS, Clip, Optimiser
from rnn.parameters import Parameters
from rnn.setup import Setup, build_network
from rnn.streams import stream
from rnn.tape import Tape
from rnn.tasks import TASKS, Task
from rnn.tasks.data import Data
from rnn.variants import VARIANTS

Array = NDArray[Any]
CURVES = ("step", "train_loss", "valid_loss", "valid_metric", "grad_norm", "clipped")


@dataclass(frozen=True)
class Trained:
    """What one seed's run came to; a diverged or unsolved run is a result like any other.

    ``early`` holds the parameters after 10, 100, 1000, ... updates, below the budget, of a run that came so far. A run
    that ends at such an update is among them, but never parameters with which a loss or gradient was not finite.
    """

    seed: int
    learning_rate: float
    status: str  # "ok" or "diverged"
    stopped_by: str  # "solved", "stalled", "budget" or "diverged"
    first_bad_step: int | None  # the update whose loss or gradient norm, or the check whose loss, was not finite
    solved: bool | None  # None where the task has no criterion
    best_step: int  # best on validation, among the checks
    steps: int  # updates made
    n_parameters: int
    valid_value: float  # metric at best_step
    value: float  # metric on the test set at best_step
    symbol_errors: float | None  # share of wrong classes in it, where whole sequences are scored
    curves: dict[str, NDArray[np.float64]]  # one entry a check; NaN where there is no value
    early: dict[int, dict[str, Array]]  # by the number of updates
    best: dict[str, Array]  # parameters at best_step
    wall_s: float  # this seed's share of the stack's time


@dataclass
class _Run:
    """A seed's state while it trains."""

    seed: int
    learning_rate: float
    examples: np.random.Generator
    best: Array  # flat parameters
    best_value: float = np.inf
    best_step: int = 0
    wall_s: float = 0.0
    stopped_by: str = ""
    steps: int = 0
    first_bad_step: int | None = None
    rows: list[tuple[float, ...]] = field(default_factory=list)
    since_check: list[tuple[float, float, bool]] = field(default_factory=list)  # loss, gradient norm, clipped
    early: dict[int, dict[str, Array]] = field(default_factory=dict)  # parameters after some of the updates

    def check(self, step: int, loss: float, value: float, flat: Array) -> None:
        """Log a check on validation and keep the parameters if they are the best so far."""
        done = np.array(self.since_check, dtype=np.float64).reshape(-1, 3)
        train_loss, norm, clipped = done.mean(axis=0) if len(done) else (np.nan,) * 3
        self.rows.append((step, train_loss, loss, value, norm, clipped))
        self.since_check.clear()
        if value < self.best_value:
            self.best_value, self.best_step, self.best = value, step, flat.copy()

    def early_and_finite(self) -> dict[int, dict[str, Array]]:
        """Return the early parameters; what is not finite shows at the next loss, or at the check before it."""
        return {
            step: p
            for step, p in self.early.items()
            if (self.first_bad_step is None or step + 1 < self.first_bad_step)
            and all(np.isfinite(array).all() for array in p.values())
        }


@dataclass
class _Stack:
    """The runs that still train, row by row of everything stacked."""

    runs: list[_Run]
    p: Parameters
    grad: Parameters
    tape: Tape
    optimiser: Optimiser
    started: float = field(default_factory=time.perf_counter)

    def drop_stopped(self) -> None:
        """Let the runs go that have stopped; until then all share the time."""
        kept = np.array([r for r, run in enumerate(self.runs) if not run.stopped_by], np.intp)
        if len(kept) == len(self.runs):
            return
        now = time.perf_counter()
        for run in self.runs:
            run.wall_s += (now - self.started) / len(self.runs)
        self.started = now
        self.runs = [self.runs[r] for r in kept]
        self.p, self.grad, self.tape = self.p.keep(kept), self.grad.keep(kept), self.tape.first(len(kept))
        self.optimiser.keep(kept)


def train(setup: Setup, data: Data, learning_rates: Sequence[float], seeds: Sequence[int]) -> list[Trained]:
    """Train one run for each pair of rate and seed, all in one stack.

    A run ends when it is solved, has stalled, has diverged or has used its budget, and leaves the stack; the others
    do not notice (their bits do not depend on it). Weights come from the stream of (experiment seed, task, cell,
    variant, length, seed), training examples from (experiment seed, task, length, seed), so cells see the same data
    pair by pair.
    """
    setup = setup.in_effect
    task, network, window = TASKS[setup.task], build_network(setup, data), VARIANTS[setup.variant].window
    p = Parameters.stack([initial_weights(setup, network, seed) for seed in seeds], np.float32)
    runs = [
        _Run(seed, float(rate), stream("training", setup.experiment_seed, setup.task, setup.length, seed), flat.copy())
        for seed, rate, flat in zip(seeds, learning_rates, p.flat, strict=True)
    ]
    stack = _Stack(
        runs,
        p,
        Parameters.zeros(network.shapes(), len(seeds)),
        network.training_tape(len(seeds), data.valid.x.shape[1], setup.batch, window),
        OPTIMISERS[setup.optimiser](np.asarray(learning_rates, np.float64)),
    )
    clip = Clip(setup.clip)
    early = early_steps(setup.steps)
    with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is looked for, and ends its run
        _check(stack, 0, setup, task, network, data)
        for step in range(1, setup.steps + 1):
            _update(stack, step, setup, clip, task, network, data)
            if step in early:
                for i, run in enumerate(stack.runs):
                    run.early[step] = stack.p.of_seed(i)
            if step % setup.log_every == 0 or step == setup.steps:
                _check(stack, step, setup, task, network, data)
            stack.drop_stopped()
            if not stack.runs:
                break
        best = Parameters.wrap(np.stack([run.best for run in runs]), network.shapes())
        tape = network.training_tape(len(seeds), data.test.x.shape[1], setup.batch)
        test = evaluate(network, best, data.test, tape, data.scored_by, data.tolerance)
    criterion = task.criterion(setup.length)
    return [
        Trained(
            seed=run.seed,
            learning_rate=run.learning_rate,
            status="diverged" if run.stopped_by == "diverged" else "ok",
            stopped_by=run.stopped_by,
            first_bad_step=run.first_bad_step,
            solved=None if criterion is None else run.best_value < criterion,
            best_step=run.best_step,
            steps=run.steps,
            n_parameters=network.n_parameters,
            valid_value=run.best_value,
            value=float(test.score[r]) * data.metric_scale,
            symbol_errors=None if test.symbol_errors is None else float(test.symbol_errors[r]),
            curves=dict(zip(CURVES, np.array(run.rows, dtype=np.float64).T, strict=True)),
            early=run.early_and_finite(),
            best=best.of_seed(r),
            wall_s=run.wall_s,
        )
        for r, run in enumerate(runs)
    ]


def early_steps(budget: int) -> list[int]:
    """Return the numbers of updates after which parameters are kept: 10, 100, 1000, ... below the budget."""
    return [step for step in (10**power for power in range(1, len(str(budget)))) if step < budget]


def _update(stack: "_Stack", step: int, setup: Setup, clip: Clip, task: Task, network: Network, data: Data) -> None:
    batch = join([task.batch(data, run.examples, setup.batch) for run in stack.runs])
    loss, _ = network.gradient(stack.p.named, batch, stack.tape, stack.grad.named)
    norm, clipped = clip(stack.grad.flat)
    for i, run in enumerate(stack.runs):
        if np.isfinite(loss[i]) and np.isfinite(norm[i]):
            run.since_check.append((float(loss[i]), float(norm[i]), bool(clipped[i])))
            run.steps = step
        else:
            run.stopped_by, run.first_bad_step = "diverged", step
    stack.optimiser.update(stack.p.flat, stack.grad.flat)


def _check(stack: "_Stack", step: int, setup: Setup, task: Task, network: Network, data: Data) -> None:
    criterion = task.criterion(setup.length)
    scores = evaluate(network, stack.p, data.valid, stack.tape, data.scored_by, data.tolerance)
    for run, loss, score, flat in zip(stack.runs, scores.loss, scores.score, stack.p.flat, strict=True):
        if run.stopped_by:  # it diverged on the way here
            continue
        # outputs that are NaN have a highest one too, so that an error rate would hide them
        value = float(score) * data.metric_scale if np.isfinite(loss) else np.nan
        run.check(step, float(loss), value, flat)
        if not np.isfinite(value):
            run.stopped_by, run.first_bad_step = "diverged", step
        elif criterion is not None and value < criterion:
            run.stopped_by = "solved"
        elif setup.patience and step - run.best_step >= setup.patience:
            run.stopped_by = "stalled"
        elif step == setup.steps:
            run.stopped_by = "budget"


def initial_weights(setup: Setup, network: Network, seed: int) -> dict[str, Array]:
    """Draw a seed's initial parameters, float32."""
    variant = VARIANTS[setup.variant]
    rng = stream("weights", setup.experiment_seed, setup.task, setup.cell, setup.variant, setup.length, seed)
    drawn = initial_parameters(network, rng, variant.recurrent, variant.gain, variant.gate_bias)
    if variant.chrono:
        set_chrono_biases(drawn, network.cell, rng, TASKS[setup.task].n_steps(setup.length))
    return {name: array.astype(np.float32) for name, array in drawn.items()}
