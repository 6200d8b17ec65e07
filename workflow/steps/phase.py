"""Measure the phase diagrams: untrained networks by gain and lag.

Writes phase.parquet, and in phase.json what they were measured by.
"""

from __future__ import annotations

import time
from pathlib import Path

from reports.stored import write
from reports.tables import PHASE
from rnn.phase import measure_phase
from workflow.files import write_json
from workflow.keys import facts_file
from workflow.provenance import process_facts
from workflow.steps import command


def main() -> str:
    """Measure and write."""
    parser = command.parser(__doc__)
    parser.add_argument("--experiment-seed", type=int, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", required=True, help="units of the random networks")
    parser.add_argument("--seeds", type=int, required=True, help="draws of weights a setting, counted from 0")
    command.add_paths(parser, results="folder of the experiment's results")
    options = parser.parse_args()
    results: Path = options.results
    started = time.perf_counter()
    rows = measure_phase(options.experiment_seed, options.sizes, options.seeds)
    facts = process_facts(measuring_s=time.perf_counter() - started)
    write(results, PHASE, rows)
    write_json(facts_file(results, PHASE.name), {"facts": facts})
    sizes = ", ".join(map(str, options.sizes))
    return f"{options.seeds} draws of {sizes} units, {facts['core_seconds']:.0f} s"


if __name__ == "__main__":
    command.run(main)
