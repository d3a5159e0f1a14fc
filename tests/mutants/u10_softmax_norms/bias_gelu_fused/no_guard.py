# expect: wrong_values, out_of_bounds
# Sin condición sobre las columnas que existen.
import math

import numpy as np
from numba import cuda

BLOCK = 128
INV_SQRT2 = np.float32(0.70710678)


@cuda.jit
def bias_gelu_fused(x, bias, out):
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    for start in range(0, x.shape[1], BLOCK):
        j = start + t
        v = x[r, j] + bias[j]
        out[r, j] = np.float32(0.5) * v * (np.float32(1) + math.erf(v * INV_SQRT2))
