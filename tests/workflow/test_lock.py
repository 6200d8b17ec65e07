"""One run at a time, and no job that outlives its run."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rnn.errors import StudyError
from workflow.lock import GONE, VARIABLE, alone, end_with_run, hold

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from workflow.lock import hold
hold(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""
JOB = """
import time
from workflow.lock import end_with_run
end_with_run()
print("works", flush=True)
time.sleep(60)
"""
WAITER = """
import sys
from pathlib import Path
from workflow.lock import alone
print("asks", flush=True)
with alone(Path(sys.argv[1])):
    print("in", flush=True)
"""


def start(code: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline()
    return process


def test_a_second_run_is_refused_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    lock = tmp_path / "results" / ".lock"
    with start(HOLDER, str(lock)) as holder:
        with pytest.raises(StudyError, match="Another run is using"):
            hold(lock, patience_s=0.0)
        holder.kill()
    os.close(hold(lock))


def test_jobs_end_once_their_run_is_killed(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with start(HOLDER, str(lock)) as holder, start(JOB, **{VARIABLE: str(lock)}) as job:
        time.sleep(0.3)
        assert job.poll() is None
        holder.kill()
        assert job.wait(timeout=5) == GONE


def test_a_step_without_a_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    end_with_run()


def test_alone_waits_for_the_other(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with alone(lock):
        process = start(WAITER, str(lock))
        time.sleep(0.3)
        assert process.poll() is None
    with process:
        assert process.wait(timeout=5) == 0
