"""What a result was made by: code, versions, machine, and the kernels that decide its last bits."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

LIBRARY = Path("rnn")
LOCKS = ("build.lock", "requirements.lock", "data.lock")
PACKAGES = ("numpy", "numba", "pandas", "pyarrow", "scikit-learn", "mlflow", "snakemake", "altair", "typst")
_started = datetime.now(UTC)


@cache
def code_digest() -> str:
    """Return the digest of the library's sources, the same wherever the project lies."""
    digest = sha256()
    for path in sorted(LIBRARY.rglob("*.py")):
        digest.update(f"{path.as_posix()} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


code_digest()  # now: what is edited while this process trains is not what it runs


def process_facts(training_s: float = 0.0, measuring_s: float = 0.0) -> dict[str, Any]:
    """Return what decides this process's bits, and its times; read last, when every library is loaded.

    Parameters
    ----------
    training_s, measuring_s
        Seconds that it trained and measured; all others are what the pipeline costs.
    """
    import numba
    import numpy as np
    from llvmlite import binding
    from threadpoolctl import threadpool_info

    blas = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    simd = np.show_config(mode="dicts")["SIMD Extensions"]
    return {
        "code_sha256": code_digest(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "cpu": cpu_model(),
        "blas": sorted(
            f"{pool['internal_api']} {pool['version']} {pool.get('architecture', '')}".strip() for pool in blas
        ),
        "simd": [*simd["baseline"], *simd.get("found", [])],
        "numba_target": numba.config.CPU_NAME or binding.get_host_cpu_name(),
        "threads": max((pool["num_threads"] for pool in blas), default=1),
        "started": _started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "core_seconds": round(time.process_time(), 2),
        "training_s": round(training_s, 3),
        "measuring_s": round(measuring_s, 3),
    }


def project_facts() -> dict[str, Any]:
    """Return commit, lock digests, versions and machine."""
    return {
        "commit": _git("rev-parse", "HEAD"),
        "commit_dirty": None if (status := _git("status", "--porcelain")) is None else bool(status),
        "locks": {name: sha256(Path(name).read_bytes()).hexdigest() for name in LOCKS if Path(name).is_file()},
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "machine": {
            "cpu": cpu_model(),
            "cores": os.cpu_count(),
            "system": platform.system(),
            "architecture": platform.machine(),
        },
    }


@cache
def cpu_model() -> str:
    """Return the processor's name as the system gives it."""
    if sys.platform == "linux":
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        return names[0] if names else platform.machine()
    if sys.platform == "darwin":
        return _output("sysctl", "-n", "machdep.cpu.brand_string") or platform.machine()
    return platform.processor() or platform.machine()


def _git(*arguments: str) -> str | None:
    # a folder without a repository of its own must not report the commit of one that happens to lie around it
    return _output("git", *arguments) if Path(".git").exists() else None


def _output(*command: str) -> str | None:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
