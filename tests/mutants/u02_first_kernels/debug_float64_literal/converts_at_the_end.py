# expect: over_limit:double_operations
# Convierte el resultado, cuando la cuenta ya se hizo en 64 bits.
import numpy as np
from numba import cuda


@cuda.jit
def debug_float64_literal(t, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = np.float32(2.5 + 14.7 * t[i] - 4.9 * t[i] * t[i])
