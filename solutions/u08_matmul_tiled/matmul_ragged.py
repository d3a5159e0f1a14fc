import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def matmul_ragged(a, b, c):
    ### BEGIN SOLUTION
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tb = cuda.shared.array((TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    total = np.float32(0)
    for start in range(0, a.shape[1], TILE):
        ta[ty, tx] = np.float32(0)
        tb[ty, tx] = np.float32(0)
        if row < a.shape[0] and start + tx < a.shape[1]:
            ta[ty, tx] = a[row, start + tx]
        if start + ty < b.shape[0] and col < b.shape[1]:
            tb[ty, tx] = b[start + ty, col]
        cuda.syncthreads()
        for k in range(TILE):
            total += ta[ty, k] * tb[k, tx]
        cuda.syncthreads()
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = total
    ### END SOLUTION
