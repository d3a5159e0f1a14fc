# expect: wrong_values
# En lugar de cero, repite el último elemento que existe.
import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def matmul_ragged(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tb = cuda.shared.array((TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    r, s = min(row, c.shape[0] - 1), min(col, c.shape[1] - 1)
    total = np.float32(0)
    for start in range(0, a.shape[1], TILE):
        ta[ty, tx] = a[r, min(start + tx, a.shape[1] - 1)]
        tb[ty, tx] = b[min(start + ty, b.shape[0] - 1), s]
        cuda.syncthreads()
        for k in range(TILE):
            total += ta[ty, k] * tb[k, tx]
        cuda.syncthreads()
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = total
