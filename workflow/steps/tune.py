"""Choose the learning rate of a (task, cell, variant) on validation: all rates and seeds train in one stack."""

from __future__ import annotations

import itertools
import math
import time

from rnn.tasks.data import Data
from rnn.train import train
from rnn.tuning import best_rate
from workflow.files import write_json
from workflow.keys import TUNING_SEEDS_START
from workflow.provenance import process_facts
from workflow.steps import command


def main() -> str:
    """Train the grid and save its scores and the chosen rate."""
    parser = command.parser(__doc__)
    command.add_setup(parser)
    parser.add_argument("--learning-rates", type=float, nargs="+", required=True)
    parser.add_argument("--n-seeds", type=int, required=True, help=f"seeds a rate, counted from {TUNING_SEEDS_START}")
    command.add_paths(parser, data="the task's data at this length", output="scores and chosen rate, as .json")
    options = parser.parse_args()
    seeds = range(TUNING_SEEDS_START, TUNING_SEEDS_START + options.n_seeds)
    rates, seeds_of_rates = zip(*itertools.product(options.learning_rates, seeds), strict=True)
    setup, data = command.setup_of(options), Data.load(options.data)
    started = time.perf_counter()
    trained = train(setup, data, rates, seeds_of_rates)
    training_s = time.perf_counter() - started
    chosen = best_rate(trained)
    rows = [
        {
            "task": setup.task,
            "cell": setup.cell,
            "variant": setup.variant,
            "length": setup.length,
            "seed": run.seed,
            "learning_rate": run.learning_rate,
            "steps": run.steps,
            "valid_value": run.valid_value if math.isfinite(run.valid_value) else None,
            "chosen": run.learning_rate == chosen,
        }
        for run in trained
    ]
    facts = process_facts(training_s=training_s)
    write_json(options.output, {"learning_rate": chosen, "rows": rows, "facts": facts})
    tried = ", ".join(f"{rate:g}" for rate in options.learning_rates)
    return f"{chosen:g} of {tried}, {facts['core_seconds']:.0f} s"


if __name__ == "__main__":
    command.run(main)
