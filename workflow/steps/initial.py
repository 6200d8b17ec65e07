"""Measure untrained networks of a (task, cell, variant, length): their weights are those that training starts from."""

from __future__ import annotations

import math
import time
from statistics import median

from rnn.tasks.data import Data
from workflow.initial import UNTRAINED, Initial
from workflow.measured import measure_initial
from workflow.provenance import process_facts
from workflow.steps import command


def summary(initial: Initial) -> str:
    """Return what a person following the run wants to know of a finished job."""
    rates = [rate["rate_total"] for rate in initial.measured.rates]
    defined = [rate for rate in rates if math.isfinite(rate)]
    found = f"median rate {median(defined):.3f} nats a step" if defined else "no rate is defined"
    return f"{len(rates)} draws, {found}, {initial.facts['core_seconds']:.0f} s"


def main() -> str:
    """Draw, measure and save."""
    parser = command.parser(__doc__)
    command.add_setup(parser, **UNTRAINED)
    parser.add_argument("--seeds", type=int, required=True, help="number of seeds that are trained, counted from 0")
    parser.add_argument("--draws", type=int, required=True, help="number of draws of weights, counted from 0 as seeds")
    command.add_paths(parser, data="the task's data at this length", output="measurements, as .npz")
    options = parser.parse_args()
    setup, data = command.setup_of(options), Data.load(options.data)
    started = time.perf_counter()
    measured = measure_initial(setup, data, options.seeds, options.draws)
    initial = Initial(process_facts(measuring_s=time.perf_counter() - started), measured)
    initial.save(options.output)
    return summary(initial)


if __name__ == "__main__":
    command.run(main)
