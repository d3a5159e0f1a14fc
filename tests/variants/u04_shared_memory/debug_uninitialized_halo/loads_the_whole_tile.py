import numpy as np
from numba import cuda

BLOCK = 128
TILE = BLOCK + 2


@cuda.jit
def debug_uninitialized_halo(x, out):
    tile = cuda.shared.array(TILE, np.float32)
    t = cuda.threadIdx.x
    first = cuda.blockIdx.x * BLOCK - 1
    for k in range(t, TILE, BLOCK):
        j = first + k
        tile[k] = x[j] if 0 <= j < x.size else np.float32(0)
    cuda.syncthreads()
    i = cuda.grid(1)
    if i < x.size:
        out[i] = tile[t] + tile[t + 1] + tile[t + 2]
