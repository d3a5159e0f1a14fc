# expect: over_limit:double_operations
# El acumulador empieza en 0.0 y la suma va en float64.
import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def matmul_tiled(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tb = cuda.shared.array((TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    top = cuda.blockIdx.y * TILE
    total = 0.0
    for start in range(0, a.shape[0], TILE):
        ta[ty, tx] = a[start + ty, top + tx]
        tb[ty, tx] = b[start + ty, col]
        cuda.syncthreads()
        for k in range(TILE):
            total += ta[k, ty] * tb[k, tx]
        cuda.syncthreads()
    c[row, col] += total
