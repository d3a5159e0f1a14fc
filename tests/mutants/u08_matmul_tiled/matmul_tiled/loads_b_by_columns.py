# expect: over_limit:global_load_sectors
# Llena la tesela de b por columnas: los hilos vecinos leen filas distintas.
import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def matmul_tiled(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tb = cuda.shared.array((TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    left = cuda.blockIdx.x * TILE
    top = cuda.blockIdx.y * TILE
    total = np.float32(0)
    for start in range(0, a.shape[0], TILE):
        ta[ty, tx] = a[start + ty, top + tx]
        tb[tx, ty] = b[start + tx, left + ty]
        cuda.syncthreads()
        for k in range(TILE):
            total += ta[k, ty] * tb[k, tx]
        cuda.syncthreads()
    c[row, col] += total
