"""What the shell has set does not reach the engines."""

import pytest

from benchmarks.process import AVX2, KEPT_MEMORY, environment

SHELL = {"PATH": "/bin", "OPENBLAS_CORETYPE": "Zen", "OPENBLAS_L2_SIZE": "64", "OMP_NUM_THREADS": "8", "XLA_FLAGS": "x"}


def test_engines_choose_for_themselves_with_one_thread():
    found = environment("native", SHELL)
    assert found["PATH"] == "/bin"
    assert found["OMP_NUM_THREADS"] == "1"
    assert "OPENBLAS_CORETYPE" not in found
    assert "OPENBLAS_L2_SIZE" not in found
    assert "max_isa" not in found["XLA_FLAGS"]
    assert KEPT_MEMORY.items() <= found.items()


def test_avx2_is_set_for_every_engine():
    assert AVX2.items() <= environment("avx2", SHELL).items()
    assert "intra_op_parallelism_threads=1" in AVX2["XLA_FLAGS"]


def test_unknown_instructions_are_refused():
    with pytest.raises(SystemExit, match="ISA=sse is not known"):
        environment("sse", SHELL)
