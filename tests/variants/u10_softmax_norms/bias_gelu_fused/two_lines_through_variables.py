# Paso a paso, con una variable por resultado y una guarda.
import math

import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def bias_gelu_fused(x, bias, out):
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    half, one = np.float32(0.5), np.float32(1)
    for start in range(0, x.shape[1], BLOCK):
        j = start + t
        if j < x.shape[1]:
            shifted = x[r, j] + bias[j]
            below = half * (one + math.erf(shifted / np.float32(1.4142135)))
            out[r, j] = shifted * below
