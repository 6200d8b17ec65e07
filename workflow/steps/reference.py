"""Measure the reference cases, published or exact values that a correct library gives, and write reference.parquet."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from reports.tables import REFERENCE, write
from rnn.reference import measure_cases
from workflow.steps import command


def main() -> str:
    """Measure and write; a value that is not as expected is a row like any other, which the report shows."""
    parser = command.parser(__doc__)
    command.add_paths(parser, results="folder of the experiment's results")
    options = parser.parse_args()
    results: Path = options.results
    rows = [asdict(case) for case in measure_cases()]
    write(results, REFERENCE, {name: [row[name] for row in rows] for name in REFERENCE.schema.names})
    wrong = sorted({row["case"] for row in rows if not row["ok"]})
    told = f"{sum(row['ok'] for row in rows)} of {len(rows)} values are as expected"
    return f"{told}; not those of {', '.join(wrong)}" if wrong else told


if __name__ == "__main__":
    command.run(main)
