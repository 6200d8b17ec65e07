"""What the benchmarks ran on: the processor, and what each engine really used of it.

.venv-peers/bin/python -m benchmarks.machine
"""

import os
import platform
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numba.core.registry import cpu_target
from threadpoolctl import threadpool_info

from benchmarks.files import LOAD_AT_START, RESULTS, save_json
from benchmarks.process import ISA, isolated

ENGINES = ("numpy", "numba", "llvmlite", "torch", "jax", "jaxlib")
# oneDNN says what it uses only on its standard output, at its first product
ASK_ONEDNN = "import torch; torch.nn.LSTM(1, 1)(torch.ones(1, 2, 1))"


def processor() -> dict[str, Any]:
    """Return model, vector instructions, cores and caches, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    text = info.read_text() if info.exists() else ""
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    flags = re.search(r"^flags\s*:\s*(.+)$", text, re.MULTILINE)
    known = set(flags[1].split()) if flags else set()
    caches = {}
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = ((index / name).read_text().strip() for name in ("level", "type", "size"))
        caches[f"L{level} {kind.lower()}"] = size
    return {
        "model": model[1] if model else platform.processor(),
        "vectors": [name for name in ("avx", "avx2", "fma", "avx512f", "avx512vl", "avx512_bf16") if name in known],
        "cores": os.cpu_count(),
        "caches": caches,
        "system": f"{platform.system()} {platform.machine()}",
        "libc": " ".join(platform.libc_ver()),
    }


def used() -> dict[str, str]:
    """Return what each library says it uses."""
    import torch

    blas = [lib for lib in threadpool_info() if lib["internal_api"] == "openblas"]
    codegen = cpu_target.target_context.codegen()
    features = codegen._get_host_cpu_features().split(",")
    simd = np.show_config("dicts")["SIMD Extensions"]["found"]
    switched_off = os.environ.get("NPY_DISABLE_CPU_FEATURES", "").split()
    environment = os.environ | {"ONEDNN_VERBOSE": "1"}
    said = subprocess.run([sys.executable, "-c", ASK_ONEDNN], env=environment, stdout=subprocess.PIPE, text=True).stdout
    onednn = re.search(r"cpu,isa:(.+)", said)
    return {
        "numpy": " ".join(name for name in simd if name not in switched_off),
        "openblas of numpy": ", ".join(f"{lib['version']} {lib['architecture']}" for lib in blas),
        "numba": f"{codegen._get_host_cpu_name()} {'with' if '+avx512f' in features else 'without'} AVX-512",
        "torch": torch.backends.cpu.get_cpu_capability(),
        "oneDNN of torch": onednn[1] if onednn else "unknown",
        "xla": os.environ["XLA_FLAGS"],
    }


def main() -> int:
    """Write the description."""
    description = {
        "isa": ISA,
        "load_at_start": LOAD_AT_START,
        "processor": processor(),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in ENGINES},
        "used": used(),
    }
    save_json(RESULTS / ISA / "machine.json", description)
    return 0


if __name__ == "__main__":
    sys.exit(isolated(main))
