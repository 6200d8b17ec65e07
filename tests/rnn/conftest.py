"""Tasks on downloaded files read made-up ones in all tests of the library."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from rnn.tasks import TASKS
from tests.rnn.originals import write_originals


@pytest.fixture(scope="session", autouse=True)
def _originals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("originals")
    write_originals(folder / "mirror")
    with pytest.MonkeyPatch.context() as patch:
        for name, task in TASKS.items():
            if task.originals:
                patch.setitem(TASKS, name, replace(task, folder=folder / "mirror"))
        yield
