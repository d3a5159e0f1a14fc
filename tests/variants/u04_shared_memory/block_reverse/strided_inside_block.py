# Con ciclos de zancada de bloque.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def block_reverse(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    start = cuda.blockIdx.x * cuda.blockDim.x
    m = x.size - start
    if m > BLOCK:
        m = BLOCK
    for j in range(cuda.threadIdx.x, m, cuda.blockDim.x):
        tile[j] = x[start + j]
    cuda.syncthreads()
    for j in range(cuda.threadIdx.x, m, cuda.blockDim.x):
        out[start + j] = tile[m - j - 1]
