# expect: over_limit:global_load_sectors, over_limit:global_store_sectors
# Cada hilo toma columnas seguidas: los vecinos quedan lejos.
import math

import numpy as np
from numba import cuda

BLOCK = 128
INV_SQRT2 = np.float32(0.70710678)


@cuda.jit
def bias_gelu_fused(x, bias, out):
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    chunk = (x.shape[1] + BLOCK - 1) // BLOCK
    for j in range(t * chunk, min((t + 1) * chunk, x.shape[1])):
        v = x[r, j] + bias[j]
        out[r, j] = np.float32(0.5) * v * (np.float32(1) + math.erf(v * INV_SQRT2))
