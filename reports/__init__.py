"""Everything between the result tables and the reader: schemas, figures, sentences, the HTML and PDF report."""

from pathlib import Path


def build(results: Path, out: Path, bundles: Path | None = None) -> None:
    """Build report.json, report.html and report.pdf from a results folder; see ``reports.edition``."""
    # Whoever only reads or writes tables does not wait for charts and type-setting to load.
    from reports.edition import build_edition

    build_edition(results, out, bundles)
