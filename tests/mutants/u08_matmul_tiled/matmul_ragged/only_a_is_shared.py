# expect: over_limit:global_load_sectors
# Lee b de la memoria global en cada producto.
import numpy as np
from numba import cuda

ROWS, COLS, STEP = 16, 32, 32


@cuda.jit
def matmul_ragged(a, b, c):
    ta = cuda.shared.array((ROWS, STEP), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    total = np.float32(0)
    for start in range(0, a.shape[1], STEP):
        ta[ty, tx] = np.float32(0)
        if row < a.shape[0] and start + tx < a.shape[1]:
            ta[ty, tx] = a[row, start + tx]
        cuda.syncthreads()
        if col < c.shape[1]:
            for k in range(min(STEP, a.shape[1] - start)):
                total += ta[ty, k] * b[start + k, col]
        cuda.syncthreads()
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = total
