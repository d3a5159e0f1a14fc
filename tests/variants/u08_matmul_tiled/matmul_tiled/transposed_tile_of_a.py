# Guarda transpuesta la tesela de a, y suma cada paso por separado.
import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def matmul_tiled(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tb = cuda.shared.array((TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    total = np.float32(0)
    start = 0
    while start < b.shape[0]:
        ta[tx, ty] = a[row, start + tx]
        tb[ty, tx] = b[start + ty, col]
        cuda.syncthreads()
        part = np.float32(0)
        for k in range(TILE):
            part += ta[k, ty] * tb[k, tx]
        total += part
        start += TILE
        cuda.syncthreads()
    c[row, col] = total
