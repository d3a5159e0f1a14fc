# Dos copias de la tesela: una barrera por paso.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def scan_block(x, out):
    tile = cuda.shared.array((2, BLOCK), np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    now, step = 0, 1
    tile[now, t] = x[i] if i < x.size else np.float32(0)
    cuda.syncthreads()
    while step < BLOCK:
        value = tile[now, t]
        if t + step < BLOCK:
            value += tile[now, t + step]
        tile[1 - now, t] = value
        cuda.syncthreads()
        now = 1 - now
        step *= 2
    if i < x.size:
        out[i] = np.float32(0) if t == BLOCK - 1 else tile[now, t + 1]
