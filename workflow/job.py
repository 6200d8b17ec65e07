"""What a training job leaves: one .npz file with everything about its runs, from which tables and tracking are made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn.files import write_whole
from rnn.gradients import Attribution, GradientFlow
from rnn.setup import Setup
from rnn.tasks import TASKS
from rnn.tasks.data import Data
from rnn.train import CURVES, Trained
from workflow.keys import Key, Stack

Array = NDArray[Any]
BY_LAG = ("lag", "n_samples", "n_zero", "log10_norm_q25", "log10_norm_q50", "log10_norm_q75")
BY_NETWORK = ("horizon", "horizon_censored", "w_spectral_radius", "w_sigma_max", "reason")
BY_POSITION = ("sentence", "position", "token", "target", "log10_norm")
COLUMNS = ("curves", "gradients", "attribution", "weights")  # the parts that hold arrays by name


@dataclass(frozen=True)
class Job:
    """All runs of one stack.

    ``runs`` has one entry a seed: the columns of the table ``runs`` and ``first_bad_step``. ``rates`` has one a seed
    and phase. ``curves``, ``gradients`` and ``attribution`` hold columns of one length each, with ``seed`` (and
    ``phase``) among them; tokens and targets are numbers, which the data name.
    ``weights`` are the parameters at the best step, named as the network names them and stacked over seeds.
    """

    setup: dict[str, Any]
    facts: dict[str, Any]
    runs: list[dict[str, Any]]
    rates: list[dict[str, Any]]
    curves: dict[str, Array]
    gradients: dict[str, Array]
    attribution: dict[str, Array]
    weights: dict[str, Array]

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
        flows: Mapping[str, Sequence[GradientFlow]],
        attributions: Sequence[Attribution],
        facts: dict[str, Any],
    ) -> Job:
        """Gather results; ``flows`` has the phases ``init`` and ``trained``, each with one measurement a run.

        ``attributions`` are those of the trained networks, one a run.
        """
        steps = {"init": [0] * len(trained), "trained": [run.best_step for run in trained]}
        measured = [
            ({"seed": run.seed, "phase": phase, "step": step}, flow)
            for phase in flows
            for run, step, flow in zip(trained, steps[phase], flows[phase], strict=True)
        ]
        return cls(
            setup=asdict(setup),
            facts=facts,
            runs=[_row(setup, data, run, facts["code_sha256"]) for run in trained],
            rates=[
                {**name, **{column: _plain(getattr(flow, column)) for column in BY_NETWORK}} for name, flow in measured
            ],
            curves=_joined([({"seed": run.seed}, run.curves) for run in trained], CURVES),
            gradients=_joined([(name, vars(flow)) for name, flow in measured], BY_LAG),
            attribution=_joined(
                [({"seed": run.seed}, vars(found)) for run, found in zip(trained, attributions, strict=True)],
                BY_POSITION,
            ),
            weights={name: np.stack([run.best[name] for run in trained]) for name in trained[0].best},
        )

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        plain = {"setup": self.setup, "facts": self.facts, "runs": self.runs, "rates": self.rates}
        arrays = {"plain": np.array(json.dumps(plain))}
        for part in COLUMNS:
            arrays |= {f"{part}/{name}": array for name, array in getattr(self, part).items()}

        def write(temporary: Path) -> None:
            with temporary.open("wb") as file:
                np.savez(file, **arrays)

        write_whole(path, write)

    @classmethod
    def load(cls, path: Path) -> Job:
        """Read what ``save`` wrote."""
        parts: dict[str, dict[str, Array]] = {part: {} for part in COLUMNS}
        with np.load(path) as file:
            plain = json.loads(str(file["plain"]))
            for name in file.files:
                part, _, column = name.partition("/")
                if part in parts:
                    parts[part][column] = file[name]
        return cls(**plain, **parts)


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


def _joined(parts: Sequence[tuple[dict[str, Any], Mapping[str, Array]]], columns: Sequence[str]) -> dict[str, Array]:
    lengths = [len(arrays[columns[0]]) for _, arrays in parts]
    names = {name: np.repeat([constants[name] for constants, _ in parts], lengths) for name in parts[0][0]}
    return names | {column: np.concatenate([arrays[column] for _, arrays in parts]) for column in columns}


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
