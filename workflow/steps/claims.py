"""Decide the claims that were fixed beforehand.

Writes claims.json.
"""

from __future__ import annotations

from pathlib import Path

from reports.claims import INCONCLUSIVE, REFUTED, SUPPORTED, Evidence, decide, load
from workflow.files import write_json
from workflow.steps import command


def main() -> str:
    """Decide and write."""
    parser = command.parser(__doc__)
    command.add_paths(parser, results="folder of the experiment's results")
    options = parser.parse_args()
    results: Path = options.results
    rows, lacking = decide(load(), Evidence.read(results))
    write_json(results / "claims.json", rows)
    for name, reason in lacking.items():
        print(f"{name} is left out: {reason}.")
    verdicts = [row["verdict"] for row in rows]
    counts = ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in (SUPPORTED, REFUTED, INCONCLUSIVE))
    return f"{len(rows)} claims: {counts}; {len(lacking)} left out"


if __name__ == "__main__":
    command.run(main)
