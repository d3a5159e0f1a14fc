# expect: out_of_bounds
# Arregla los tipos y pierde la guarda.
import numpy as np
from numba import cuda


@cuda.jit
def debug_float64_literal(t, out):
    i = cuda.grid(1)
    out[i] = np.float32(2.5) + np.float32(14.7) * t[i] - np.float32(4.9) * t[i] * t[i]
