# Los hilos que suman quedan dispersos: correcto, aunque con divergencia.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def debug_divergent_barrier(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    tile[t] = 0.0
    if i < x.size:
        tile[t] = x[i]
    cuda.syncthreads()
    step = 1
    while step < BLOCK:
        if t % (2 * step) == 0:
            tile[t] += tile[t + step]
        cuda.syncthreads()
        step *= 2
    if t == 0:
        out[cuda.blockIdx.x] = tile[0]
