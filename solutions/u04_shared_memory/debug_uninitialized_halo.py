import numpy as np
from numba import cuda

BLOCK = 128
TILE = BLOCK + 2


@cuda.jit
def debug_uninitialized_halo(x, out):
    ### BEGIN SOLUTION
    tile = cuda.shared.array(TILE, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    zero = np.float32(0)
    tile[t + 1] = x[i] if i < x.size else zero
    if t == 0:
        tile[0] = x[i - 1] if i > 0 else zero
    if t == BLOCK - 1:
        tile[TILE - 1] = x[i + 1] if i + 1 < x.size else zero
    cuda.syncthreads()
    if i < x.size:
        out[i] = tile[t] + tile[t + 1] + tile[t + 2]
    ### END SOLUTION
