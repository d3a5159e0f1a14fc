# Con expresiones condicionales, y las dos cargas de b escritas una por una.
import numpy as np
from numba import cuda

ROWS, COLS, STEP = 16, 32, 32


@cuda.jit
def matmul_ragged(a, b, c):
    ta = cuda.shared.array((ROWS, STEP), np.float32)
    tb = cuda.shared.array((STEP, COLS), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    m, inner = a.shape
    n = b.shape[1]
    zero = np.float32(0)
    total = zero
    for step in range((inner + STEP - 1) // STEP):
        k0 = step * STEP
        high, low = k0 + ty, k0 + ty + ROWS
        ta[ty, tx] = a[row, k0 + tx] if row < m and k0 + tx < inner else zero
        tb[ty, tx] = b[high, col] if high < inner and col < n else zero
        tb[ty + ROWS, tx] = b[low, col] if low < inner and col < n else zero
        cuda.syncthreads()
        for k in range(STEP):
            total += ta[ty, k] * tb[k, tx]
        cuda.syncthreads()
    if row < m and col < n:
        c[row, col] = total
