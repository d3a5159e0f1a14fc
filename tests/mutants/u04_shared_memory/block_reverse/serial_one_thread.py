# expect: over_limit:global_load_requests, over_limit:global_store_requests
# Un solo hilo por bloque hace todo el trabajo.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def block_reverse(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * BLOCK
    m = min(BLOCK, x.size - start)
    if t == 0:
        for j in range(m):
            tile[j] = x[start + j]
    cuda.syncthreads()
    if t == 0:
        for j in range(m):
            out[start + j] = tile[m - 1 - j]
