# expect: wrong_values, out_of_bounds
# Quita la guarda: lee lo que haya después de b.
import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def debug_uninitialized_tile(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tb = cuda.shared.array((TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    total = np.float32(0)
    for start in range(0, a.shape[1], TILE):
        ta[ty, tx] = np.float32(0)
        if row < a.shape[0] and start + tx < a.shape[1]:
            ta[ty, tx] = a[row, start + tx]
        tb[ty, tx] = b[start + ty, col]
        cuda.syncthreads()
        for k in range(TILE):
            total += ta[ty, k] * tb[k, tx]
        cuda.syncthreads()
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = total
