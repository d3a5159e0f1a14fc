# Dos teselas que se alternan: una sola barrera por vuelta basta.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def debug_missing_barrier(x, out):
    tiles = cuda.shared.array((2, BLOCK), np.float32)
    t = cuda.threadIdx.x
    side = 0
    for start in range(cuda.blockIdx.x * BLOCK, x.size, cuda.gridDim.x * BLOCK):
        tiles[side, t] = x[start + t]
        cuda.syncthreads()
        out[start + t] = tiles[side, t] - tiles[side, BLOCK - 1 - t]
        side = 1 - side
