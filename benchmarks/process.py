"""One thread on one core, memory that is kept, and the vector instructions that were asked for.

``ISA=avx2`` holds every engine to AVX2 and FMA; without it each picks what the machine has. Either way the block sizes
of OpenBLAS are its own, whatever the shell has set.
"""

import os
import sys
from collections.abc import Callable

ISA = os.environ.get("ISA", "native")
ISOLATED = "BENCHMARK_ISOLATED"

THREADS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
# By default glibc gives large freed arrays back to the system and takes them again, page by page, at every step: half
# of torch.nn's time for an LSTM at T = 1000, or none of it, as it happens. Peers are to be at their best.
KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(4 << 30), "MALLOC_TRIM_THRESHOLD_": str(64 << 30)}
# Numba needs the features besides the name: without them it keeps those of the machine.
AVX2 = {
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",  # heeded by Intel's processors alone
    "NUMBA_CPU_NAME": "haswell",
    "NUMBA_CPU_FEATURES": "+avx,+avx2,+fma,+bmi,+bmi2,+f16c,+lzcnt,+movbe,+popcnt",
    "XLA_FLAGS": THREADS["XLA_FLAGS"] + " --xla_cpu_max_isa=AVX2",
}
CHOSEN_BY_ENGINES = {"OPENBLAS_L2_SIZE", *AVX2}


def environment(isa: str, shell: dict[str, str]) -> dict[str, str]:
    """Return the environment of a benchmark, from that of the shell.

    Raises
    ------
    SystemExit
        Such a set of instructions is not known.
    """
    if isa not in ("native", "avx2"):
        raise SystemExit(f"ISA={isa} is not known: leave it out, or say ISA=avx2.")
    kept = {name: value for name, value in shell.items() if name not in CHOSEN_BY_ENGINES}
    return kept | THREADS | KEPT_MEMORY | (AVX2 if isa == "avx2" else {}) | {ISOLATED: "1"}


def isolated(main: Callable[[], int]) -> int:
    """Run a script's ``main`` on the last of its cores, in a new process where the environment is not yet its own.

    Libraries read the environment when they are imported, so it must stand before anything else.
    """
    if ISOLATED not in os.environ:
        script = sys.modules["__main__"].__spec__.name
        command = [sys.executable, "-m", script, *sys.argv[1:]]
        os.execve(sys.executable, command, environment(ISA, dict(os.environ)))
    if hasattr(os, "sched_setaffinity"):  # not on macOS
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return main()
