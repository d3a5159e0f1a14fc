# expect: over_limit:global_load_requests
# Un solo hilo suma las 512 casillas.
import numpy as np
from numba import cuda

BLOCK = 256
FULL = 0xFFFFFFFF


@cuda.jit
def reduce_block(x, out):
    start = cuda.blockIdx.x * 2 * BLOCK
    if cuda.threadIdx.x == 0:
        value = np.float32(0)
        for i in range(start, min(start + 2 * BLOCK, x.size)):
            value += x[i]
        out[cuda.blockIdx.x] = value
