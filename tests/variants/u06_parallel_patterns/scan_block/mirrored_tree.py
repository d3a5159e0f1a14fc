# Guarda el segmento al revés y hace la suma exclusiva de un árbol que sube y baja.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def scan_block(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    back = BLOCK - 1 - t
    tile[back] = x[i] if i < x.size else np.float32(0)
    cuda.syncthreads()
    step = 1
    while step < BLOCK:
        if (t + 1) % (2 * step) == 0:
            tile[t] += tile[t - step]
        cuda.syncthreads()
        step *= 2
    if t == BLOCK - 1:
        tile[t] = np.float32(0)
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if (t + 1) % (2 * step) == 0:
            left = tile[t - step]
            tile[t - step] = tile[t]
            tile[t] += left
        cuda.syncthreads()
        step //= 2
    if i < x.size:
        out[i] = tile[back]
