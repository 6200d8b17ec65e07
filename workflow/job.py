"""What a training job leaves: one .npz file with everything about its runs, from which tables and tracking are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rnn.decode import Decoded
from rnn.gradients import Attribution
from rnn.setup import Setup
from rnn.tasks import TASKS
from rnn.tasks.data import Data
from rnn.train import CURVES, Trained
from workflow import columns
from workflow.columns import Columns, joined
from workflow.keys import Key, Stack
from workflow.measured import Measured

# Of the file: one more for every change of what it holds, so that it is made anew.
LAYOUT = 3
BY_POSITION = ("sentence", "position", "token", "target", "log10_norm")
BY_SYMBOL = ("sentence", "position", "target", "output")


@dataclass(frozen=True)
class Job:
    """All runs of one stack.

    ``runs`` has one entry a seed: the columns of the table ``runs`` and ``first_bad_step``. ``measured`` is of the
    networks early in training and at their best step. ``curves``, ``attribution`` and ``decoded`` hold columns of one
    length each, with ``seed`` among them; tokens, targets and outputs are numbers, which the data name. ``weights`` are
    the parameters at the best step, named as the network names them and stacked over seeds.
    """

    setup: dict[str, Any]
    facts: dict[str, Any]
    runs: list[dict[str, Any]]
    measured: Measured
    curves: Columns
    attribution: Columns
    decoded: Columns
    weights: Columns

    @property
    def stack(self) -> Stack:
        """The stack that was trained."""
        return Stack(*(self.setup[name] for name in ("task", "cell", "variant", "length")))

    @classmethod
    def of(
        cls,
        setup: Setup,
        data: Data,
        trained: Sequence[Trained],
        measured: Measured,
        attributions: Sequence[Attribution],
        decoded: Sequence[Decoded],
        facts: dict[str, Any],
    ) -> Job:
        """Gather results; ``attributions`` and ``decoded`` are those of the trained networks, one a run."""
        return cls(
            # with the budget, the clipping and the units that the variant has
            setup={**asdict(setup.in_effect), "hidden": len(trained[0].best["W_ho"])},
            facts=facts,
            runs=[_row(setup, data, run, facts["code_sha256"]) for run in trained],
            measured=measured,
            curves=joined([({"seed": run.seed}, run.curves) for run in trained], CURVES),
            attribution=joined(
                [({"seed": run.seed}, vars(found)) for run, found in zip(trained, attributions, strict=True)],
                BY_POSITION,
            ),
            decoded=joined(
                [({"seed": run.seed}, vars(found)) for run, found in zip(trained, decoded, strict=True)], BY_SYMBOL
            ),
            weights={name: np.stack([run.best[name] for run in trained]) for name in trained[0].best},
        )

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        plain = {"setup": self.setup, "facts": self.facts, "runs": self.runs, **self.measured.plain}
        own = {name: getattr(self, name) for name in ("curves", "attribution", "decoded", "weights")}
        parts = own | self.measured.parts
        columns.save(path, LAYOUT, plain, parts)

    @classmethod
    def load(cls, path: Path) -> Job:
        """Read what ``save`` wrote; StudyError if the file has another layout."""
        plain, parts = columns.load(path, LAYOUT)
        return cls(
            setup=plain["setup"],
            facts=plain["facts"],
            runs=plain["runs"],
            measured=Measured.take(plain, parts),
            curves=parts["curves"],
            attribution=parts["attribution"],
            decoded=parts["decoded"],
            weights=parts["weights"],
        )


def _row(setup: Setup, data: Data, run: Trained, code_sha256: str) -> dict[str, Any]:
    key = Key(setup.task, setup.cell, setup.variant, setup.length, run.seed)
    return {
        "key": str(key),
        **asdict(key),
        "status": run.status,
        "stopped_by": run.stopped_by,
        "metric": TASKS[setup.task].metric,
        "value": run.value,
        "baseline": data.baseline,
        "classical": data.classical,
        "skill": 1 - run.value / data.baseline,
        "symbol_errors": run.symbol_errors,
        "solved": run.solved,
        "best_step": run.best_step,
        "steps": run.steps,
        "n_parameters": run.n_parameters,
        "wall_s": run.wall_s,
        "data_sha256": data.sha256,
        "code_sha256": code_sha256,
        "learning_rate": run.learning_rate,
        "first_bad_step": run.first_bad_step,
    }
