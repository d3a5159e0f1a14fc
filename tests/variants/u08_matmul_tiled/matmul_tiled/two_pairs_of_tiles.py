# Dos pares de teselas que se alternan: basta una barrera por paso.
import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def matmul_tiled(a, b, c):
    ta = cuda.shared.array((2, TILE, TILE), np.float32)
    tb = cuda.shared.array((2, TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    total = np.float32(0)
    side = 0
    for start in range(0, a.shape[0], TILE):
        ta[side, ty, tx] = a[start + ty, row - ty + tx]
        tb[side, ty, tx] = b[start + ty, col]
        cuda.syncthreads()
        for k in range(TILE):
            total += ta[side, k, ty] * tb[side, k, tx]
        side = 1 - side
    c[row, col] += total
