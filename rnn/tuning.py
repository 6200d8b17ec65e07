"""The choice of a learning rate from the runs of a grid."""

import math
from collections.abc import Sequence
from statistics import median

from rnn.train import Trained


def best_rate(trained: Sequence[Trained]) -> float:
    """Return the rate that learns best within the budget.

    Where the task has a criterion, the rate with most runs solved wins, then the one with the fewest updates to solve
    (median, an unsolved run counting as infinite): a run ends when it is solved, so scores of solved runs say nothing.
    Where that decides nothing, the lowest median score on validation wins, a diverged run counting as infinite, and at
    last the smaller rate.
    """
    runs_of = {
        rate: [run for run in trained if run.learning_rate == rate] for rate in {r.learning_rate for r in trained}
    }

    def rank(rate: float) -> tuple[float, ...]:
        runs = runs_of[rate]
        unsolved = sum(run.solved is False for run in runs)
        updates = median(0 if run.solved is None else run.steps if run.solved else math.inf for run in runs)
        score = median(run.valid_value if run.status == "ok" else math.inf for run in runs)
        return unsolved, updates, score, rate

    return min(runs_of, key=rank)
