# Reparte la tesela de b por el número de hilo en el bloque.
import numpy as np
from numba import cuda

ROWS, COLS, STEP = 16, 32, 32


@cuda.jit
def matmul_ragged(a, b, c):
    ta = cuda.shared.array((ROWS, STEP), np.float32)
    tb = cuda.shared.array((STEP, COLS), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    left = cuda.blockIdx.x * COLS
    total = np.float32(0)
    for start in range(0, a.shape[1], STEP):
        ta[ty, tx] = np.float32(0)
        if row < a.shape[0] and start + tx < a.shape[1]:
            ta[ty, tx] = a[row, start + tx]
        for i in range(ty * COLS + tx, STEP * COLS, ROWS * COLS):
            y, x = i // COLS, i % COLS
            tb[y, x] = np.float32(0)
            if start + y < b.shape[0] and left + x < b.shape[1]:
                tb[y, x] = b[start + y, left + x]
        cuda.syncthreads()
        for k in range(STEP):
            total += ta[ty, k] * tb[k, tx]
        cuda.syncthreads()
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = total
