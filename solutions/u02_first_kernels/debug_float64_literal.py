import numpy as np
from numba import cuda


@cuda.jit
def debug_float64_literal(t, out):
    ### BEGIN SOLUTION
    i = cuda.grid(1)
    if i < out.size:
        start = np.float32(2.5)
        speed = np.float32(14.7)
        half = np.float32(4.9)
        out[i] = start + speed * t[i] - half * t[i] * t[i]
    ### END SOLUTION
