import numpy as np
from numba import cuda


@cuda.jit
def debug_float64_literal(t, out):
    i = cuda.grid(1)
    if i < out.size:
        x = t[i]
        out[i] = np.float32(2.5) + (np.float32(14.7) - np.float32(4.9) * x) * x
