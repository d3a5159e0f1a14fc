# La segunda barrera, al principio de cada vuelta.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def debug_missing_barrier(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * BLOCK
    while start < x.size:
        cuda.syncthreads()
        tile[t] = x[start + t]
        cuda.syncthreads()
        out[start + t] = tile[t] - tile[BLOCK - 1 - t]
        start += cuda.gridDim.x * BLOCK
