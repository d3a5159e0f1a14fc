# expect: over_limit:double_operations
# El acumulador empieza en 0.0 y la suma va en float64.
import numpy as np
from numba import cuda

ROWS, COLS, STEP = 16, 32, 32


@cuda.jit
def matmul_ragged(a, b, c):
    ta = cuda.shared.array((ROWS, STEP), np.float32)
    tb = cuda.shared.array((STEP, COLS), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    total = 0.0
    for start in range(0, a.shape[1], STEP):
        ta[ty, tx] = np.float32(0)
        if row < a.shape[0] and start + tx < a.shape[1]:
            ta[ty, tx] = a[row, start + tx]
        for y in range(ty, STEP, ROWS):
            tb[y, tx] = np.float32(0)
            if start + y < b.shape[0] and col < b.shape[1]:
                tb[y, tx] = b[start + y, col]
        cuda.syncthreads()
        for k in range(STEP):
            total += ta[ty, k] * tb[k, tx]
        cuda.syncthreads()
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = total
