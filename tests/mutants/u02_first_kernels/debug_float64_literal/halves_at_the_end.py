# expect: over_limit:double_operations
# Suma y multiplica en 32 bits, y divide entre un entero: esa división es float64.
import numpy as np
from numba import cuda


@cuda.jit
def debug_float64_literal(t, out):
    i = cuda.grid(1)
    if i < out.size:
        twice = np.float32(5.0) + np.float32(29.4) * t[i] - np.float32(9.8) * t[i] * t[i]
        out[i] = twice / 2
