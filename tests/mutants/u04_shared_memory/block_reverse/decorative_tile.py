# expect: unused_shared
# Lee x al revés de la memoria global y suma un cero que pasó por la tesela.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def block_reverse(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * BLOCK
    m = min(BLOCK, x.size - start)
    tile[t] = np.float32(0)
    cuda.syncthreads()
    if t < m:
        out[start + t] = x[start + m - 1 - t] + tile[t]
