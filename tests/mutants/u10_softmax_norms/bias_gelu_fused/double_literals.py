# expect: over_limit:double_operations
# Los literales 0.5 y 1.0 llevan la cuenta a float64.
import math

import numpy as np
from numba import cuda

BLOCK = 128
INV_SQRT2 = np.float32(0.70710678)


@cuda.jit
def bias_gelu_fused(x, bias, out):
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    for j in range(t, x.shape[1], BLOCK):
        v = x[r, j] + bias[j]
        out[r, j] = 0.5 * v * (1.0 + math.erf(v * INV_SQRT2))
