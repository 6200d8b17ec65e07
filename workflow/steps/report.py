"""Build the report from the result tables: report.json, then HTML and PDF from it."""

import time

import reports
from workflow.steps import command


def main() -> str:
    """Build."""
    parser = command.parser(__doc__)
    command.add_paths(parser, results="folder of the experiment's results, where the report goes too")
    options = parser.parse_args()
    started = time.perf_counter()
    reports.build(options.results, options.results)
    return f"HTML and PDF, {time.perf_counter() - started:.0f} s"


if __name__ == "__main__":
    command.run(main)
