"""Prepare a task's data at one length: splits, baselines and the data card."""

from dataclasses import replace
from pathlib import Path

from rnn.tasks import TASKS
from workflow.originals import check
from workflow.steps import command


def main() -> str:
    """Prepare and save."""
    parser = command.parser(__doc__)
    parser.add_argument("--task", choices=TASKS, required=True)
    parser.add_argument(
        "--length", type=int, required=True, help="sequence length T, or what the task has in its place"
    )
    parser.add_argument("--experiment-seed", type=int, required=True)
    parser.add_argument("--originals", type=Path, help="folder with the task's original files, where it has some")
    parser.add_argument("--digests", nargs="+", default=[], metavar="NAME=KIND:DIGEST", help="what they must be")
    command.add_paths(parser, output="the data, as .npz")
    options = parser.parse_args()
    check(options.originals, dict(named.rsplit("=", 1) for named in options.digests))
    task = replace(TASKS[options.task], folder=options.originals)
    data = task.prepare(options.length, options.experiment_seed)
    data.save(options.output)
    return f"{data.card['trivial']} scores {data.baseline:.4g} {data.card['unit']}".rstrip()


if __name__ == "__main__":
    command.run(main)
