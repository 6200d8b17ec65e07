"""A folder that stands in for the network: what it holds is checked before any work, what it lacks is left out."""

from __future__ import annotations

from pathlib import Path

from rnn.errors import StudyError
from rnn.tasks import TASKS
from workflow.originals import digest_of
from workflow.settings import Experiment


def left_out(experiment: Experiment, mirror: Path) -> dict[str, str]:
    """Check the original files in a mirror; return one sentence for each task that cannot be had without the others.

    Raises
    ------
    StudyError
        One sentence for each file whose digest is another one, or one where no task is left.
    """
    problems = []
    for name, original in experiment.files.items():
        path = mirror / name
        if not path.is_file():
            continue
        try:
            found = digest_of(path, original.digest.partition(":")[0])
        except OSError as error:
            problems.append(f"{path} cannot be read ({error.strerror}): make it readable, or remove it.")
            continue
        if found != original.digest:
            problems.append(
                f"{path} has {found} and must have {original.digest}: put the original file there, or remove it, which "
                "leaves out the tasks that need it; nothing was changed."
            )
    if problems:
        raise StudyError("\n".join(problems))
    missing = {
        task: [name for name in TASKS[task].originals if not (mirror / name).is_file()]
        for task in experiment.chosen_tasks
    }
    sentences = {
        task: f"The task {task} is left out: the data mirror does not hold {listed(names)}."
        for task, names in missing.items()
        if names
    }
    if len(sentences) == len(missing):
        needed = listed([name for names in missing.values() for name in names])
        raise StudyError(f"No task is left: {mirror} holds too few of the original files; {needed} are missing.")
    return sentences


def listed(names: list[str]) -> str:
    """Return names as "a", "a and b" or "a, b and 6 more"."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
