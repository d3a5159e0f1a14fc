# expect: wrong_values, uninitialized
# Lee una casilla más allá.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def block_reverse(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * BLOCK
    m = min(BLOCK, x.size - start)
    if t < m:
        tile[t] = x[start + t]
    cuda.syncthreads()
    if t < m:
        out[start + t] = tile[m - t]
