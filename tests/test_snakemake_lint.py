"""Snakemake's linter may complain of one thing, the one we do otherwise: conda or containers for every rule."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The environment is `.venv`, from hashed locks, the same for every rule.
ACCEPTED = "Specify a conda environment or container for each rule."


def test_lint_has_no_other_complaint() -> None:
    command = [sys.executable, "-m", "snakemake", "--lint"]
    lint = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    titles = re.findall(r"^ {4}\* (.+):$", lint.stderr, flags=re.MULTILINE)
    # A Snakefile that cannot be read fails without any title.
    assert titles or lint.returncode == 0, lint.stderr
    assert set(titles) <= {ACCEPTED}, lint.stderr
