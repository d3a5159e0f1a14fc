# Sin ceros: el último paso suma solo los k que existen, y solo quien tiene casilla.
import numpy as np
from numba import cuda

ROWS, COLS, STEP = 16, 32, 32


@cuda.jit
def matmul_ragged(a, b, c):
    ta = cuda.shared.array((ROWS, STEP), np.float32)
    tb = cuda.shared.array((STEP, COLS), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    inside = row < c.shape[0] and col < c.shape[1]
    total = np.float32(0)
    for start in range(0, a.shape[1], STEP):
        left = min(STEP, a.shape[1] - start)
        if row < a.shape[0] and tx < left:
            ta[ty, tx] = a[row, start + tx]
        for y in range(ty, left, ROWS):
            if col < b.shape[1]:
                tb[y, tx] = b[start + y, col]
        cuda.syncthreads()
        if inside:
            for k in range(left):
                total += ta[ty, k] * tb[k, tx]
        cuda.syncthreads()
    if inside:
        c[row, col] = total
