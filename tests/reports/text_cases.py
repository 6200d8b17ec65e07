"""Reviews in small, and what their words weigh, made to order."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from reports import tables
from tests.reports.synthetic import Synthetic, study

NAMES = {"rnn": "vanilla RNN", "lstm": "LSTM", "gru": "GRU"}
MODELS = [(cell, "default") for cell in NAMES]
DISTANCES = [0, 10, 25, 50]
ABOVE, AT_CHANCE = 0.3, 0.5  # error rates on either side of the limit


def reviews_alone() -> Synthetic:
    """Every seed of every cell is above chance at every distance."""
    made = study({"reviews": DISTANCES}, seeds=4, models=MODELS)
    made.put("runs", "value", ABOVE)
    return made


def weigh(made: Synthetic, norms: Mapping[str, Mapping[int, Sequence[float]]], task: str, length: int) -> None:
    """Replace the attributions by given norms: by cell and sentence, one a token, the same in every seed."""
    columns: dict[str, list[Any]] = {name: [] for name in tables.ATTRIBUTION.schema.names}
    for cell, of_cell in norms.items():
        for seed in range(made.seeds):
            for sentence, of_sentence in of_cell.items():
                for position, norm in enumerate(of_sentence):
                    row = {
                        "key": f"{task}/{cell}/default/{length}/{seed}",
                        "sentence": sentence,
                        "position": position,
                        "token": f"w{position}",
                        "target": "positive",
                        "log10_norm": math.log10(norm) if norm else None,
                    }
                    for name, value in row.items():
                        columns[name].append(value)
    made.columns["attribution"] = columns
