# expect: over_limit:double_operations
# Convierte las constantes y deja el exponente con punto.
import numpy as np
from numba import cuda


@cuda.jit
def debug_float64_literal(t, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = np.float32(2.5) + np.float32(14.7) * t[i] - np.float32(4.9) * t[i] ** 2.0
