# Suma con distancias crecientes: otra forma de ir por mitades.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def debug_divergent_barrier(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    if i < x.size:
        tile[t] = x[i]
    else:
        tile[t] = 0.0
    cuda.syncthreads()
    step = 1
    while step < BLOCK:
        k = 2 * step * t
        if k < BLOCK:
            tile[k] += tile[k + step]
        cuda.syncthreads()
        step *= 2
    if t == 0:
        out[cuda.blockIdx.x] = tile[0]
