# expect: wrong_values
# Usa la aproximación con tanh.
import math

import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def bias_gelu_fused(x, bias, out):
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    for j in range(t, x.shape[1], BLOCK):
        v = x[r, j] + bias[j]
        inner = np.float32(0.7978846) * (v + np.float32(0.044715) * v * v * v)
        out[r, j] = np.float32(0.5) * v * (np.float32(1) + math.tanh(inner))
