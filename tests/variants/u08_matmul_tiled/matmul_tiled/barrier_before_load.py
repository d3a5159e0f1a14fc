# La segunda barrera, al principio de cada paso.
import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def matmul_tiled(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tb = cuda.shared.array((TILE, TILE), np.float32)
    tx = cuda.threadIdx.x
    ty = cuda.threadIdx.y
    row = cuda.blockIdx.y * TILE + ty
    col = cuda.blockIdx.x * TILE + tx
    total = np.float32(0)
    for step in range(a.shape[1] // TILE):
        cuda.syncthreads()
        ta[ty, tx] = a[row, step * TILE + tx]
        tb[ty, tx] = b[step * TILE + ty, col]
        cuda.syncthreads()
        for k in range(TILE):
            total += ta[ty, k] * tb[k, tx]
    c[row, col] = total
