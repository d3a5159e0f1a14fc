# expect: over_limit:global_load_sectors
# Llena las teselas por columnas: los hilos vecinos leen filas distintas.
import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def matmul_tiled(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tb = cuda.shared.array((TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    left, top = col - tx, row - ty
    total = np.float32(0)
    for start in range(0, a.shape[1], TILE):
        ta[tx, ty] = a[top + tx, start + ty]
        tb[tx, ty] = b[start + tx, left + ty]
        cuda.syncthreads()
        for k in range(TILE):
            total += ta[ty, k] * tb[k, tx]
        cuda.syncthreads()
    c[row, col] = total
