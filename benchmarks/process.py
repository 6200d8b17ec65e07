"""One thread on one core, and the vector instructions that were asked for: import this before NumPy and the peers.

``ISA=avx2`` holds every engine to AVX2 and FMA; without it each picks what the machine has. Either way the block sizes
of OpenBLAS are its own, whatever the shell has set.
"""

import os

THREADS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
}
ONE_THREAD_XLA = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
# Numba needs the features besides the name: without them it keeps those of the machine.
AVX2 = {
    "OPENBLAS_CORETYPE": "Haswell",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "NUMBA_CPU_NAME": "haswell",
    "NUMBA_CPU_FEATURES": "+avx,+avx2,+fma,+bmi,+bmi2,+f16c,+lzcnt,+movbe,+popcnt",
}
CHOSEN_BY_ENGINES = ("OPENBLAS_L2_SIZE", *AVX2)

ISA = os.environ.get("ISA", "native")


def isolate(isa: str = ISA) -> None:
    """Set the environment of the engines and pin this process to the last of its cores."""
    if isa not in ("native", "avx2"):
        raise SystemExit(f"ISA={isa} is not known: leave it out, or say ISA=avx2.")
    for name in CHOSEN_BY_ENGINES:
        os.environ.pop(name, None)
    os.environ.update(THREADS)
    os.environ["XLA_FLAGS"] = ONE_THREAD_XLA
    if isa == "avx2":
        os.environ.update(AVX2)
        os.environ["XLA_FLAGS"] += " --xla_cpu_max_isa=AVX2"
    if hasattr(os, "sched_setaffinity"):  # not on macOS
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


isolate()
