# Con expresiones condicionales y las guardas con nombre.
import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def matmul_ragged(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tb = cuda.shared.array((TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    m, inner = a.shape
    n = b.shape[1]
    zero = np.float32(0)
    total = zero
    for step in range((inner + TILE - 1) // TILE):
        k0 = step * TILE
        ta[ty, tx] = a[row, k0 + tx] if row < m and k0 + tx < inner else zero
        tb[ty, tx] = b[k0 + ty, col] if k0 + ty < inner and col < n else zero
        cuda.syncthreads()
        for k in range(TILE):
            total += ta[ty, k] * tb[k, tx]
        cuda.syncthreads()
    if row < m and col < n:
        c[row, col] = total
