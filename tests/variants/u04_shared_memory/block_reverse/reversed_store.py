# Guarda al revés y lee en orden.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def block_reverse(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    first = i - t
    last = first + BLOCK
    if last > x.size:
        last = x.size
    if i < last:
        tile[last - 1 - i] = x[i]
    cuda.syncthreads()
    if i >= last:
        return
    out[i] = tile[t]
