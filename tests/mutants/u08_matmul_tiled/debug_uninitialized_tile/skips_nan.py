# expect: wrong_values, uninitialized
# Se salta los productos que dan NaN: también los que debían darlo o ser infinitos.
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
        if start + ty < b.shape[0] and col < b.shape[1]:
            tb[ty, tx] = b[start + ty, col]
        cuda.syncthreads()
        for k in range(TILE):
            if abs(tb[k, tx]) < np.float32(1e30):
                total += ta[ty, k] * tb[k, tx]
        cuda.syncthreads()
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = total
