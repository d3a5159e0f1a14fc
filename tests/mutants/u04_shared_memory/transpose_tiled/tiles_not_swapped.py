# expect: wrong_values, out_of_bounds, uninitialized
# Transpone dentro de cada tesela, pero no cambia la tesela de lugar.
import numpy as np
from numba import cuda

TILE = 32
PADDED = TILE + 1


@cuda.jit
def transpose_tiled(a, out):
    tile = cuda.shared.array((TILE, PADDED), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    c, f = cuda.grid(2)
    if f < a.shape[0] and c < a.shape[1]:
        tile[ty, tx] = a[f, c]
    cuda.syncthreads()
    row = cuda.blockIdx.y * TILE + ty
    col = cuda.blockIdx.x * TILE + tx
    if tx < a.shape[0] and ty < a.shape[1]:
        out[row, col] = tile[tx, ty]
