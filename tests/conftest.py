"""What all tests share: one thread a process, as in the pipeline, and the whole runs before all else."""

import pytest

import workflow.steps  # noqa: F401  pins the threads, before anything imports NumPy


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the whole runs first: they take longest, and `make test` runs the other files beside them."""
    items.sort(key=lambda item: item.path.name != "test_end_to_end.py")
