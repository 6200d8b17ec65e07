"""The steps of the pipeline: one module a step, each a command of its own (``python -m workflow.steps.<name> --help``).

Importing this package pins what decides the bits of a result, before NumPy is imported: one thread a process and, with
``--portable`` among the arguments, the kernels that every x86-64 machine since 2013 has. It also ties the process to
the run that started it, before anything that takes time.
"""

import os
import sys

from workflow.lock import end_with_run

ONE_THREAD = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
)
PORTABLE = {
    "OPENBLAS_CORETYPE": "Haswell",
    "NUMBA_CPU_NAME": "haswell",
    "NUMBA_CPU_FEATURES": "",  # those of the named CPU; without it Numba adds the host's
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
}

os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
if "--portable" in sys.argv:
    os.environ.update(PORTABLE)
end_with_run()
