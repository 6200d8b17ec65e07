"""One run at a time: the kernel holds the lock and lets go when the process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rnn.errors import StudyError

VARIABLE = "RUN_LOCK"  # holds the lock's path in the jobs of a run; absent where a step is run by hand or on a cluster
GONE = 75  # exit status of a job whose run is gone (EX_TEMPFAIL: try again)


def hold(path: Path, patience_s: float = 1.0) -> int:
    """Lock the results for the life of this process and return the descriptor, which jobs do not inherit.

    Raises
    ------
    StudyError
        Another run still holds the lock after ``patience_s``, the time in which the jobs of a killed run end.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise StudyError(
                    f"Another run is using {path.parent}/: wait for it to end, then give the same command again."
                ) from None
            time.sleep(0.1)


def end_with_run() -> None:
    """End this process once the run that started it is gone, and by Ctrl-C at once; without a run, do nothing."""
    path = os.environ.get(VARIABLE)
    if path is None:
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback from wherever the job happens to be
    descriptor = os.open(path, os.O_RDWR)

    def wait() -> None:
        fcntl.flock(descriptor, fcntl.LOCK_SH)  # granted when the run no longer holds its exclusive lock
        os._exit(GONE)

    threading.Thread(target=wait, name="end-with-run", daemon=True).start()


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until nobody else holds the lock, and hold it for the length of a ``with`` block."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
