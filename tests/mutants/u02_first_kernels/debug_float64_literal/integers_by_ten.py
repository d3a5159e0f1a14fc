# expect: over_limit:double_operations
# Multiplica por enteros: un entero de 64 bits también ensancha.
import numpy as np
from numba import cuda


@cuda.jit
def debug_float64_literal(t, out):
    i = cuda.grid(1)
    if i < out.size:
        tenths = 25 + 147 * t[i] - 49 * t[i] * t[i]
        out[i] = np.float32(tenths) / np.float32(10)
