# expect: over_limit:global_load_sectors
# Solo a pasa por la tesela; b se lee de la memoria global en cada producto.
import numpy as np
from numba import cuda

TILE = 32
PADDED = TILE + 1


@cuda.jit
def matmul_transposed_b(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    total = np.float32(0)
    for start in range(0, a.shape[1], TILE):
        ta[ty, tx] = np.float32(0)
        if row < a.shape[0] and start + tx < a.shape[1]:
            ta[ty, tx] = a[row, start + tx]
        cuda.syncthreads()
        if col < c.shape[1]:
            for k in range(min(TILE, a.shape[1] - start)):
                total += ta[ty, k] * b[col, start + k]
        cuda.syncthreads()
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = total
