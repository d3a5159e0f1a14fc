import numpy as np
from numba import cuda

START = np.float32(2.5)
SPEED = np.float32(14.7)
HALF = np.float32(4.9)


@cuda.jit
def debug_float64_literal(t, out):
    i = cuda.grid(1)
    if i < out.size:
        x = t[i]
        out[i] = START + SPEED * x - HALF * x**2
