"""What the float32 kernels are written in: how they are compiled, tanh and sigmoid.

Literals are float32 constants; a plain ``0.5`` would widen a loop to float64. Only contraction (fused multiply-add) is
allowed to the compiler: NaN and the order of sums stay as written, so a diverging run is seen and bits depend on the
CPU type alone.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Lengths = NDArray[np.int64]

kernel = njit(cache=True, fastmath={"contract"}, error_model="numpy")
inline = njit(cache=True, fastmath={"contract"}, error_model="numpy", inline="always")

ZERO, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)

# tanh as a rational function of degree 13 over 6 on [-7.905, 7.905] (coefficients of the Eigen library's float
# version): largest error against float64 3.1e-7, absolute and relative, measured in tests/rnn/cells/test_kernels.py, on
# a CPU with fused multiply-add. The sigmoid's bound, 1.7e-7, is absolute: a shut gate is relatively less exact.
_LIMIT = np.float32(7.90531110763549805)
_A1, _A3, _A5, _A7 = (
    np.float32(a) for a in (4.89352455891786e-3, 6.37261928875436e-4, 1.48572235717979e-5, 5.12229709037114e-8)
)
_A9, _A11, _A13 = (np.float32(a) for a in (-8.60467152213735e-11, 2.00018790482477e-13, -2.76076847742355e-16))
_B0, _B2, _B4, _B6 = (
    np.float32(b) for b in (4.89352518554385e-3, 2.26843463243900e-3, 1.18534705686654e-4, 1.19825839466702e-6)
)


@inline
def tanh(x: np.float32) -> np.float32:
    """tanh(x), or NaN."""
    x = _LIMIT if x > _LIMIT else x  # written so that NaN passes through
    x = -_LIMIT if x < -_LIMIT else x
    q = x * x
    return (
        x
        * (_A1 + q * (_A3 + q * (_A5 + q * (_A7 + q * (_A9 + q * (_A11 + q * _A13))))))
        / (_B0 + q * (_B2 + q * (_B4 + q * _B6)))
    )


@inline
def sigmoid(x: np.float32) -> np.float32:
    """1 / (1 + exp(-x)), or NaN."""
    return HALF + HALF * tanh(HALF * x)
