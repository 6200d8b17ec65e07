"""Measure the reference cases, published or exact values that a correct library gives.

Writes reference.parquet, and in reference.json what they were measured by.
"""

from __future__ import annotations

import time
from pathlib import Path

from reports.stored import write
from reports.tables import REFERENCE
from rnn.reference import measure_cases
from workflow.files import write_json
from workflow.keys import facts_file
from workflow.provenance import process_facts
from workflow.steps import command


def main() -> str:
    """Measure and write; a value that is not as expected is a row like any other, which the report shows."""
    parser = command.parser(__doc__)
    command.add_paths(parser, results="folder of the experiment's results")
    options = parser.parse_args()
    results: Path = options.results
    started = time.perf_counter()
    cases = measure_cases()
    facts = process_facts(measuring_s=time.perf_counter() - started)
    write(results, REFERENCE, {name: [getattr(case, name) for case in cases] for name in REFERENCE.schema.names})
    write_json(facts_file(results, REFERENCE.name), {"facts": facts})
    wrong = dict.fromkeys(case.case for case in cases if not case.ok)
    told = f"{sum(case.ok for case in cases)} of {len(cases)} values are as expected"
    return f"{told}; not those of {', '.join(wrong)}" if wrong else told


if __name__ == "__main__":
    command.run(main)
