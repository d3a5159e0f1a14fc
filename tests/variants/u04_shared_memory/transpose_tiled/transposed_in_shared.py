# Transpone al guardar en la tesela.
import numpy as np
from numba import cuda

TILE = 32
PADDED = TILE + 1


@cuda.jit
def transpose_tiled(a, out):
    tile = cuda.shared.array((TILE, PADDED), np.float32)
    tx = cuda.threadIdx.x
    ty = cuda.threadIdx.y
    rows, cols = a.shape
    left, top = cuda.blockIdx.x * TILE, cuda.blockIdx.y * TILE
    if top + ty < rows:
        if left + tx < cols:
            tile[tx, ty] = a[top + ty, left + tx]
    cuda.syncthreads()
    if left + ty < cols and top + tx < rows:
        out[left + ty, top + tx] = tile[ty, tx]
