# expect: over_limit:double_operations
# Cambia el exponente y deja los literales.
import numpy as np
from numba import cuda


@cuda.jit
def debug_float64_literal(t, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = 2.5 + 14.7 * t[i] - 4.9 * t[i] ** 2
