"""How much memory does a training step need, against what exact gradients must keep?

    python -m benchmarks.memory

Each engine takes two steps in a process of its own, after a small step that loads and compiles what it needs. What
counts is the peak of the resident memory beyond what was resident before the engine was made: all that lives as long as
a run, gradients and Adam's moments included. Ours holds all seeds at once, torch.nn the activations of one at a time.
"""

import argparse
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.files import Row, write
from benchmarks.minimum import kept_bytes
from benchmarks.problem import Ours, Problem, Setting
from benchmarks.process import ISA, KEPT_MEMORY, isolated

CLAIM = "memory"
SETTINGS = [Setting(cell, steps=1000) for cell in ("lstm", "gru", "rnn")]
HELD_AT_ONCE = {"ours": 5, "torch.nn": 1}  # seeds; ours all, where one alone exceeds ``rnn.tape.CACHE``


def resident(which: str) -> int:
    """Return bytes of resident memory: VmRSS now, VmHWM at its peak."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(which):
            return 1024 * int(line.split()[1])
    raise ValueError(f"/proc/self/status has no {which}.")


def peak_bytes(engine: str, setting: Setting) -> int:
    """Return the peak beyond the memory before, in this process."""
    if engine == "ours":
        make = Ours
    else:
        from benchmarks.peers_torch import TorchModules as make
    make(Problem(replace(setting, steps=2))).step()
    problem = Problem(setting)
    _ = problem.weights, problem.batch  # both are the caller's, so they exist before
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = resident("VmRSS")
    made = make(problem)
    for _ in range(2):
        made.step()
    return resident("VmHWM") - before


def in_child(engine: str, cell: str) -> int:
    """Return the peak of an engine in a process of its own, which gives memory back as usual."""
    environment = {name: value for name, value in os.environ.items() if name not in KEPT_MEMORY}
    command = [sys.executable, "-m", "benchmarks.memory", "--engine", engine, "--cell", cell]
    return int(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main() -> int:
    """Measure all settings, or one in this process."""
    parser = argparse.ArgumentParser(description="Peak memory of a training step")
    parser.add_argument("--engine", choices=HELD_AT_ONCE)
    parser.add_argument("--cell", default="lstm")
    args = parser.parse_args()
    if not Path("/proc/self/clear_refs").exists():
        print("Peak memory is read from /proc, which this system does not have: not measured.")
        return 0
    if args.engine:
        print(peak_bytes(args.engine, next(setting for setting in SETTINGS if setting.cell == args.cell)))
        return 0
    rows = []
    for setting in SETTINGS:
        for engine, held in HELD_AT_ONCE.items():
            peak, least = in_child(engine, setting.cell), kept_bytes(setting, held)
            size = asdict(setting) | {"engine": engine}
            rows += [
                Row(CLAIM, "peak", "MB", round(peak / 1e6, 1), **size),
                Row(CLAIM, "minimum", "MB", round(least / 1e6, 1), **size),
                Row(CLAIM, "peak / minimum", "", round(peak / least, 3), **size),
            ]
            print(f"{setting}, {engine}: {peak / 1e6:.0f} MB, {peak / least:.2f} times the minimum of {held} at once")
    write("memory", rows, ISA)
    return 0


if __name__ == "__main__":
    sys.exit(isolated(main))
