# La segunda barrera, al principio de cada paso.
import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def matmul_tiled(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tb = cuda.shared.array((TILE, TILE), np.float32)
    tx = cuda.threadIdx.x
    ty = cuda.threadIdx.y
    top = cuda.blockIdx.y * TILE
    left = cuda.blockIdx.x * TILE
    total = np.float32(0)
    for step in range(b.shape[0] // TILE):
        cuda.syncthreads()
        ta[ty, tx] = a[step * TILE + ty, top + tx]
        tb[ty, tx] = b[step * TILE + ty, left + tx]
        cuda.syncthreads()
        for k in range(TILE):
            total += ta[k, ty] * tb[k, tx]
    c[top + ty, left + tx] = c[top + ty, left + tx] + total
