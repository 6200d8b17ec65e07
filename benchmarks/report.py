"""Tables, a chart and what the README quotes, from what the scripts measured.

``python -m benchmarks.report`` writes to ``benchmarks/results/<isa>``: ``table.csv`` (every number), ``table.md`` (for
readers), ``chart.svg`` (training steps) and ``summary.json`` (what the README quotes, and every target's verdict).
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.chart import chart
from benchmarks.comparison import CLAIM as TRAINING
from benchmarks.files import RESULTS, read, save_json
from benchmarks.tables import CELLS, number, plain_table, short_table, size_of, training_table
from reports.drawing import svg, with_fonts

SCRIPTS = ("training_step", "gemm_limit", "scaling", "memory", "gradient_flow", "pipeline")
HEADINGS = {
    TRAINING: "Training step: times as fast as torch.nn, one seed after the other",
    "limit": "Share of the time of the matrix products alone",
    "scaling": "Exponents of the cost of a step, and a vanished gradient",
    "memory": "Peak memory of a training step, beside what must be kept at once",
    "measuring": "What is measured on a network, CPU seconds",
    "pipeline": "Core-seconds of the pipeline",
}


def collect(isa: str, results: Path = RESULTS) -> pd.DataFrame:
    """Return the rows of all scripts that have run."""
    rows = [asdict(row) | {"verdict": row.verdict} for script in SCRIPTS for row in read(script, isa, results)]
    if not rows:
        raise SystemExit(f"Nothing was measured yet: `make bench` writes to {results / isa}.")
    return pd.DataFrame(rows)


def machine_lines(machine: dict[str, Any]) -> list[str]:
    """Say what it ran on."""
    processor, load = machine["processor"], ", ".join(f"{value:.1f}" for value in machine["load_at_start"])
    caches = ", ".join(f"{name} {size}" for name, size in processor["caches"].items())
    return [
        f"- {processor['model']} ({', '.join(processor['vectors'])}), {processor['cores']} cores, {caches};"
        f" {processor['system']}; load at start {load}",
        "- " + ", ".join(f"{name} {value}" for name, value in machine["versions"].items()),
        "- in use: " + "; ".join(f"{name}: {value}" for name, value in machine["used"].items()),
    ]


def page(rows: pd.DataFrame, machine: dict[str, Any]) -> str:
    """Return everything as one page."""
    parts = ["# Benchmarks", "\n".join(machine_lines(machine))]
    for claim, heading in HEADINGS.items():
        if len(of := rows[rows.claim == claim]):
            parts += [f"## {heading}", training_table(of) if claim == TRAINING else plain_table(of[~points(of)])]
    return "\n\n".join(parts) + "\n"


def points(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Say which rows only serve a fit: the page leaves them to ``table.csv``."""
    return rows.quantity.str.startswith("CPU time by ")


def verdicts(rows: pd.DataFrame) -> dict[str, str]:
    """Return every number that has a target, by name."""
    return {
        f"{row.quantity}, {CELLS.get(row.cell, row.cell)}, {size_of(row)}": (
            f"{number(row.value)}, target {number(row.target)}: {row.verdict}"
        )
        for row in rows[rows.target.notna()].itertuples()
    }


def main(results: Path = RESULTS) -> int:
    """Write all of it."""
    isa = os.environ.get("ISA", "native")
    folder, rows = results / isa, collect(isa, results)
    machine = json.loads((folder / "machine.json").read_text())
    rows.to_csv(folder / "table.csv", index=False)
    (folder / "table.md").write_text(page(rows, machine))
    (folder / "chart.svg").write_text(with_fonts(svg(chart(rows))))
    save_json(folder / "summary.json", {"readme": short_table(rows).split("\n"), "targets": verdicts(rows)})
    print(f"{folder / 'table.md'}\n{folder / 'chart.svg'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
