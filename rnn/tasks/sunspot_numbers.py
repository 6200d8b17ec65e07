"""What the two tasks on sunspot numbers share: scaled windows, three simple predictors, and the data made of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.tasks.base import Task
from rnn.tasks.data import Data
from rnn.tasks.series import targets_by_time, windows


def sunspot_data(
    task: Task,
    length: int,
    values: NDArray[np.float64],
    dates: Sequence[str],
    card: dict[str, Any],
    *,
    period: str,
    ahead: int,
    cycle: int,
    order: int,
) -> Data:
    """Cut a series into windows of T values, scale by its training part, score the baselines and complete the card.

    Parameters
    ----------
    period
        What is between two values: "year" or "month".
    ahead, cycle
        How far the target is behind the last value of its window, and the length of the cycle, in periods.
    order
        Of the autoregression, where the window has so many values.
    """
    from rnn.tasks.baselines import autoregression  # slow to import, and needed only here

    targets_of = targets_by_time(len(values), length, ahead)
    training = values[: targets_of["train"][-1] + 1]
    mean, scale = float(np.mean(training)), float(np.std(training))
    splits = windows((values - mean) / scale, targets_of, length, ahead, relative=False)
    targets, order = targets_of["test"], min(order, length)
    error = {
        "persistence": values[targets] - values[targets - ahead],
        f"{cycle} {period}s ago": values[targets] - values[targets - cycle],
        "autoregression": scale * (splits["test"].y - autoregression(splits["train"], splits["test"], order)),
    }
    card = {
        **card,
        "split": {name: len(split) for name, split in splits.items()},
        "input": f"{length} {period}ly values, less {mean:.1f}, divided by {scale:.1f} (mean and standard deviation of "
        f"the training {period}s)",
        "example": f"targets of the test set run from {dates[targets[0]]} to {dates[targets[-1]]}",
        "metric": task.metric,
        "unit": task.unit,
        "baselines": {name: float(np.mean(difference**2)) for name, difference in error.items()},
        "trivial": "persistence",
        "classical": "autoregression",
        "notes": f"split by the time of the target; the mean of the test {period}s is "
        f"{np.mean(values[targets]):.1f}, against {mean:.1f} in training; the autoregression "
        f"sees the last {order} of the same {length} values",
    }
    return Data(
        task=task.name,
        length=length,
        inputs="dense",
        n_inputs=1,
        n_outputs=1,
        loss="mse",
        at="last",
        metric_scale=scale**2,
        valid=splits["valid"],
        test=splits["test"],
        train=splits["train"],
        card=card,
    )
