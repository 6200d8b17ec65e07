"""The README quotes the committed results of ``make bench``, and no others."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_readme_quotes_the_results():
    quoted = set((ROOT / "README.md").read_text(encoding="utf-8").splitlines())
    summary = json.loads((ROOT / "benchmarks/results/native/summary.json").read_text(encoding="utf-8"))
    missing = [line for line in summary["readme"] if line not in quoted]
    assert not missing, (
        "Other results than those of the README stand in benchmarks/results: quote them in its section on speed, or "
        "take the committed ones back with `git checkout benchmarks/results`."
    )
