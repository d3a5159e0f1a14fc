# expect: over_limit:double_operations
# El acumulador empieza en 0.0 y la suma va en float64.
import numpy as np
from numba import cuda

TILE = 32
PADDED = TILE + 1


@cuda.jit
def matmul_transposed_b(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tb = cuda.shared.array((TILE, PADDED), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    n = cuda.blockIdx.x * TILE + ty
    total = 0.0
    for start in range(0, a.shape[1], TILE):
        ta[ty, tx] = np.float32(0)
        tb[ty, tx] = np.float32(0)
        if row < a.shape[0] and start + tx < a.shape[1]:
            ta[ty, tx] = a[row, start + tx]
        if n < b.shape[0] and start + tx < b.shape[1]:
            tb[ty, tx] = b[n, start + tx]
        cuda.syncthreads()
        for k in range(TILE):
            total += ta[ty, k] * tb[tx, k]
        cuda.syncthreads()
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = total
