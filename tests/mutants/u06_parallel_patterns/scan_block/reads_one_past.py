# expect: wrong_values
# La comparación estricta deja fuera la casilla 0.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def scan_block(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    tile[t] = x[i] if i < x.size else np.float32(0)
    cuda.syncthreads()
    step = 1
    while step < BLOCK:
        left = np.float32(0)
        if t > step:
            left = tile[t - step]
        cuda.syncthreads()
        tile[t] += left
        cuda.syncthreads()
        step *= 2
    if i < x.size:
        out[i] = tile[t]
