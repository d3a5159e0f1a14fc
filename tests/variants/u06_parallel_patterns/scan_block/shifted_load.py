# Carga cada elemento una casilla antes, y así la suma ya no lo incluye.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def scan_block(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    value = x[i] if i < x.size else np.float32(0)
    if t > 0:
        tile[t - 1] = value
    else:
        tile[BLOCK - 1] = np.float32(0)
    cuda.syncthreads()
    step = 1
    while step < BLOCK:
        right = tile[t + step] if t + step < BLOCK else np.float32(0)
        cuda.syncthreads()
        tile[t] += right
        cuda.syncthreads()
        step *= 2
    if i < x.size:
        out[i] = tile[t]
