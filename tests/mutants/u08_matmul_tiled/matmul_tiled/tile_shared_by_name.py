# expect: wrong_values
# Usa una sola tesela para las dos matrices.
import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def matmul_tiled(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    total = np.float32(0)
    for start in range(0, a.shape[1], TILE):
        ta[ty, tx] = a[row, start + tx]
        ta[ty, tx] = b[start + ty, col]
        cuda.syncthreads()
        for k in range(TILE):
            total += ta[ty, k] * ta[k, tx]
        cuda.syncthreads()
    c[row, col] = total
