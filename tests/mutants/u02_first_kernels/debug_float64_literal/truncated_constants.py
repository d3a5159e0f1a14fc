# expect: wrong_values
# Convierte las constantes a enteros y pierde los decimales.
import numpy as np
from numba import cuda


@cuda.jit
def debug_float64_literal(t, out):
    i = cuda.grid(1)
    if i < out.size:
        speed = np.float32(int(14.7))
        half = np.float32(int(4.9))
        out[i] = np.float32(int(2.5)) + speed * t[i] - half * t[i] * t[i]
