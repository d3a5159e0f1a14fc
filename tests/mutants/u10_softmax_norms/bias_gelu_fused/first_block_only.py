# expect: unwritten_output
# Cada hilo atiende una sola columna: faltan las que pasan de 128.
import math

import numpy as np
from numba import cuda

INV_SQRT2 = np.float32(0.70710678)


@cuda.jit
def bias_gelu_fused(x, bias, out):
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    if t < x.shape[1]:
        v = x[r, t] + bias[t]
        out[r, t] = np.float32(0.5) * v * (np.float32(1) + math.erf(v * INV_SQRT2))
